import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { createBell } from '../journal/bell.ts'
import { isoTime } from '../kernel/clock.ts'
import { isHigh } from '../policy/is-high.ts'
import { newestPolicyDocument } from '../policy/newest-policy-document.ts'
import { hasLostReviewer } from '../proposals/approval-store.ts'
import { isStepApproved } from '../supervision/agent-watch-store.ts'
import { leaseEnd } from '../supervision/held-session.ts'
import { listSteps, type StepRow } from '../supervision/step-store.ts'
import { extendLease, lockSession } from '../supervision/store.ts'
import type { ReviewDependencies } from './review-dependencies.ts'
import { giveUpWatch, reviewStep } from './review-step.ts'
import { holderName, isWatchedBy } from './watch-rules.ts'

/** The watch of a reviewer of this process over a session. */
export interface AgentWatch {
  readonly workspace: string
  readonly sessionId: string
  /** Id of the agent. */
  readonly reviewer: string
  readonly signal: AbortSignal
}

const LOOK_EVERY_MS = 1_000
const MOST_STEPS = 100

/**
 * Watches a session as long as this process lives and its reviewer holds it: renews the lease, and asks the reviewer about
 * each step that waits. It ends with the watch; its faults are told to the host's log, and let the lease lapse.
 */
export async function watchSession(dependencies: ReviewDependencies, watch: AgentWatch): Promise<void> {
  const { context } = dependencies
  const { workspace, sessionId, signal } = watch
  const bell = createBell()
  const unsubscribe = context.sessionBells.subscribe(workspace, sessionId, bell.ring)
  signal.addEventListener('abort', bell.ring)
  const asking = new Map<string, Promise<void>>()
  try {
    while (!signal.aborted) {
      const seen = await look(dependencies, watch).catch((error: unknown) => tell(context, sessionId, error))
      if (seen === 'over') return
      for (const step of seen) {
        const key = `${step.id} ${step.corrections}`
        if (asking.has(key)) continue
        asking.set(
          key,
          judge(dependencies, watch, step).finally(() => asking.delete(key)),
        )
      }
      await bell.wait(Math.min(LOOK_EVERY_MS, context.settings.supervisorLeaseMs / 4))
    }
  } finally {
    unsubscribe()
    signal.removeEventListener('abort', bell.ring)
    // A process that ends does not wait for what a model says.
    if (!signal.aborted) await Promise.all(asking.values())
  }
}

/** Renews the lease while it lives; what waits to be judged, or that the watch is over. */
async function look(dependencies: ReviewDependencies, watch: AgentWatch): Promise<readonly StepRow[] | 'over'> {
  const { context, reviewers } = dependencies
  const { workspace, sessionId, reviewer } = watch
  const scope = { workspace, deadlineMs: context.settings.deadlineMs }
  const seen = await inWorkspace(context.database, scope, async (tx) => {
    const session = await lockSession(tx, sessionId)
    const now = context.clock.now()
    if (session === undefined || !isWatchedBy(session, reviewer, now)) return 'over'
    if (!reviewers.of(workspace).has(reviewer) || (await hasLost(tx, reviewer))) return 'not_let'
    const { supervisorLeaseMs } = context.settings
    if (leaseEnd(session) - now < (supervisorLeaseMs * 2) / 3) {
      const leaseExpiresAt = isoTime(now + supervisorLeaseMs)
      const lease = { supervisor: holderName(reviewer), at: isoTime(now), leaseExpiresAt }
      if (!(await extendLease(tx, sessionId, lease))) return 'over'
    }
    const goesOn = session.state === 'running' || session.state === 'correcting'
    return goesOn ? await unjudged(tx, watch) : []
  })
  if (seen !== 'not_let') return seen
  await giveUpWatch(dependencies, { workspace, sessionId, reviewer, stepId: null })
  return 'over'
}

/** Whether a reviewer may watch no more. */
async function hasLost(tx: Tx, reviewer: string): Promise<boolean> {
  return (await newestPolicyDocument(tx)).supervision?.reviewers !== true || hasLostReviewer(tx, [reviewer])
}

async function unjudged(tx: Tx, { sessionId, reviewer: by }: AgentWatch): Promise<readonly StepRow[]> {
  const steps = await listSteps(tx, { session: sessionId, limit: MOST_STEPS })
  const found: StepRow[] = []
  for (const step of steps) {
    if (step.state !== 'waiting' || isHigh(step.risk)) continue
    if (!(await isStepApproved(tx, { step: step.id, corrections: step.corrections, by }))) found.push(step)
  }
  return found
}

async function judge(dependencies: ReviewDependencies, watch: AgentWatch, step: StepRow): Promise<void> {
  const { workspace, sessionId, reviewer } = watch
  const watched = { workspace, sessionId, reviewer, stepId: step.id }
  try {
    await reviewStep(dependencies, { ...watched, corrections: step.corrections })
  } catch (error) {
    tell(dependencies.context, sessionId, error)
    await giveUpWatch(dependencies, watched).catch((fault: unknown) => tell(dependencies.context, sessionId, fault))
  }
}

function tell(context: GovernorContext, sessionId: string, error: unknown): readonly StepRow[] {
  const message = `The watch over ${sessionId}: ${String(error)}`
  context.report({ level: 'warn', code: 'NOTICE', message })
  return []
}
