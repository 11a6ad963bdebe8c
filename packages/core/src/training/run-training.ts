import type { TrainingSession } from '@preceptor/client'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { askTrainee } from './ask-trainee.ts'
import { completeSession } from './complete-session.ts'
import { isAutomatic } from './grade-answer.ts'
import { gradeRun } from './grade-run.ts'
import { type ClaimedSession, claimSession, listDueSessions, MOST_GRADINGS, renewSession } from './lease-store.ts'
import { getLocked, moveIn } from './move-session.ts'
import { countAttempt, countGrading, listRuns, type StoredRun } from './scenario-run-store.ts'
import { isScorable, scoreOfRuns } from './session-score.ts'
import type { TrainingDependencies } from './training-dependencies.ts'

/** Name under which the runner stands in records. */
const TRAINER = 'system:training'

/** How often a scenario is asked before the session fails. */
const MOST_ATTEMPTS = 3

/**
 * Goes on with the sessions of agents that this process can ask, at most `limit` at once; gives how many. The claim of each
 * decides which of several processes runs it.
 *
 * @throws GovernanceError the code of a fault.
 */
export async function runTraining(dependencies: TrainingDependencies, limit: number): Promise<number> {
  const { context, trainees } = dependencies
  let total = 0
  for (const [workspace, agents] of trainees.agents()) {
    const at = isoTime(context.clock.now())
    const due = await inWorkspace(context.database, { workspace }, (tx) => listDueSessions(tx, { agents, at, limit }))
    const ran = await Promise.all(due.map((id) => runSession(dependencies, { workspace, id })))
    total += ran.filter(Boolean).length
  }
  return total
}

/** Runs a session until it has nothing to do, was taken over, paused or ended; false when another one has it. */
async function runSession(
  dependencies: TrainingDependencies,
  { workspace, id }: { readonly workspace: string; readonly id: string },
): Promise<boolean> {
  const { context } = dependencies
  const fence = await inWorkspace(context.database, { workspace }, (tx) => claim(dependencies, tx, id))
  if (fence === undefined) return false
  const held = { workspace, id, fence }
  try {
    for (;;) {
      const step = await inWorkspace(context.database, { workspace }, (tx) => nextStep(dependencies, tx, held))
      if (step.kind === 'stop') break
      if (step.kind === 'complete') {
        await completeRun(dependencies, held)
        break
      }
      if (step.kind === 'ask') await askTrainee(dependencies, held, step)
      else await gradeRun(dependencies, held, step)
    }
  } catch (error) {
    const message = `The training session ${id} was interrupted and is tried again: ${String(error)}`
    context.report({ level: 'warn', code: 'NOTICE', message })
  }
  await inWorkspace(context.database, { workspace }, (tx) => renewSession(tx, { id, fence, leaseExpiresAt: null }))
  return true
}

async function claim(dependencies: TrainingDependencies, tx: Tx, id: string): Promise<number | undefined> {
  const { context } = dependencies
  const at = isoTime(context.clock.now())
  const fence = await claimSession(tx, { id, at, leaseExpiresAt: leaseEnd(dependencies) })
  if (fence === undefined) return undefined
  const { session } = await getLocked(tx, id)
  if (session.state !== 'scheduled') return fence
  const start = { kind: 'training_session.started', from: ['scheduled'], to: 'in_progress' } as const
  await moveIn(context, tx, { ...start, id, reason: null, actor: TRAINER })
  return fence
}

/** Longer than an answer may take: whoever is silent for that long is gone. */
function leaseEnd({ context }: TrainingDependencies): string {
  const { trainingAnswerMs, claimLeaseMs } = context.settings
  return isoTime(context.clock.now() + trainingAnswerMs + claimLeaseMs)
}

/** What a runner does next. */
type Step =
  | { readonly kind: 'ask'; readonly session: TrainingSession; readonly run: StoredRun }
  | { readonly kind: 'grade'; readonly session: TrainingSession; readonly run: StoredRun }
  | { readonly kind: 'complete' }
  | { readonly kind: 'stop' }

/** Finds what is next and counts it, before it is done: what kills its runner again and again is not tried for ever. */
async function nextStep(dependencies: TrainingDependencies, tx: Tx, held: ClaimedSession): Promise<Step> {
  const { session, fence } = await getLocked(tx, held.id)
  if (fence !== held.fence || session.state !== 'in_progress') return { kind: 'stop' }
  const runs = await listRuns(tx, held.id)
  if (runs.every(({ score }) => score !== null)) return { kind: isScorable(runs) ? 'complete' : 'stop' }
  const at = isoTime(dependencies.context.clock.now())
  const isReady = ({ nextTryAt }: StoredRun): boolean => nextTryAt === null || nextTryAt <= at
  const lease = { id: held.id, fence, leaseExpiresAt: leaseEnd(dependencies) }
  const gradable = runs.find((run) => isReady(run) && isGradable(run))
  if (gradable !== undefined) {
    await countGrading(tx, { session: held.id, scenario: gradable.scenario })
    await renewSession(tx, lease)
    return { kind: 'grade', session, run: gradable }
  }
  const unanswered = runs.find(({ answeredAt }) => answeredAt === null)
  if (unanswered === undefined || !isReady(unanswered)) return { kind: 'stop' }
  if (unanswered.attempts >= MOST_ATTEMPTS) {
    const reason = `No answer to the scenario ${unanswered.scenario} in ${MOST_ATTEMPTS} attempts.`
    const fail = { kind: 'training_session.failed', from: ['in_progress'], to: 'failed' } as const
    await moveIn(dependencies.context, tx, { ...fail, id: held.id, reason, actor: TRAINER })
    return { kind: 'stop' }
  }
  await countAttempt(tx, { session: held.id, scenario: unanswered.scenario })
  await renewSession(tx, lease)
  return { kind: 'ask', session, run: unanswered }
}

function isGradable({ answeredAt, score, definition, gradingAttempts }: StoredRun): boolean {
  return answeredAt !== null && score === null && isAutomatic(definition.grader) && gradingAttempts < MOST_GRADINGS
}

/** Whoever was faster, completed it: it is completed once. */
async function completeRun(dependencies: TrainingDependencies, { workspace, id }: ClaimedSession): Promise<void> {
  await completeSession(dependencies, {
    workspace,
    id,
    actor: TRAINER,
    scoreOf: async (tx, { session }) => scoreOfRuns(session, await listRuns(tx, session.id)),
  })
}
