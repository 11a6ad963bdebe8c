import { GovernanceError } from '@preceptor/client'
import type { z } from 'zod'

const MOST_PROBLEMS = 10

/**
 * Parses what came from outside. The message names the fields and never shows their values, which may be secrets.
 *
 * @throws GovernanceError `INPUT_INVALID`
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown, name: string): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.slice(0, MOST_PROBLEMS).map((issue) => describe(issue, name))
  const more = result.error.issues.length - problems.length
  throw new GovernanceError('INPUT_INVALID', {
    message: `${problems.join(' ')}${more > 0 ? ` And ${more} more.` : ''}`,
    details: { fields: result.error.issues.slice(0, MOST_PROBLEMS).map((issue) => fieldOf(issue.path)) },
  })
}

function describe(issue: z.core.$ZodIssue, name: string): string {
  const field = fieldOf(issue.path)
  const where = field === '' ? name : `${name}.${field}`
  if (issue.code !== 'unrecognized_keys') return `${where}: ${issue.message}.`
  const keys = issue.keys.slice(0, 5).map((key) => JSON.stringify(key.slice(0, 40)))
  return `${where}: unknown ${issue.keys.length === 1 ? 'key' : 'keys'} ${keys.join(', ')}.`
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.map((key) => String(key).slice(0, 40)).join('.')
}
