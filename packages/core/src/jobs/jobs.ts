import { GovernanceError } from '@preceptor/client'
import { checkAlerts, checkDailyAlerts, checkSlowAlerts } from '../alerts/check-alerts.ts'
import { findSlowSuspects, findSuspects } from '../alerts/suspect-store.ts'
import { addUp, findNotAddedUp } from '../analytics/add-up-decisions.ts'
import { MISSED_TARGETS } from '../analytics/missed-targets.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { escalate } from '../escalations/escalate.ts'
import { findEscalating } from '../escalations/escalation-store.ts'
import { settleLostExecutions } from '../executions/lose-executions.ts'
import { findUnsealedWorkspaces } from '../journal/seal-store.ts'
import { isoTime } from '../kernel/clock.ts'
import { checkPromotion } from '../maturity/check-promotion.ts'
import { countEvidence } from '../maturity/count-evidence.ts'
import { decay } from '../maturity/decay.ts'
import { findDueEvidence } from '../maturity/evidence-store.ts'
import type { PluginJob } from '../plugins/plugin.ts'
import { findDue as findDuePresences, updatePresence } from '../presence/update-presence.ts'
import { expireEntries } from '../queue/expire-entries.ts'
import { withdrawOffers } from '../queue/offer-entries.ts'
import { findOffers } from '../queue/offer-store.ts'
import { REVIEWER_DRIFT } from '../review/reviewer-drift.ts'
import { expireIdleSessions } from '../supervision/end-session.ts'
import { pauseUnwatched } from '../supervision/pause-session.ts'
import { checkpointJournal, findKnownJournals } from './checkpoint-journal.ts'
import { expireProposals } from './expire-proposals.ts'
import { runPluginJob, wakeLostWork } from './plugin-jobs.ts'
import { prune } from './prune.ts'
import { sealJournal } from './seal-journal.ts'
import { findDueProposals, findDueQueueEntries, findLostExecutions, findOpenSessions, findWorkspaces } from './store.ts'
import { checkJournal } from './verify-journal.ts'

/** A job of one workspace. */
export interface WorkspaceJob {
  /** Finds, as the system role, the workspaces in which it is due at a time (ISO 8601). */
  readonly find: (tx: Tx, at: string, context: GovernorContext) => Promise<readonly string[]>
  /** Does it; harmless when it runs twice, late, or for a workspace in which nothing is due. */
  readonly run: (context: GovernorContext, workspace: string) => Promise<unknown>
}

async function settleAllLost(context: GovernorContext, workspace: string): Promise<void> {
  for (;;) if ((await settleLostExecutions(context, workspace)) === 0) return
}

const JOBS = {
  'expire-proposals': { find: findDueProposals, run: expireProposals },
  'expire-queue': { find: findDueQueueEntries, run: expireEntries },
  'process-queue': { find: findOffers, run: withdrawOffers },
  'settle-lost-executions': { find: findLostExecutions, run: settleAllLost },
  'count-decisions': { find: findNotAddedUp, run: addUp },
  'count-evidence': { find: findDueEvidence, run: countEvidence },
  'pause-unwatched': { find: findOpenSessions, run: pauseUnwatched },
  'end-idle-sessions': { find: findOpenSessions, run: expireIdleSessions },
  'seal-journal': { find: findUnsealedWorkspaces, run: sealJournal },
  'verify-journal': { find: findKnownJournals, run: checkJournal },
  'checkpoint-journal': { find: findKnownJournals, run: checkpointJournal },
  'check-promotion': { find: findWorkspaces, run: checkPromotion },
  decay: { find: findWorkspaces, run: decay },
  'escalate-proposals': { find: findEscalating, run: escalate },
  'check-alerts': { find: findSuspects, run: checkAlerts },
  'check-slow-alerts': {
    find: findSlowSuspects,
    run: (context, workspace) => checkSlowAlerts(context, workspace, [REVIEWER_DRIFT]),
  },
  'check-daily-alerts': {
    find: findWorkspaces,
    run: (context, workspace) => checkDailyAlerts(context, workspace, [MISSED_TARGETS]),
  },
  'update-presence': { find: findDuePresences, run: updatePresence },
} as const satisfies Record<string, WorkspaceJob>

/** Name of a job of one workspace. */
export type WorkspaceJobName =
  | 'expire-proposals'
  | 'expire-queue'
  | 'process-queue'
  | 'settle-lost-executions'
  | 'count-decisions'
  | 'count-evidence'
  | 'pause-unwatched'
  | 'end-idle-sessions'
  | 'seal-journal'
  | 'verify-journal'
  | 'checkpoint-journal'
  | 'check-promotion'
  | 'decay'
  | 'escalate-proposals'
  | 'check-alerts'
  | 'check-slow-alerts'
  | 'check-daily-alerts'
  | 'update-presence'

/** What a job carries: ids only. Without a workspace it looks for all in which it is due. */
export interface JobPayload {
  readonly workspace?: string
  /** Id of what it is about, for jobs of plugins. */
  readonly id?: string
}

/** What a job stands on. */
export interface JobDependencies {
  readonly context: GovernorContext
  /** Adds a job, or finds it there already; false when the queue could not be reached in time. */
  readonly enqueue: (name: string, payload: JobPayload) => Promise<boolean>
  /** Jobs of plugins by their name. */
  readonly pluginJobs: ReadonlyMap<string, PluginJob>
}

/** Name of the job that wakes what the queue lost; queues of plugins have one of their own. */
export const RECONCILE = 'reconcile'

// What was due and has not been done, whoever should have: the queue may have lost it. Sealing has a poll of its own.
const RECONCILED: readonly WorkspaceJobName[] = [
  'expire-proposals',
  'expire-queue',
  'process-queue',
  'settle-lost-executions',
  'count-evidence',
  'end-idle-sessions',
  'seal-journal',
]

/**
 * Runs a job by name.
 *
 * @throws GovernanceError `INPUT_INVALID` for a job that this release does not know, or the code of a fault.
 */
export async function runJob(dependencies: JobDependencies, name: string, payload: JobPayload): Promise<void> {
  const { context } = dependencies
  if (name === RECONCILE) return reconcile(dependencies)
  if (name === 'prune') return void (await prune(context))
  const pluginJob = dependencies.pluginJobs.get(name)
  if (pluginJob !== undefined) return runPluginJob(context, pluginJob, payload)
  if (!isWorkspaceJob(name)) throw new GovernanceError('INPUT_INVALID', { message: `There is no job "${name}".` })
  const workspaces = payload.workspace === undefined ? await findDue(context, name) : [payload.workspace]
  const faults: unknown[] = []
  for (const workspace of workspaces) {
    // One that cannot have it must not keep it from the others.
    await JOBS[name].run(context, workspace).catch((error: unknown) => faults.push(error))
  }
  if (faults.length > 0) throw faults[0]
}

/** Finds what should have run and has not, and wakes it. */
async function reconcile({ context, enqueue, pluginJobs }: JobDependencies): Promise<void> {
  for (const name of RECONCILED) {
    for (const workspace of await findDue(context, name)) await enqueue(name, { workspace })
  }
  await wakeLostWork(context, pluginJobs, enqueue)
}

function findDue(context: GovernorContext, name: WorkspaceJobName): Promise<readonly string[]> {
  const at = isoTime(context.clock.now())
  return inWorkspace(context.database, { workspace: '*', role: 'system' }, (tx) => JOBS[name].find(tx, at, context))
}

function isWorkspaceJob(name: string): name is WorkspaceJobName {
  return Object.hasOwn(JOBS, name)
}
