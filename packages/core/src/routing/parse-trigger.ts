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
  return {
    agent: text(value.agent, 'agent', 128),
    action: text(value.action, 'action', 128),
    args: assertJsonObject(value.args, { name: 'args' }),
    ...optional('resource', value.resource, 500),
    ...optional('type', value.type, 128),
    ...(value.context === undefined ? {} : { context: contextOf(value.context) }),
    ...name('idempotencyKey', value.idempotencyKey),
    ...(value.delegation === undefined ? {} : { delegation: agents(value.delegation) }),
    ...(value.fingerprint === undefined ? {} : { fingerprint: fingerprint(value.fingerprint) }),
    ...name('run', value.run),
    ...optional('permit', value.permit, 64),
    ...(value.fixedArgs === undefined ? {} : { fixedArgs: flag(value.fixedArgs) }),
    ...optional('digest', value.digest, 64),
    ...(value.argsProblems === undefined ? {} : { argsProblems: problems(value.argsProblems) }),
  }
}

/** It is for those who review, and never part of what runs: no secret in it is needed. */
function contextOf(value: JsonObject): JsonObject {
  // Copied as an object it stays one.
  return redact(assertJsonObject(value, { name: 'context' })) as JsonObject
}

function text(value: unknown, name: string, longest: number): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= longest) return value
  throw invalid(`${name} must be a text of 1 to ${longest} characters`)
}

function optional(name: keyof Trigger, value: unknown, longest: number): Readonly<Record<string, string>> {
  return value === undefined ? {} : { [name]: text(value, name, longest) }
}

/** It tells attempts or runs apart, and is shown to more people than the args are. */
function name(key: 'idempotencyKey' | 'run', value: unknown): Readonly<Record<string, string>> {
  return value === undefined ? {} : { [key]: redactName(text(value, key, 200)) }
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
