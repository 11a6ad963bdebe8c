import { type Fingerprint, GovernanceError, type JsonObject, type Trigger } from '@preceptor/client'
import { FINGERPRINT_PARTS } from '../agents/fingerprint.ts'
import { redact } from '../journal/redact.ts'
import { redactName } from '../journal/redact-name.ts'
import { assertJsonObject } from '../kernel/json-guard.ts'

const KEYS = new Set<string>([
  'agent',
  'action',
  'args',
  'resource',
  'type',
  'context',
  'idempotencyKey',
  'delegation',
  'fingerprint',
  'run',
  'permit',
  'fixedArgs',
  'digest',
  'argsProblems',
] satisfies (keyof Trigger)[])

/**
 * Reads a trigger; args and context are copied, so that what was decided on cannot change afterwards. Secrets in the
 * context, in the key and in the name of the run are redacted.
 *
 * @throws GovernanceError `INPUT_INVALID`, `BODY_TOO_DEEP` or `BODY_TOO_LARGE` naming the field.
 */
export function parseTrigger(value: Trigger): Trigger {
  if (typeof value !== 'object' || value === null) throw invalid('it must be an object')
  for (const key of Object.keys(value)) if (!KEYS.has(key)) throw invalid(`the field ${JSON.stringify(key)} is unknown`)
  const trigger: Writable<Trigger> = {
    agent: text(value.agent, 'agent', 128),
    action: text(value.action, 'action', 128),
    args: assertJsonObject(value.args, { name: 'args' }),
  }
  // Written one by one, as most triggers have none of them.
  if (value.resource !== undefined) trigger.resource = text(value.resource, 'resource', 500)
  if (value.type !== undefined) trigger.type = text(value.type, 'type', 128)
  if (value.context !== undefined) trigger.context = contextOf(value.context)
  if (value.idempotencyKey !== undefined) trigger.idempotencyKey = name('idempotencyKey', value.idempotencyKey)
  if (value.delegation !== undefined) trigger.delegation = agents(value.delegation)
  if (value.fingerprint !== undefined) trigger.fingerprint = fingerprint(value.fingerprint)
  if (value.run !== undefined) trigger.run = name('run', value.run)
  if (value.permit !== undefined) trigger.permit = text(value.permit, 'permit', 64)
  if (value.fixedArgs !== undefined) trigger.fixedArgs = flag(value.fixedArgs)
  if (value.digest !== undefined) trigger.digest = text(value.digest, 'digest', 64)
  if (value.argsProblems !== undefined) trigger.argsProblems = problems(value.argsProblems)
  return trigger
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** It is for those who review, and never part of what runs: no secret in it is needed. */
function contextOf(value: JsonObject): JsonObject {
  // Copied as an object it stays one.
  return redact(assertJsonObject(value, { name: 'context' })) as JsonObject
}

function text(value: unknown, name: string, longest: number): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= longest) return value
  throw invalid(`${name} must be a text of 1 to ${longest} characters`)
}

/** It tells attempts or runs apart, and is shown to more people than the args are. */
function name(key: 'idempotencyKey' | 'run', value: unknown): string {
  return redactName(text(value, key, 200))
}

function agents(value: unknown): readonly string[] {
  // Longer chains are denied by the ruling, with their own code; this only bounds what is read.
  if (Array.isArray(value) && value.length <= 64) return value.map((agent) => text(agent, 'delegation', 128))
  throw invalid('delegation must be a list of agent ids')
}

function flag(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw invalid('fixedArgs must be true or false')
}

function problems(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.length > 0 && value.length <= 8)
    return value.map((problem) => text(problem, 'argsProblems', 500))
  throw invalid('argsProblems must be a list of 1 to 8 texts')
}

function fingerprint(value: object): Fingerprint {
  const parts = Object.entries(value).filter(([, part]) => part !== undefined)
  for (const [part] of parts) {
    if (!FINGERPRINT_PARTS.some((known) => known === part)) throw invalid(`fingerprint.${part} is unknown`)
  }
  return Object.fromEntries(parts.map(([part, content]) => [part, text(content, `fingerprint.${part}`, 200)]))
}

function invalid(problem: string): GovernanceError {
  return new GovernanceError('INPUT_INVALID', { message: `The trigger is not valid: ${problem}.` })
}
