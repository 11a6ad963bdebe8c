import type { TrainingSession } from '@preceptor/client'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { gradeAnswer } from './grade-answer.ts'
import { journalProgress } from './journal-progress.ts'
import { getLocked } from './move-session.ts'
import { putOff, recordScore, type StoredRun } from './scenario-run-store.ts'
import type { TrainingDependencies } from './training-dependencies.ts'

const BACKOFF_MS = 5_000
const LONGEST_FEEDBACK = 2_000

/** Grades one recorded answer; a grader that fails leaves it without a score, to be graded later. */
export async function gradeRun(
  { context, grader }: TrainingDependencies,
  { workspace, id }: { readonly workspace: string; readonly id: string },
  { session, run }: { readonly session: TrainingSession; readonly run: StoredRun },
): Promise<void> {
  const asked = {
    scenario: run.definition,
    agent: session.agent,
    answer: run.answer,
    at: isoTime(context.clock.now()),
    model: grader,
  }
  const grading = await gradeAnswer(asked)
  const key = { session: id, scenario: run.scenario }
  await inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    const { state } = (await getLocked(tx, id)).session
    // Cancelled while it was graded.
    if (state !== 'in_progress' && state !== 'paused') return
    const now = context.clock.now()
    if (grading.result === 'graded') {
      const feedback = grading.feedback?.slice(0, LONGEST_FEEDBACK) ?? null
      if (!(await recordScore(tx, { ...key, ...grading, feedback, at: isoTime(now) }))) return
      await journalProgress(context, tx, { id, scenario: run.scenario, actor: grading.gradedBy, score: grading.score })
      return
    }
    await putOff(tx, { ...key, until: isoTime(now + BACKOFF_MS * 2 ** run.gradingAttempts) })
    const why = grading.result === 'outage' ? grading.message : 'no model is configured'
    context.report({ level: 'warn', code: 'NOTICE', message: `${run.scenario} of ${id} has no score yet: ${why}` })
  })
}
