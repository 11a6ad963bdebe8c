import { GovernanceError, type JsonValue, type TrainingSession } from '@preceptor/client'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { withDeadline } from '../kernel/deadline.ts'
import { assertJsonObject } from '../kernel/json-guard.ts'
import { journalProgress } from './journal-progress.ts'
import type { ClaimedSession } from './lease-store.ts'
import { getLocked } from './move-session.ts'
import { putOff, recordAnswer, type StoredRun } from './scenario-run-store.ts'
import type { TrainingDependencies } from './training-dependencies.ts'

const MOST_BYTES = 65_536
const BACKOFF_MS = 1_000

/** Asks the agent about one scenario and records its answer before anything else; a late or failed one is asked again. */
export async function askTrainee(
  dependencies: TrainingDependencies,
  held: ClaimedSession,
  asked: { readonly session: TrainingSession; readonly run: StoredRun },
): Promise<void> {
  const { context } = dependencies
  const { run, session } = asked
  const key = { session: held.id, scenario: run.scenario }
  const answer = await answerOf(dependencies, held, asked).catch((error: unknown) => ({ fault: String(error) }))
  await inWorkspace(context.database, { workspace: held.workspace, retry: true }, async (tx) => {
    const now = context.clock.now()
    const locked = await getLocked(tx, held.id)
    const isOpen = locked.session.state === 'in_progress' || locked.session.state === 'paused'
    // Somebody else asks by now, or nobody does any more.
    if (locked.fence !== held.fence || !isOpen) return
    if ('fault' in answer) {
      const message = `The agent ${session.agent} gave no answer to ${run.scenario}: ${answer.fault}`
      context.report({ level: 'warn', code: 'NOTICE', message })
      await putOff(tx, { ...key, until: isoTime(now + BACKOFF_MS * 2 ** run.attempts) })
      return
    }
    const answered = { ...key, ...answer, answeredBy: `agent:${session.agent}`, at: isoTime(now) }
    if (await recordAnswer(tx, answered)) {
      await journalProgress(context, tx, { id: held.id, scenario: run.scenario, actor: answered.answeredBy })
    }
  })
}

async function answerOf(
  { context, trainees }: TrainingDependencies,
  { workspace, id }: ClaimedSession,
  { session, run }: { readonly session: TrainingSession; readonly run: StoredRun },
): Promise<{ readonly answer: JsonValue }> {
  const { agent } = session
  const trainee = trainees.find({ workspace, agent })
  if (trainee === undefined) throw new GovernanceError('NOT_FOUND', { message: 'Nobody here answers for it.' })
  const { topic, capability, task, input } = run.definition
  const controller = new AbortController()
  const question = { agent, session: id, scenario: run.scenario, topic, capability, task, input }
  try {
    const asking = Promise.resolve().then(() => trainee({ ...question, signal: controller.signal }))
    const answer = await withDeadline(asking, { milliseconds: context.settings.trainingAnswerMs })
    return readAnswer(answer)
  } finally {
    controller.abort()
  }
}

/** @throws GovernanceError `INPUT_INVALID`, `BODY_TOO_LARGE` or `BODY_TOO_DEEP` for what is no JSON of at most 64 kB. */
export function readAnswer(answer: unknown): { readonly answer: JsonValue } {
  const read = assertJsonObject({ answer }, { name: 'answer', maxBytes: MOST_BYTES })
  return { answer: read.answer ?? null }
}
