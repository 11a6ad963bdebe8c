import { type ControlScope, GovernanceError } from '@preceptor/client'
import { learning, type TrainingRun } from '@preceptor/learning'
import type { Ask } from './agent.ts'
import type { Lesson } from './lessons.ts'

/** Who takes part in a workspace, and where it is told. */
export interface Cast {
  /** Sue, over HTTP. */
  readonly supervisor: ControlScope
  /** Ada, over HTTP. */
  readonly administrator: ControlScope
  readonly ask: Ask
  readonly say: (line: string) => void
}

/** An answer of the agent, and whether it is the right one. */
export interface Answered {
  readonly question: string
  readonly answer: string
  readonly isRight: boolean
}

const AGENT = 'refund-bot'
const PATIENCE_MS = 120_000

/** Asks the agent the questions of the lessons. */
export async function askAll({ ask, say }: Cast, lessons: readonly Pick<Lesson, 'question' | 'right'>[]) {
  const answered: Answered[] = []
  for (const { question, right } of lessons) {
    const answer = await ask(question)
    answered.push({ question, answer, isRight: answer === right })
    say(`   ${answer === right ? 'right' : 'wrong'}  ${question} ${answer}`)
  }
  return answered
}

/** What was corrected earlier is imported, Sue corrects, and a worker trains and tests. */
export async function teach(
  cast: Cast,
  { earlier, lessons }: { readonly earlier: string; readonly lessons: readonly Lesson[] },
) {
  const { supervisor, administrator, say } = cast
  const { added } = await administrator.plugin(learning).examples.import(earlier)
  const { feedback, examples, training } = supervisor.plugin(learning)
  for (const { question, wrong, right, matter } of lessons) {
    const about = { kind: 'outside', id: `question-${matter}` } as const
    const said = { input: question, output: wrong, correction: right, tags: [matter] }
    await feedback.give({ agent: AGENT, kind: 'correction', about, ...said })
  }
  const { items: taught } = await examples.list({ isHeldOut: false, limit: 100 })
  const { items: heldOut } = await examples.list({ isHeldOut: true, limit: 100 })
  say(`   Ada imports ${added} earlier corrections, Sue gives ${lessons.length}. By their hashes ${heldOut.length} are`)
  say(`   held out: they test the playbook and never stand in it. ${taught.length} are taught.`)
  const ended = await follow(supervisor)
  const { id } = await training.train(AGENT, { deploy: true })
  await ended(id)
  const run = await training.get(id)
  if (run.state === 'completed') tell(say, run)
  return { added, taught: taught.map(({ input }) => input), heldOut: heldOut.map(({ input }) => input), run }
}

/** The version leaves use; what stood before it comes back, which is nothing here. */
export async function rollBack({ supervisor, say }: Cast, playbook: string) {
  const { items } = await supervisor.playbooks.deployments(playbook, { state: 'active' })
  const [deployment] = items
  if (deployment === undefined) throw new GovernanceError('NOT_FOUND', { message: 'Nothing is deployed.' })
  const rolledBack = await supervisor.playbooks.rollback(deployment.id, 'The rules of the shop are being rewritten.')
  say(`   ${deployment.id} is rolled back.`)
  return { deployment, rolledBack }
}

function tell(say: Cast['say'], { playbook, test, deployment, examples }: TrainingRun): void {
  say(`   A worker writes version ${playbook?.version} of ${playbook?.id} from ${examples} corrections, and tests it.`)
  if (test?.state === 'tested') {
    const { cases, before, after, improvement, p, interval } = test
    const [low, high] = interval.map((end) => end.toFixed(1))
    say(`   Held-out test: ${before.toFixed(1)} before, ${after.toFixed(1)} after: ${improvement.toFixed(1)} points,`)
    say(`   n = ${cases}, p = ${p.toPrecision(2)} (exact sign test), 95 % interval ${low} to ${high}.`)
  }
  say(`   ${deployment?.deployed ? 'Deployed' : 'Not deployed'}: ${deployment?.reason}`)
}

/** Listens from now on; gives what waits for the end of a run. */
async function follow(scope: ControlScope): Promise<(run: string) => Promise<void>> {
  const subscription = await scope.events.subscribe({ signal: AbortSignal.timeout(PATIENCE_MS) })
  return async (run) => {
    for await (const { kind, subjectId } of subscription) {
      if (subjectId === run && (kind === 'training_run.completed' || kind === 'training_run.failed')) return
    }
    throw new Error(`The training ${run} did not end within ${PATIENCE_MS / 1_000} s.`)
  }
}
