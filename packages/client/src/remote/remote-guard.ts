import type { GovernanceError } from '../errors/governance-error.ts'
import type { Decision, SupervisionDecision } from '../port/decision.ts'
import type { GuardCall, GuardOptions, GuardResult } from '../port/guard.ts'
import type { JsonObject } from '../port/json.ts'
import type { RemoteAnswer, RemoteClaimRequest } from '../port/remote-guard.ts'
import { replayedResult } from '../port/replayed-result.ts'
import type { Trigger } from '../port/trigger.ts'
import { askAsSource, askGate, mayAskAgain, prepare, type RemoteContext } from './ask-gate.ts'
import { copyTrigger } from './copy-trigger.ts'
import { assertNoMisuse, denyDecided, denyForFault, toFault } from './deny.ts'
import { parseRemoteAnswer } from './parse-remote-answer.ts'
import type { PermittedRun } from './permitted-run.ts'
import { answerInvalid } from './read-answer.ts'
import { type RunOptions, runPermitted } from './remote-run.ts'

/** What one guarded call is made of. */
export interface GuardRequest<T> {
  readonly trigger: Trigger
  readonly run: (call: GuardCall) => T | Promise<T>
  readonly options: GuardOptions
}

/** How long a run waits for a supervisor unless it was told: the default of the gate. */
const ATTACH_WITHIN_MS = 20_000
/** A request waits so long for a supervisor at most; then it is sent again. */
const WATCH_MS = 1_000

/**
 * Decides at the gate, runs here where the decision lets it, and has the outcome recorded there. Whatever goes wrong
 * before the run denies.
 *
 * @throws GovernanceError `INPUT_INVALID` for a trigger that is not one; and whatever `run` throws, as it is.
 */
export async function remoteGuard<T>(context: RemoteContext, request: GuardRequest<T>): Promise<GuardResult<T>> {
  // Before anything is waited for: what is decided on is what the caller stated now.
  const copied = copyTrigger(request.trigger)
  const { run } = request
  const options = withSignal(request.options)
  const permitted = await permit(context, copied, options)
  if ('replay' in permitted) {
    const { decision, outcome } = permitted.replay
    return replayedResult(decision, outcome)
  }
  if ('withheld' in permitted) return { status: 'withheld', decision: permitted.withheld }
  const attachWithinMs = options.attachWithinMs ?? ATTACH_WITHIN_MS
  const ran = await runPermitted(context.running, { permitted: permitted.run, run, options, attachWithinMs })
  const { decision } = permitted.run
  if (ran.result === 'ran') return { status: 'executed', decision, value: ran.value, recorded: ran.recorded }
  return { status: 'withheld', decision: denyDecided(decision, ran.fault) }
}

/** Beside a request over the network it costs nothing to ask the host for its signal. */
function withSignal({ signal, ...options }: GuardOptions): RunOptions {
  if (signal === undefined) return options
  return { ...options, signal: typeof signal === 'function' ? signal() : signal }
}

type Withheld = Extract<GuardResult<never>, { status: 'withheld' }>['decision']
type Permitted =
  | { readonly run: PermittedRun }
  | { readonly replay: Omit<Extract<RemoteAnswer, { status: 'replayed' }>, 'status'> }
  | { readonly withheld: Withheld }

async function permit(context: RemoteContext, copied: Trigger, options: RunOptions): Promise<Permitted> {
  let decision: Decision | undefined
  try {
    const until = performance.now() + context.deadlineMs
    const trigger = await prepare(context, copied, until)
    const begun = await begin(context, trigger, until)
    if (begun.answer.status !== 'waiting') return permittedBy(context, trigger, begun)
    decision = begun.answer.decision
    return permittedBy(context, trigger, await awaitSupervisor(context, { trigger, waiting: begun.answer, options }))
  } catch (error) {
    const fault = toFault(error)
    if (decision === undefined) assertNoMisuse(fault)
    return { withheld: deny({ context, trigger: copied, decision }, fault) }
  }
}

function deny(
  { context, trigger, decision }: { context: RemoteContext; trigger: Trigger; decision: Decision | undefined },
  fault: GovernanceError,
): Withheld {
  return decision === undefined
    ? denyForFault({ trigger, source: context.source }, fault)
    : denyDecided(decision, fault)
}

interface Begun {
  readonly answer: RemoteAnswer
  readonly askedAt: number
}

async function begin(context: RemoteContext, trigger: Trigger, until: number): Promise<Begun> {
  const ask = { trigger, path: '/triggers/guard', until }
  const once = async (): Promise<Begun> => {
    const askedAt = performance.now()
    return { answer: parseRemoteAnswer(await askGate(context, ask), trigger), askedAt }
  }
  const begun = await once()
  return (await mayAskAgain(context, ask, begun.answer.decision)) ? once() : begun
}

function permittedBy({ request }: RemoteContext, trigger: Trigger, { answer, askedAt }: Begun): Permitted {
  switch (answer.status) {
    case 'permitted':
      return { run: { decision: answer.decision, call: answer.call, trigger, askedAt, request } }
    case 'replayed':
      return { replay: { decision: answer.decision, outcome: answer.outcome } }
    case 'withheld':
      return { withheld: answer.decision }
    case 'waiting':
      return { withheld: answer.decision }
    default:
      return answer satisfies never
  }
}

interface Wait {
  readonly trigger: Trigger
  readonly waiting: Extract<RemoteAnswer, { status: 'waiting' }>
  readonly options: RunOptions
}

/** Asks again and again whether somebody watches; past the time to wait, the gate decides what becomes of the run. */
async function awaitSupervisor(context: RemoteContext, { trigger, waiting, options }: Wait): Promise<Begun> {
  const { decision } = waiting
  const withinMs = options.attachWithinMs ?? waiting.attachWithinMs
  let until = performance.now() + withinMs
  for (;;) {
    const left = until - performance.now()
    const gaveUp = options.signal?.aborted === true
    const otherwise = gaveUp ? 'give_up' : left > 0 ? 'wait' : 'queue'
    const waitMs = otherwise === 'wait' ? Math.ceil(Math.min(left, WATCH_MS)) : 0
    const begun = await claim(context, { trigger, decision, request: { withinMs: waitMs, otherwise } })
    if (begun.answer.status !== 'waiting') return begun
    if (otherwise === 'give_up') throw answerInvalid('it waits on')
    // Somebody who is there holds the run up.
    if (otherwise === 'queue') until = performance.now() + withinMs
  }
}

interface ClaimAsking {
  readonly trigger: Trigger
  readonly decision: SupervisionDecision
  readonly request: Omit<RemoteClaimRequest, 'trigger'>
}

async function claim(context: RemoteContext, asking: ClaimAsking): Promise<Begun> {
  const { trigger, decision } = asking
  const path = `/decisions/${encodeURIComponent(decision.id)}/claim`
  const body = { ...asking.request, trigger: trigger as unknown as JsonObject }
  const askedAt = performance.now()
  const idempotencyKey = globalThis.crypto.randomUUID()
  const answer = await askAsSource(context, { method: 'POST', path, body, idempotencyKey })
  return { answer: parseRemoteAnswer(answer, trigger), askedAt }
}
