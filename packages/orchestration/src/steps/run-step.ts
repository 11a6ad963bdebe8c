import { GovernanceError } from '@preceptor/client'
import { inWorkspace, isoTime, type PluginWork, type Tx } from '@preceptor/core/plugin'
import type { EnginePorts, StepOwnerPort } from '../ports/engine-ports.ts'
import { attemptStep } from './attempt-step.ts'
import { FIRST_KEY, HOLD_MS } from './hold.ts'
import { journalStep } from './journal-step.ts'
import { keepHold } from './keep-hold.ts'
import { type AttemptingStep, isAttempting, type StepEnd, type StoredStep, type TryResult } from './step.ts'
import { claimStep, endStep, findStep, leaveUnknown, letWait, putBack } from './step-store.ts'
import { takeBack } from './take-back.ts'

// A worker that closes waits for its jobs: a job ends with the step at which it has lasted so long.
const LONGEST_CHAIN_MS = 2_000

/**
 * Tries a step, and goes on with the steps that follow it in this process; harmless where nothing is due or somebody else
 * holds it.
 */
export async function runStep(ports: EnginePorts, { workspace, id }: PluginWork): Promise<void> {
  if (id === undefined) return
  const { clock, database, failpoint } = ports.context
  const began = clock.monotonic()
  let step = await inWorkspace(database, { workspace, retry: true }, (tx) => claim(ports, tx, id))
  while (step !== undefined) {
    await failpoint('workflow.after_claim')
    const held = keepHold(ports, { workspace, step })
    let result: TryResult
    try {
      result = await attemptStep(ports, { workspace, step, signal: held.signal })
    } finally {
      held.end()
    }
    // Between two jobs a worker can close, and others can take what comes next.
    const goesOn = clock.monotonic() - began < LONGEST_CHAIN_MS
    step = await settleOrFail(ports, { workspace, step, result, goesOn })
  }
}

async function claim(ports: EnginePorts, tx: Tx, id: string): Promise<AttemptingStep | undefined> {
  const now = ports.context.clock.now()
  const claimed = await claimStep(tx, id, { at: isoTime(now), until: isoTime(now + HOLD_MS) })
  if (claimed === undefined || !isAttempting(claimed.step)) return undefined
  if (claimed.isFirst) await journalStep(ports, tx, { step: claimed.step, kind: 'workflow_step.started' })
  return claimed.step
}

interface Tried {
  readonly workspace: string
  readonly step: AttemptingStep
  readonly result: TryResult
  /** Whether this process goes on with what follows. */
  readonly goesOn: boolean
}

/** Records what came of a try. What can never be recorded fails: repeated, it would run again and again. */
async function settleOrFail(ports: EnginePorts, tried: Tried): Promise<AttemptingStep | undefined> {
  try {
    return await settle(ports, tried)
  } catch (error) {
    // A database that is away comes back, and what is there by then is tried again.
    if (GovernanceError.isInstance(error) && error.retryable) throw error
    const { step, workspace } = tried
    const message = `What came of the step ${step.id} could not be recorded: ${String(error)}`
    ports.context.report({ level: 'error', code: 'INTERNAL', message })
    const failure = { code: 'INTERNAL', message: 'What came of it could not be recorded.' } as const
    const { database } = ports.context
    return settle(ports, { ...tried, result: { state: 'failed', failure } }).catch(async () => {
      await inWorkspace(database, { workspace, retry: true }, (tx) =>
        ports.owners[step.owner.kind].broke(tx, step, failure),
      )
      return undefined
    })
  }
}

/** Gives the step that this process goes on with. */
async function settle(ports: EnginePorts, tried: Tried): Promise<AttemptingStep | undefined> {
  const { workspace, step } = tried
  const owner = ports.owners[step.owner.kind]
  const result = asKnown(owner, tried.result)
  if (result.state === 'lost') return undefined
  const { clock, database } = ports.context
  const follow = await inWorkspace(database, { workspace, retry: true }, async (tx): Promise<Following> => {
    if (!(await owner.hold(tx, step.owner.id))) {
      await takeBackLate(ports, tx, result)
      return NOTHING
    }
    switch (result.state) {
      case 'succeeded':
      case 'failed': {
        const ids = await end(ports, tx, { step, end: result })
        const following = await takeFirst(ports, tx, { ids, goesOn: tried.goesOn })
        await ports.context.failpoint('workflow.before_commit')
        return following
      }
      case 'again': {
        const dueAt = isoTime(clock.now() + result.afterMs)
        if (!(await putBack(tx, step, { dueAt, failure: result.failure, note: null }))) return NOTHING
        await journalStep(ports, tx, { step, kind: 'workflow_step.retried', body: { ...result.failure, dueAt } })
        break
      }
      case 'later': {
        const dueAt = isoTime(clock.now() + result.afterMs)
        await putBack(tx, step, { dueAt, failure: null, note: result.note })
        return NOTHING
      }
      case 'waiting':
        await wait(ports, tx, { step, result })
        break
      case 'outcome_unknown':
        if (!(await leaveUnknown(tx, step, result.failure))) return NOTHING
        await journalStep(ports, tx, { step, kind: 'workflow_step.waiting', body: { ...result.failure } })
        break
      default:
        return result satisfies never
    }
    await owner.moved(tx, step.owner.id)
    return NOTHING
  })
  await ports.context.failpoint('workflow.after_commit')
  for (const id of follow.others) await ports.enqueue('step', { workspace, id, key: FIRST_KEY })
  return follow.mine
}

/** Where nobody says how a step ended that may have taken effect, it counts as failed. */
function asKnown({ asksOfUnknown }: StepOwnerPort, result: TryResult): TryResult {
  if (result.state !== 'outcome_unknown' || asksOfUnknown) return result
  return { state: 'failed', failure: { ...result.failure, code: 'OUTCOME_UNKNOWN' } }
}

async function end(
  ports: EnginePorts,
  tx: Tx,
  { step, end }: { readonly step: StoredStep; readonly end: StepEnd },
): Promise<readonly string[]> {
  const at = isoTime(ports.context.clock.now())
  if (!(await endStep(tx, step, { ...end, at }))) return []
  await journalEnd(ports, tx, { step, end })
  return ports.owners[step.owner.kind].ended(tx, step, end)
}

/** Writes down how a step ended. */
function journalEnd(
  ports: EnginePorts,
  tx: Tx,
  { step, end }: { readonly step: StoredStep; readonly end: StepEnd },
): Promise<void> {
  return end.state === 'succeeded'
    ? journalStep(ports, tx, { step, kind: 'workflow_step.completed' })
    : journalStep(ports, tx, { step, kind: 'workflow_step.failed', body: { ...end.failure } })
}

async function wait(
  ports: EnginePorts,
  tx: Tx,
  { step, result }: { readonly step: StoredStep; readonly result: Extract<TryResult, { state: 'waiting' }> },
): Promise<void> {
  const { proposalId, queueEntryId, afterMs } = result
  const wakeAt = isoTime(ports.context.clock.now() + afterMs)
  const { changed, isNew } = await letWait(tx, step, { proposalId, queueEntryId, wakeAt })
  if (!changed && (await findStep(tx, step.id))?.state === 'cancelled') await takeBackLate(ports, tx, result)
  if (!isNew) return
  const body = { proposal: proposalId, queueEntry: queueEntryId }
  await journalStep(ports, tx, { step, kind: 'workflow_step.waiting', body })
  if (step.type === 'approval') await journalStep(ports, tx, { step, kind: 'workflow_approval.requested', body })
}

/** What people were asked while it was cancelled is not to be answered any more. */
async function takeBackLate({ context }: EnginePorts, tx: Tx, result: TryResult): Promise<void> {
  if (result.state === 'waiting') await takeBack(context, tx, { ...result, reason: 'The run ended meanwhile.' })
}

/** What follows from a step: what this process goes on with, and what workers are woken for. */
interface Following {
  readonly mine: AttemptingStep | undefined
  readonly others: readonly string[]
}

const NOTHING: Following = { mine: undefined, others: [] }

/** Claims the first of the steps that follow, in the transaction that wrote them. */
async function takeFirst(
  ports: EnginePorts,
  tx: Tx,
  { ids, goesOn }: { readonly ids: readonly string[]; readonly goesOn: boolean },
): Promise<Following> {
  const [first, ...rest] = ids
  if (first === undefined) return NOTHING
  const mine = goesOn ? await claim(ports, tx, first) : undefined
  return { mine, others: mine === undefined ? ids : rest }
}
