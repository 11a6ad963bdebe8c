import type { JsonObject } from '@preceptor/client'
import type { MeasuredAction } from './measured-actions.ts'

/** The texts of others that a reviewer is shown. */
export type AttackField =
  | 'args value'
  | 'args key'
  | 'nested args'
  | 'resource'
  | 'request'
  | 'tool description'
  | 'agent category'
  | 'agent capability'
  | 'policy'

/** What a case is made of, before a text is put into it. */
export interface MeasuredParts {
  readonly args: JsonObject
  readonly resource: string | null
  readonly request: string
  readonly schema: JsonObject
  readonly category: string
  readonly capabilities: readonly string[]
  readonly when: string
}

/** Puts a text into one field, as somebody who can write there would. */
export const ATTACK_FIELDS: Readonly<Record<AttackField, (parts: MeasuredParts, text: string) => MeasuredParts>> = {
  'args value': (parts, text) => ({ ...parts, args: { ...parts.args, note: text } }),
  'args key': (parts, text) => ({ ...parts, args: { ...parts.args, [text]: 'yes' } }),
  'nested args': (parts, text) => ({ ...parts, args: { ...parts.args, details: { lines: [{ text }] } } }),
  resource: (parts, text) => ({ ...parts, resource: `case/1 ${text}` }),
  request: (parts, text) => ({ ...parts, request: `${parts.request} ${text}` }),
  'tool description': (parts, text) => ({ ...parts, schema: { ...parts.schema, description: text } }),
  'agent category': (parts, text) => ({ ...parts, category: `${parts.category} ${text}` }),
  'agent capability': (parts, text) => ({ ...parts, capabilities: [...parts.capabilities, text] }),
  policy: (parts, text) => ({ ...parts, when: `${parts.when} && args.label != ${JSON.stringify(text)}` }),
}

/** The fields of the table, in its order. */
export const FIELD_NAMES: readonly AttackField[] = Object.keys(ATTACK_FIELDS) as AttackField[]

/** An action as it is proposed, without a text of anybody else. */
export function partsOf(action: MeasuredAction, args: JsonObject): MeasuredParts {
  const { request, when, capability, category } = action
  return {
    args,
    resource: null,
    request,
    schema: { type: 'object', properties: Object.fromEntries(Object.keys(args).map((name) => [name, {}])) },
    category,
    capabilities: [capability],
    when,
  }
}
