import { GovernanceError } from '../errors/governance-error.ts'
import type { JsonObject, JsonValue } from '../port/json.ts'
import type { Principal } from '../port/principal.ts'
import type { Trigger } from '../port/trigger.ts'
import type { TriggerSource } from '../port/vocabulary.ts'
import type { Call } from './caller.ts'
import type { LocalActions } from './local-actions.ts'
import type { RunningCalls } from './running-calls.ts'
import { validateLocally } from './validate-locally.ts'

/** What a remote scope stands on. */
export interface RemoteContext {
  readonly workspace: string
  readonly principal: Principal
  readonly source: TriggerSource
  readonly request: Call
  readonly actions: LocalActions
  readonly running: RunningCalls
  /** Milliseconds within which a decision is reached. */
  readonly deadlineMs: number
  readonly isClosed: () => boolean
}

/** One question to the gate about a trigger. */
export interface Asking {
  readonly trigger: Trigger
  readonly path: string
  readonly more?: JsonObject
  /** On the monotonic clock. */
  readonly until: number
}

/** @throws GovernanceError `GOVERNOR_CLOSED` */
export function assertOpen({ isClosed }: RemoteContext): void {
  if (isClosed()) throw new GovernanceError('GOVERNOR_CLOSED')
}

/**
 * Makes a trigger ready to be sent: its args parsed by the schema of this process, its action named exactly.
 *
 * @throws GovernanceError `GOVERNOR_CLOSED`, `AGENT_MISMATCH`, `DEADLINE_EXCEEDED` for a schema that does not answer.
 */
export async function prepare(context: RemoteContext, trigger: Trigger, until: number): Promise<Trigger> {
  assertOpen(context)
  const { principal, actions, workspace } = context
  if (principal.kind === 'agent' && principal.id !== trigger.agent) {
    throw new GovernanceError('AGENT_MISMATCH', {
      message: `The credential of "${principal.id}" cannot act as ${JSON.stringify(trigger.agent)}.`,
    })
  }
  const action = actions.find(workspace, trigger)
  if (action === undefined) return trigger
  const named = { ...trigger, digest: action.digest }
  return action.schema === null ? named : beforeDeadline(validateLocally(named, action.schema), until)
}

/** The schema is code of the host: it may never answer. */
async function beforeDeadline<T>(work: Promise<T>, until: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new GovernanceError('DEADLINE_EXCEEDED')), timeLeft(until))
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Milliseconds until then, and never none: a request without time is refused as late. */
function timeLeft(until: number): number {
  return Math.max(1, until - performance.now())
}

/** Asks the gate about a trigger. A repeat of the request is the same one, where that is worth its price. */
export function askGate(context: RemoteContext, { trigger, path, more = {}, until }: Asking): Promise<JsonValue> {
  const body = { ...trigger, ...more } as unknown as JsonObject
  const isSafe = context.actions.find(context.workspace, trigger)?.risk === 'safe'
  const again = isSafe ? {} : { idempotencyKey: globalThis.crypto.randomUUID() }
  return askAsSource(context, { method: 'POST', path, body, deadlineMs: timeLeft(until), ...again })
}

/**
 * Asks about an attempt as it is set off here: the credential of a person would make every attempt of an agent one by
 * hand, which is always allowed.
 *
 * @throws GovernanceError `SOURCE_MISMATCH` where the attempts of the credential are set off by something else.
 */
export async function askAsSource(
  { request, source, principal }: RemoteContext,
  asked: Parameters<Call>[0],
): Promise<JsonValue> {
  try {
    return await request({ ...asked, source })
  } catch (error) {
    if (!GovernanceError.isInstance(error) || error.code !== 'SOURCE_MISMATCH') throw error
    throw new GovernanceError('SOURCE_MISMATCH', {
      message: `The credential does not attempt as "${source}", which ${principal.kind}:${principal.id} does.`,
      hint: 'Connect with the key of a service or of the agent, or state the source of the credential in as().',
    })
  }
}

/** A gate that started anew does not know the actions of this process: it is told them again. */
export async function mayAskAgain(
  { workspace, actions, request }: RemoteContext,
  { trigger, until }: Asking,
  answer: { readonly route: string; readonly code?: string | null },
): Promise<boolean> {
  if (answer.route !== 'denied' || answer.code !== 'ACTION_UNKNOWN') return false
  return actions.registerAgain(workspace, trigger, (again) => request({ ...again, deadlineMs: timeLeft(until) }))
}
