import type {
  Page,
  PageQuery,
  RecordQuery,
  ScenarioRun,
  TrainingSession,
  TrainingSessionDetail,
} from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { accessOf, authorize, mayRead, visibleArgs } from '../access/authorize.ts'
import type { Operation } from '../access/permissions.ts'
import { recordListQuery, recordNotFound } from '../access/record-list-query.ts'
import { getAgent } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { redact } from '../journal/redact.ts'
import { pageOf } from '../kernel/pagination.ts'
import { isAutomatic } from './grade-answer.ts'
import { OWN } from './own-scenarios.ts'
import { listRuns, type StoredRun } from './scenario-run-store.ts'
import { findTrainingSession, listTrainingSessions } from './session-store.ts'

/**
 * Reads a session with its scenarios; what is expected of the agent is for people who judge.
 *
 * @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function readTrainingSession(
  context: GovernorContext,
  actor: Actor,
  id: string,
  operation: 'training_sessions.get' | 'training_sessions.answer' = 'training_sessions.get',
): Promise<TrainingSessionDetail> {
  authorize(actor, operation)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const session = await findTrainingSession(tx, id)
    if (session === undefined || !mayRead(actor, operation, session)) {
      throw recordNotFound('training session', id)
    }
    const runs = await listRuns(tx, id)
    return { ...session, scenarios: runs.map((run) => shown(actor, operation, run)) }
  })
}

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readTrainingSessions(
  context: GovernorContext,
  actor: Actor,
  query: RecordQuery,
): Promise<Page<TrainingSession>> {
  return readPage(context, actor, { operation: 'training_sessions.list', query })
}

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readTrainingHistory(
  context: GovernorContext,
  actor: Actor,
  { agent, ...query }: PageQuery & { readonly agent: string },
): Promise<Page<TrainingSession>> {
  authorize(actor, 'agents.training_history', { agent })
  await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => getAgent(tx, agent))
  return readPage(context, actor, { operation: 'agents.training_history', query: { ...query, agent } })
}

async function readPage(
  context: GovernorContext,
  actor: Actor,
  { operation, query }: { readonly operation: Operation; readonly query: RecordQuery },
): Promise<Page<TrainingSession>> {
  authorize(actor, operation)
  const wanted = recordListQuery(actor, query)
  const rows = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    listTrainingSessions(tx, wanted),
  )
  return pageOf(rows, wanted.limit, ({ createdAt, id }) => [createdAt, id])
}

function shown(actor: Actor, operation: Operation, run: StoredRun): ScenarioRun {
  const { definition, gradingAttempts: _, nextTryAt: __, ...rest } = run
  const { topic, task, input, grader } = definition
  const isJudge = actor.principal.kind === 'user' || actor.principal.kind === 'system'
  const isRedacted = accessOf(actor, operation) === 'redacted'
  return {
    ...rest,
    topic,
    task,
    // What an agent asked for is no example: its values are for those who may read args.
    input: run.scenario.startsWith(OWN) ? visibleArgs(actor, operation, input) : input,
    grader: isJudge && !isRedacted ? grader : null,
    gradedByPerson: !isAutomatic(grader),
    answer: isRedacted ? null : redact(run.answer),
    feedback: isJudge && !isRedacted ? run.feedback : null,
  }
}
