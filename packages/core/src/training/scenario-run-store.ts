import type { JsonValue, Scenario, ScenarioRun } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

const FULL = 10_000

/** One scenario of a session, as it is stored. */
export interface StoredRun extends Omit<ScenarioRun, 'grader' | 'gradedByPerson' | 'task' | 'input' | 'topic'> {
  readonly definition: Scenario
  readonly gradingAttempts: number
  /** Not before this time after a failure. */
  readonly nextTryAt: string | null
}

/** Writes the scenarios of a new session, in their order. */
export async function insertRuns(tx: Tx, session: string, scenarios: readonly Scenario[]): Promise<void> {
  const rows = scenarios.map((scenario, index) => ({ ...scenario, position: index + 1, scenario }))
  await countOf(
    tx,
    sql`insert into scenario_runs (session_id, scenario_id, workspace_id, position, version, capability, weight, scenario)
        select ${session}, id, ${tx.workspace}, position, version, capability, weight, scenario
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          as r(id text, position integer, version integer, capability text, weight double precision, scenario jsonb)`,
  )
}

interface RunRow {
  readonly scenario_id: string
  readonly position: number
  readonly version: number
  readonly capability: string
  readonly weight: number
  readonly scenario: Scenario
  readonly attempts: number
  readonly grading_attempts: number
  readonly next_try_at: string | null
  readonly answer: JsonValue
  readonly answered_by: string | null
  readonly answered_at: string | null
  readonly score: number | null
  readonly feedback: string | null
  readonly graded_by: string | null
  readonly graded_at: string | null
}

/** Reads the scenarios of a session, in their order. */
export async function listRuns(tx: Tx, session: string): Promise<readonly StoredRun[]> {
  const rows = await rowsOf<RunRow>(
    tx,
    sql`select * from scenario_runs where workspace_id = ${tx.workspace} and session_id = ${session} order by position`,
  )
  return rows.map((row) => ({
    scenario: row.scenario_id,
    version: row.version,
    position: row.position,
    capability: row.capability,
    weight: row.weight,
    definition: row.scenario,
    attempts: row.attempts,
    gradingAttempts: row.grading_attempts,
    nextTryAt: isoOf(row.next_try_at),
    answer: row.answer,
    answeredBy: row.answered_by,
    answeredAt: isoOf(row.answered_at),
    score: row.score === null ? null : row.score / FULL,
    feedback: row.feedback,
    gradedBy: row.graded_by,
    gradedAt: isoOf(row.graded_at),
  }))
}

/** One scenario of one session. */
export interface RunKey {
  readonly session: string
  readonly scenario: string
}

/** Counts that a scenario is asked, before it is. */
export async function countAttempt(tx: Tx, { session, scenario }: RunKey): Promise<void> {
  await countOf(
    tx,
    sql`update scenario_runs set attempts = attempts + 1
        where workspace_id = ${tx.workspace} and session_id = ${session} and scenario_id = ${scenario}
          and answered_at is null`,
  )
}

/** Counts that a scenario is graded, before it is. */
export async function countGrading(tx: Tx, { session, scenario }: RunKey): Promise<void> {
  await countOf(
    tx,
    sql`update scenario_runs set grading_attempts = grading_attempts + 1
        where workspace_id = ${tx.workspace} and session_id = ${session} and scenario_id = ${scenario} and score is null`,
  )
}

/** Puts off what failed. */
export async function putOff(tx: Tx, { session, scenario, until }: RunKey & { readonly until: string }): Promise<void> {
  await countOf(
    tx,
    sql`update scenario_runs set next_try_at = ${until}
        where workspace_id = ${tx.workspace} and session_id = ${session} and scenario_id = ${scenario} and score is null`,
  )
}

/** Records an answer, once; false when there is one. */
export async function recordAnswer(
  tx: Tx,
  answer: RunKey & { readonly answer: JsonValue; readonly answeredBy: string; readonly at: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update scenario_runs set answer = ${JSON.stringify(answer.answer)}::jsonb, answered_by = ${answer.answeredBy},
          answered_at = ${answer.at}, next_try_at = null
        where workspace_id = ${tx.workspace} and session_id = ${answer.session} and scenario_id = ${answer.scenario}
          and answered_at is null`,
  )
  return changed === 1
}

/** Records a score, once; false when there is one, or no answer. */
export async function recordScore(
  tx: Tx,
  score: RunKey & {
    /** Basis points. */
    readonly score: number
    readonly feedback: string | null
    readonly gradedBy: string
    readonly at: string
  },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update scenario_runs set score = ${score.score}, feedback = ${score.feedback}, graded_by = ${score.gradedBy},
          graded_at = ${score.at}
        where workspace_id = ${tx.workspace} and session_id = ${score.session} and scenario_id = ${score.scenario}
          and answered_at is not null and score is null`,
  )
  return changed === 1
}
