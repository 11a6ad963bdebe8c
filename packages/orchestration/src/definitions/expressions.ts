import type { JsonValue } from '@preceptor/client'
import { type CompiledExpression, compileExpression } from '@preceptor/core/plugin'
import type { WorkflowValue } from '../client/workflow-definition.ts'

/** What an expression of a workflow can name. */
const WORKFLOW_VARIABLES = ['input', 'steps', 'failures', 'run'] as const

const MOST_KEPT = 1_000
const kept = new Map<string, CompiledExpression>()

/**
 * Compiles an expression of a workflow; those that were used last are kept.
 *
 * @throws GovernanceError `CONDITION_INVALID`
 */
export function workflowExpression(source: string): CompiledExpression {
  const known = kept.get(source)
  const compiled = known ?? compileExpression(source, { variables: WORKFLOW_VARIABLES })
  kept.delete(source)
  kept.set(source, compiled)
  if (kept.size > MOST_KEPT) for (const oldest of [...kept.keys()].slice(0, kept.size - MOST_KEPT)) kept.delete(oldest)
  return compiled
}

/** The source of `{ "$cel": "…" }`; undefined for any other value. */
export function expressionIn(value: WorkflowValue): string | undefined {
  return onlyText(value, '$cel')
}

/** A secret by its name, with what stands before it in a header. */
export interface SecretReference {
  readonly $secret: string
  readonly prefix?: string
}

/** `{ "$secret": "…" }`, also with a `prefix`; undefined for any other value. */
export function secretIn(value: WorkflowValue): SecretReference | undefined {
  if (!isObject(value) || !Object.hasOwn(value, '$secret')) return undefined
  const { $secret, prefix = '', ...rest } = value
  if (typeof $secret !== 'string' || typeof prefix !== 'string' || Object.keys(rest).length > 0) return undefined
  return { $secret, ...(Object.hasOwn(value, 'prefix') && { prefix }) }
}

/** Whether a value is an object; lists are none. */
export function isObject(value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function onlyText(value: WorkflowValue, key: string): string | undefined {
  if (!isObject(value) || !Object.hasOwn(value, key) || Object.keys(value).length !== 1) return undefined
  const text = value[key]
  return typeof text === 'string' ? text : undefined
}
