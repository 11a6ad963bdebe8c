import type { Scenario } from '@preceptor/client'
import { type Maker, noteArgs, refundArgs } from './maker.ts'
import type { Texts } from './usual-texts.ts'

/** Ids of courses and sessions. */
export interface TrainingIds {
  /** A course that waits for a decision. */
  readonly course: string
  readonly rejected: string
  /** A session that somebody scores. */
  readonly running: string
  readonly completed: string
  readonly cancelled: string
}

/** The scenarios of a world. */
export const scenariosOf = (texts: Texts): readonly Scenario[] => [
  {
    id: 'refund.limit',
    version: 1,
    topic: texts('scenario.topic', 0),
    capability: 'refund',
    task: texts('scenario.task', 0),
    input: { cents: 9_000, order: texts('scenario.input') },
    grader: { kind: 'exact', expected: { decision: 'ask' } },
    weight: 1,
  },
  {
    id: 'note.letter',
    version: 1,
    topic: texts('scenario.topic', 1),
    capability: 'note',
    task: texts('scenario.task', 1),
    input: { customer: texts('args.to'), order: texts('scenario.input') },
    grader: { kind: 'human', instructions: texts('scenario.instructions') },
    weight: 2,
  },
  {
    id: 'note.reply',
    version: 1,
    topic: texts('scenario.topic', 1),
    capability: 'note',
    task: texts('scenario.task', 1),
    input: { customer: texts('args.to', 1), order: texts('scenario.input') },
    grader: { kind: 'human', instructions: texts('scenario.instructions') },
    weight: 2,
  },
  {
    id: 'note.sum',
    version: 2,
    topic: texts('scenario.topic', 0),
    capability: 'note',
    task: texts('scenario.task', 0),
    input: { items: [100, 250] },
    grader: { kind: 'numeric', at: '/cents', expected: 350, tolerance: 0 },
    weight: 1,
  },
]

/** Puts blocked triggers, courses and sessions in. */
export async function makeTraining({ stage, texts, ana, ben, time }: Maker): Promise<TrainingIds> {
  const { admin } = stage.test
  const block = async (agent: string, action: string, key: string): Promise<string> => {
    const args = action === 'refund.create' ? refundArgs(texts, 0) : noteArgs(texts, 0)
    const trigger = { agent, action, args, resource: texts('resource'), idempotencyKey: key }
    const decision = await stage.test.agent(agent).decide(trigger)
    if (decision.route !== 'training') throw new Error(`${decision.route}: ${decision.reason}`)
    return decision.trainingProposal.id
  }
  for (const id of ['pupil-one', 'pupil-two']) {
    await admin.agents.register({ id, ownerId: texts('agent.owner'), displayName: texts('agent.name', 1) })
  }
  const rejected = await block('pupil-one', 'refund.create', 'a')
  await ben.trainingProposals.reject(rejected, texts('training.rejected'))
  const other = await ben.trainingProposals.approve(await block('pupil-two', 'refund.create', 'a'))
  await ben.trainingSessions.cancel(other.sessionId ?? '', texts('training.cancelled'))
  const completed = (await admin.agents.trainingHistory('support-bot')).items[0]?.id ?? ''
  const { sessionId } = await ben.trainingProposals.approve(await block('letter-bot', 'note.write', 'a'))
  const running = sessionId ?? ''
  await ben.trainingSessions.start(running)
  const { scenarios } = await ana.trainingSessions.get(running)
  // One is scored, and one waits for somebody who scores it.
  const letters = scenarios.filter(({ gradedByPerson }) => gradedByPerson)
  for (const { scenario } of letters) {
    await ana.trainingSessions.answer(running, { scenario, answer: { letter: texts('training.answer') } })
  }
  const scored = { score: 0.8, feedback: texts('training.feedback') }
  await ben.trainingSessions.answer(running, { scenario: letters[0]?.scenario ?? '', ...scored })
  const course = await block('stock-bot', 'note.write', 'a')
  await block('stock-bot', 'note.write', 'b')
  await block('stock-bot', 'note.write', 'c')
  time.arrive()
  return { course, rejected, running, completed, cancelled: other.sessionId ?? '' }
}
