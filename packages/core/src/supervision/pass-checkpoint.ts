import { setTimeout as delay } from 'node:timers/promises'
import { GovernanceError, type SupervisionSession } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isHigh } from '../policy/is-high.ts'
import { deliverCorrections } from './deliver-corrections.ts'
import { isAgent, isHeld, isOver, leaseEnd } from './held-session.ts'
import { acknowledgePause } from './pause-session.ts'
import { findStep, parkExecution } from './step-store.ts'
import { lockSession } from './store.ts'

/** A supervised run at a checkpoint. */
export interface SessionCheckpoint {
  readonly workspace: string
  readonly sessionId: string
  /** Its decision. */
  readonly stepId: string
  readonly claim: { readonly executionId: string; readonly fence: number }
}

/** What a look at the session of a run at a checkpoint shows. */
export type CheckpointLook =
  /** Watched until then, in milliseconds since the epoch. */
  | { readonly result: 'goes_on'; readonly guidance: readonly string[]; readonly watchedUntil: number }
  /** Paused by somebody who is there. */
  | { readonly result: 'paused' }
  | { readonly result: 'unwatched' }

const LOOK_EVERY_MS = 100

/**
 * Waits at a checkpoint until the session of a run goes on, and gives what supervisors said. It is paused for as long as a
 * supervisor says so, and unwatched for `withinMs` at most.
 *
 * @throws GovernanceError `RUN_TERMINATED`, `SUPERVISOR_REQUIRED` when nobody watches in time, or the code of a fault.
 */
export async function passCheckpoint(
  context: GovernorContext,
  checkpoint: SessionCheckpoint,
  wait: { readonly withinMs: number; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const { clock } = context
  let until = clock.monotonic() + wait.withinMs
  const heard: string[] = []
  for (;;) {
    if (wait.signal.aborted) throw wait.signal.reason
    const seen = await lookAtCheckpoint(context, checkpoint)
    if (seen.result === 'goes_on') {
      heard.push(...seen.guidance)
      // The answer may have come so late that nobody watches any more.
      if (seen.watchedUntil > clock.now()) return heard
      continue
    }
    if (seen.result === 'paused') until = clock.monotonic() + wait.withinMs
    if (clock.monotonic() >= until) {
      throw new GovernanceError('SUPERVISOR_REQUIRED', { message: 'Nobody watches the run any more.' })
    }
    await delay(LOOK_EVERY_MS)
  }
}

/**
 * Looks once: the run goes on, or waits and is on record as waiting.
 *
 * @throws GovernanceError `RUN_TERMINATED`, `SUPERVISOR_REQUIRED` for a session that is over, or the code of a fault.
 */
export function lookAtCheckpoint(context: GovernorContext, checkpoint: SessionCheckpoint): Promise<CheckpointLook> {
  const { workspace } = checkpoint
  const options = { workspace, deadlineMs: context.settings.deadlineMs, retry: true, named: true }
  return inWorkspace(context.database, options, (tx) => look(context, tx, checkpoint))
}

async function look(context: GovernorContext, tx: Tx, checkpoint: SessionCheckpoint): Promise<CheckpointLook> {
  const { sessionId, stepId, claim } = checkpoint
  const session = await lockSession(tx, sessionId)
  if (session?.state === 'terminated') throw new GovernanceError('RUN_TERMINATED')
  if (session === undefined || isOver(session)) {
    throw new GovernanceError('SUPERVISOR_REQUIRED', { message: 'The supervision session is over.' })
  }
  const held = isHeld(session, context.clock.now()) && (await mayWatch(tx, session, stepId))
  if (held && (session.state === 'running' || session.state === 'correcting')) {
    await parkExecution(tx, { ...claim, parked: false })
    const guidance = await deliverCorrections(context, tx, { session, step: stepId })
    return { result: 'goes_on', guidance, watchedUntil: leaseEnd(session) }
  }
  await parkExecution(tx, { ...claim, parked: true })
  await acknowledgePause(context, tx, session)
  return { result: held ? 'paused' : 'unwatched' }
}

/** What is of high risk goes on under people alone. */
async function mayWatch(tx: Tx, { supervisorId }: SupervisionSession, stepId: string): Promise<boolean> {
  if (supervisorId === null || !isAgent(supervisorId)) return true
  const step = await findStep(tx, stepId)
  return step !== undefined && !isHigh(step.risk)
}
