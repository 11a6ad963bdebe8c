import { setTimeout as delay } from 'node:timers/promises'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { isHigh } from '../policy/is-high.ts'
import { editedArgs } from '../proposals/edited-args.ts'
import type { StepCorrection, SupervisorAnswer, SupervisorWait } from '../routing/consequences.ts'
import { askHolder, type WatchContext } from './agent-watch.ts'
import { isHeld, isOver } from './held-session.ts'
import { announceStep, findStep, type StepRow } from './step-store.ts'
import { findSession } from './store.ts'
import { tellSession } from './tell-session.ts'

const LOOK_EVERY_MS = 100

/**
 * Waits until a session is running under a live lease and its step may begin, or nobody watched for too long, it ended, or
 * the caller gave up. While somebody who is there holds the run up, it waits on. It looks again and again and holds nothing
 * in between.
 */
export async function awaitSupervisor(context: WatchContext, wait: SupervisorWait): Promise<SupervisorAnswer> {
  const { clock } = context
  let until = clock.monotonic() + wait.withinMs
  for (;;) {
    const seen = await look(context, wait)
    if (seen.result === 'watched' || seen.result === 'over') {
      return seen.result === 'watched' ? seen : { result: 'unwatched' }
    }
    if (seen.result === 'held' && wait.patient) until = clock.monotonic() + wait.withinMs
    if (wait.signal?.aborted === true || clock.monotonic() >= until) return seen
    await delay(Math.min(LOOK_EVERY_MS, wait.withinMs))
  }
}

type Look = SupervisorAnswer | { readonly result: 'over' }

async function look(context: WatchContext, wait: SupervisorWait): Promise<Look> {
  const { workspace, sessionId, stepId } = wait
  const options = { workspace, deadlineMs: context.settings.deadlineMs, named: true }
  return inWorkspace(context.database, options, async (tx) => {
    const session = await findSession(tx, sessionId)
    const step = await findStep(tx, stepId)
    if (session === undefined || isOver(session) || step?.state === 'withheld') return { result: 'over' }
    const now = context.clock.now()
    if (!isHeld(session, now)) {
      tx.afterCommit(() => context.agentWatch.attend({ workspace, id: sessionId }))
      return { result: 'unwatched' }
    }
    const answer = await askHolder(tx, { session, step })
    // A person may take it over; nobody waits for that longer than for anybody to come at all.
    if (answer === 'for_people') return { result: 'unwatched' }
    if (answer === 'waits') return { result: 'held' }
    if (session.state !== 'running' && session.state !== 'correcting') return { result: 'held' }
    if (step !== undefined && !(await hasBegun(context, tx, step))) return { result: 'held' }
    return { result: 'watched', correction: correctionOf(step) }
  })
}

function correctionOf(step: StepRow | undefined): StepCorrection {
  if (step === undefined || step.correctedArgs === null) {
    return { args: null, edited: {}, corrections: step?.corrections ?? 0 }
  }
  const { args: asked, correctedArgs: approved, sensitive: sensitivePaths, corrections } = step
  return { args: approved, edited: editedArgs({ sensitivePaths }, { asked, approved }), corrections }
}

/** Whether the time to object to a step is over; it begins when somebody who watches could first see the step. */
async function hasBegun(context: WatchContext, tx: Tx, step: StepRow): Promise<boolean> {
  const { clock, settings } = context
  if (!isHigh(step.risk) || settings.objectionWindowMs === 0) return true
  if (step.startsAt !== null) return Date.parse(step.startsAt) <= clock.now()
  const startsAt = isoTime(clock.now() + settings.objectionWindowMs)
  if (!(await announceStep(tx, { id: step.id, startsAt }))) return false
  const session = { id: step.session, agent: step.agent }
  const body = { step: step.id, action: step.action, startsAt }
  await tellSession(context, tx, {
    session,
    kind: 'supervision_session.step_announced',
    actor: 'system:supervision',
    body,
  })
  return false
}
