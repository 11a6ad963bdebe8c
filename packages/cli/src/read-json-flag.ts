import { GovernanceError, type JsonObject, type JsonValue } from '@preceptor/client'
import { type CommandCall, textOf } from './command.ts'

/**
 * The JSON of a flag; undefined where it is not given.
 *
 * @throws GovernanceError `OPTION_INVALID`
 */
export function jsonOf(call: Pick<CommandCall, 'flags'>, name: string): JsonValue | undefined {
  const text = textOf(call, name)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    throw new GovernanceError('OPTION_INVALID', {
      message: `Option --${name}: ${JSON.stringify(text.slice(0, 40))} is no JSON.`,
      hint: `Write JSON, a text in quotes: --${name} '"a text"'.`,
    })
  }
}

/** The same of a flag that takes an object. @throws GovernanceError `OPTION_INVALID` */
export function jsonObjectOf(call: Pick<CommandCall, 'flags'>, name: string): JsonObject | undefined {
  const value = jsonOf(call, name)
  if (value === undefined) return undefined
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  throw new GovernanceError('OPTION_INVALID', { message: `Option --${name}: it is a JSON object.` })
}
