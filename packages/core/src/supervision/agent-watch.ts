import type { Risk, SupervisionSession } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { isHigh } from '../policy/is-high.ts'
import { newestPolicyDocument } from '../policy/newest-policy-document.ts'
import { hasLostReviewer } from '../proposals/approval-store.ts'
import { hasReadyReviewer, isStepApproved, openStepToReviewers, wasLeftToPeople } from './agent-watch-store.ts'
import { isAgent } from './held-session.ts'
import type { StepRow } from './step-store.ts'
import { LAPSED } from './store.ts'

/** What supervision knows of the reviewers of this process. */
export interface AgentWatching {
  /** Whether there are some for a workspace. */
  isHere(workspace: string): boolean
  /** Has one of them look whether it is to watch a session; does not wait for it, and never throws. */
  attend(session: { readonly workspace: string; readonly id: string }): void
}

/** What watching stands on. */
export interface WatchContext extends GovernorContext {
  readonly agentWatch: AgentWatching
}

/** What who holds a session makes of a step that is to begin. */
export type HolderAnswer =
  | 'begins'
  /** An agent holds it that has not let this very step begin. */
  | 'waits'
  /** An agent holds it, and the step is for people. */
  | 'for_people'

/**
 * Whether who holds a session lets a step begin: a person any; an agent what it approved, with these very args, of safe
 * and medium risk alone, and as long as it is a reviewer.
 */
export async function askHolder(
  tx: Tx,
  {
    session,
    step,
    risk,
  }: { readonly session: SupervisionSession; readonly step: StepRow | undefined; readonly risk?: Risk },
): Promise<HolderAnswer> {
  const { supervisorId: holder } = session
  if (holder === null || !isAgent(holder)) return 'begins'
  if (step === undefined || isHigh(step.risk) || (risk !== undefined && isHigh(risk))) return 'for_people'
  const by = holder.slice('agent:'.length)
  if (!(await isStepApproved(tx, { step: step.id, corrections: step.corrections, by }))) return 'waits'
  return (await hasLostReviewer(tx, [by])) ? 'waits' : 'begins'
}

/** An attempt that nobody watches. */
export interface Unwatched {
  readonly agent: string
  readonly action: string
  readonly argsHash: string
  readonly risk: Risk
}

/** Whether a reviewer could be asked about an attempt: the policy lets it, one is there, and none was asked before. */
export async function mayAskReviewer(context: WatchContext, tx: Tx, attempt: Unwatched): Promise<boolean> {
  const { agent, risk } = attempt
  if (risk !== 'safe' && risk !== 'medium') return false
  if ((await newestPolicyDocument(tx)).supervision?.reviewers !== true) return false
  const at = isoTime(context.clock.now())
  if (!context.agentWatch.isHere(tx.workspace) && !(await hasReadyReviewer(tx, { except: agent, risk, at }))) {
    return false
  }
  return !(await wasLeftToPeople(tx, { ...attempt, since: againSince(context) }))
}

/** What a reviewer denied or left to people is not put to one again for a day: an appeal is for people. */
export function againSince({ clock }: Pick<GovernorContext, 'clock'>): string {
  return isoTime(clock.now() - 86_400_000)
}

// A process with a reviewer looks every second; whoever waits for the queue waits no longer than this.
const REVIEWER_WITHIN_MS = 5_000

/** Until when a reviewer that is let come to watch may do so. */
export function reviewerUntil({ clock, settings }: Pick<GovernorContext, 'clock' | 'settings'>): string {
  return isoTime(clock.now() + Math.min(settings.attachWithinMs, REVIEWER_WITHIN_MS))
}

/** Lets a reviewer come to watch a step that no person watches, once; whether one still may. */
export async function waitForReviewer(
  context: WatchContext,
  tx: Tx,
  {
    session,
    step,
    risk,
  }: { readonly session: SupervisionSession; readonly step: StepRow | undefined; readonly risk: Risk },
): Promise<boolean> {
  // Whoever paused it was a person, or a reviewer that left it to people.
  if (session.pausedBy !== null && session.pausedBy !== LAPSED) return false
  if (step === undefined || step.state !== 'waiting' || isHigh(risk)) return false
  if (step.reviewerUntil !== null) return Date.parse(step.reviewerUntil) > context.clock.now()
  if (!(await mayAskReviewer(context, tx, step))) return false
  return openStepToReviewers(tx, { step: step.id, until: reviewerUntil(context) })
}
