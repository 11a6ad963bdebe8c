import { GovernanceError, type ScenarioAnswer, type TrainingSessionDetail } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize, mayRead } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { personText } from '../access/person-text.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { readAnswer } from './ask-trainee.ts'
import { assertNotInvolved } from './assert-not-involved.ts'
import { completeSession } from './complete-session.ts'
import { isAutomatic } from './grade-answer.ts'
import { gradeRun } from './grade-run.ts'
import { journalProgress } from './journal-progress.ts'
import { MOST_GRADINGS } from './lease-store.ts'
import { getLocked, notIn } from './move-session.ts'
import { readTrainingSession } from './read-sessions.ts'
import { listRuns, recordAnswer, recordScore, type StoredRun } from './scenario-run-store.ts'
import { scoreOfRuns } from './session-score.ts'
import type { TrainingDependencies } from './training-dependencies.ts'

const FULL = 10_000
const input = z
  .strictObject({
    scenario: z.string().min(1).max(300),
    answer: z.unknown().optional(),
    score: z.number().min(0).max(1).optional(),
    feedback: personText(2_000).optional(),
  })
  .refine(({ answer, score }) => answer !== undefined || score !== undefined, 'an answer or a score is needed')

type Entry = z.output<typeof input>

/**
 * Enters the answer to a scenario by hand, or the score of one that waits for a person. The last score completes the
 * session.
 *
 * @throws GovernanceError `CONFLICT` when it is not in progress, has the answer or score, or waits for no person;
 * `PERMISSION_DENIED`, `NOT_FOUND`, `INPUT_INVALID`, or the code of a fault.
 */
export async function answerScenario(
  dependencies: TrainingDependencies,
  actor: Actor,
  request: { readonly id: string; readonly answer: ScenarioAnswer },
): Promise<TrainingSessionDetail> {
  authorize(actor, 'training_sessions.answer')
  const entry = parseInput(input, request.answer, 'answer')
  const { context } = dependencies
  const { workspace } = actor
  const { id } = request
  const { session, runs } = await inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    const { session } = await getLocked(tx, id)
    if (!mayRead(actor, 'training_sessions.answer', session)) throw recordNotFound('training session', id)
    await assertNotInvolved(tx, actor, { agent: session.agent, isScore: true })
    if (session.state !== 'in_progress') throw notIn(session, ['in_progress'])
    await enter(dependencies, tx, { actor, id, entry })
    return { session, runs: await listRuns(tx, id) }
  })
  const entered = runs.find(({ scenario }) => scenario === entry.scenario)
  if (entered?.answeredAt && entered.score === null && isAutomatic(entered.definition.grader)) {
    await gradeRun(dependencies, { workspace, id }, { session, run: entered })
  }
  await completeWhenGraded(dependencies, { workspace, id, actor: actorName(actor) })
  return readTrainingSession(context, actor, id, 'training_sessions.answer')
}

async function enter(
  { context }: TrainingDependencies,
  tx: Tx,
  { actor, id, entry }: { readonly actor: Actor; readonly id: string; readonly entry: Entry },
): Promise<void> {
  const run = (await listRuns(tx, id)).find(({ scenario }) => scenario === entry.scenario)
  if (run === undefined) throw recordNotFound('scenario of this session', entry.scenario)
  const key = { session: id, scenario: run.scenario }
  const at = isoTime(context.clock.now())
  const by = actorName(actor)
  if (entry.answer !== undefined) {
    const answer = { ...key, ...readAnswer(entry.answer), answeredBy: by, at }
    if (!(await recordAnswer(tx, answer))) throw taken(run.scenario, 'an answer')
    await journalProgress(context, tx, { id, scenario: run.scenario, actor: by })
  }
  if (entry.score === undefined) return
  assertMayScore(actor, run, entry)
  const score = { ...key, score: Math.round(entry.score * FULL), feedback: entry.feedback ?? null, gradedBy: by, at }
  if (!(await recordScore(tx, score))) throw taken(run.scenario, 'a score, or no answer')
  await journalProgress(context, tx, { id, scenario: run.scenario, actor: by, score: score.score })
}

/** A person scores what waits for a person, and no answer that the same person entered. */
function assertMayScore(actor: Actor, run: StoredRun, entry: Entry): void {
  if (actor.principal.kind !== 'user') {
    throw new GovernanceError('PERMISSION_DENIED', { message: 'Only a person scores an answer.' })
  }
  const { definition, gradingAttempts, answeredBy } = run
  const isLeft = definition.grader.kind === 'rubric' && gradingAttempts >= MOST_GRADINGS
  if (definition.grader.kind !== 'human' && !isLeft) {
    throw new GovernanceError('CONFLICT', {
      message: `The scenario ${run.scenario} is scored by its grader (${definition.grader.kind}).`,
    })
  }
  if (entry.answer !== undefined || answeredBy === actorName(actor)) {
    throw new GovernanceError('PERMISSION_DENIED', { message: 'Who entered an answer does not score it.' })
  }
}

function taken(scenario: string, what: string): GovernanceError {
  return new GovernanceError('CONFLICT', { message: `The scenario ${scenario} has ${what} already.` })
}

async function completeWhenGraded(
  dependencies: TrainingDependencies,
  { workspace, id, actor }: { readonly workspace: string; readonly id: string; readonly actor: string },
): Promise<void> {
  const { database } = dependencies.context
  const runs = await inWorkspace(database, { workspace }, (tx) => listRuns(tx, id))
  if (runs.some(({ score }) => score === null)) return
  try {
    await completeSession(dependencies, {
      workspace,
      id,
      actor,
      scoreOf: async (tx, { session }) => scoreOfRuns(session, await listRuns(tx, session.id)),
    })
  } catch (error) {
    // Somebody else entered the last score at the same moment, or paused it in between.
    if (!GovernanceError.isInstance(error) || error.code !== 'CONFLICT') throw error
  }
}
