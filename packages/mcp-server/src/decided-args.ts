import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Decision, JsonObject, JsonValue, Scope } from '@preceptor/client'
import { GovernanceError } from '@preceptor/client'

/** What tells what was decided on: a scope that can read its decisions back. */
export interface DecisionReader extends Pick<Scope, 'report'> {
  readonly decisions: { get(id: string): Promise<{ readonly args: JsonObject }> }
}

const LOOKS = 20
const LOOK_EVERY_MS = 50

/**
 * The args that were decided on: those that were sent, unless the schema of the action made others of them; then those
 * on record, where they are there unredacted.
 *
 * @throws GovernanceError `ARGS_INVALID` when they cannot be told; the claim then is settled as failed.
 */
export async function decidedArgs(scope: DecisionReader, decision: Decision, sent: JsonObject): Promise<JsonObject> {
  if (hashArgs(sent) === decision.argsHash) return sent
  const recorded = await readArgs(scope, decision.id)
  if (recorded !== undefined && hashArgs(recorded) === decision.argsHash) return recorded
  const message = 'The schema of the action makes other args of these, and they hold what is kept redacted.'
  // A safe action has no claim to settle.
  if (decision.risk !== 'safe') await scope.report(decision.id, { status: 'failed', message: `Not run. ${message}` })
  const hint = 'Do not run it. Send args that need no defaults and no conversion, as a new attempt.'
  throw new GovernanceError('ARGS_INVALID', { message, hint })
}

/** SHA-256 (hex) over the canonical JSON of args, as decisions state it. */
export function hashArgs(args: JsonObject): string {
  return createHash('sha256').update(canonical(args)).digest('hex')
}

function canonical(value: JsonValue): string {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.entries(value).sort(([first], [second]) => (first < second ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`
}

function isList(value: JsonObject | readonly JsonValue[]): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** Decisions on safe actions are on record some milliseconds after their answer. */
async function readArgs({ decisions }: DecisionReader, id: string): Promise<JsonObject | undefined> {
  for (let look = 0; look < LOOKS; look += 1) {
    try {
      return (await decisions.get(id)).args
    } catch (error) {
      if (!GovernanceError.isInstance(error) || error.code !== 'NOT_FOUND') return undefined
      await sleep(LOOK_EVERY_MS)
    }
  }
  return undefined
}
