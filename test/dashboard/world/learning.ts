import { learning } from '@preceptor/learning'
import { comes, type Maker } from './maker.ts'

/** Ids of what was learned. */
export interface LearningIds {
  readonly playbook: string
  readonly session: string
}

/** Type of the agents that learn. */
const LEARNERS = 'support'

const EXAMPLES = 16

/** Puts feedback, examples, playbooks, sessions, experiments and a prediction in. */
export async function makeLearning(maker: Maker): Promise<LearningIds> {
  const { texts } = maker
  const { feedback, examples } = maker.stage.test.admin.plugin(learning)
  for (let index = 0; index < 6; index += 1) {
    await feedback.give({
      agent: 'billing-bot',
      kind: 'correction',
      input: `${index + 1}. ${texts('feedback.input', index)}`,
      output: texts('feedback.output', index),
      correction: `${texts('feedback.correction', index)} `,
      comment: texts('feedback.comment'),
      tags: index < 4 ? ['refund', 'deadline'] : ['shipping'],
      about: { kind: 'outside', id: `answer-${index}`, task: texts('feedback.task') },
    })
  }
  for (const kind of ['positive', 'negative', 'suggestion'] as const) {
    const about = { kind: 'outside', id: kind, task: texts('feedback.task') } as const
    const [input, output] = [texts('feedback.input'), texts('feedback.correction')]
    await feedback.give({ agent: 'billing-bot', kind, input, output, comment: texts('feedback.comment'), about })
  }
  const lines = Array.from({ length: EXAMPLES }, (_, index) =>
    JSON.stringify({
      agentType: LEARNERS,
      input: `${index + 1}. ${texts('feedback.input', index)}`,
      output: texts('feedback.output', index),
      correction: `${texts('feedback.correction', index)} `,
      tags: ['refund'],
    }),
  )
  await examples.import(lines.join('\n'))
  const playbook = await makePlaybook(maker)
  const session = await makeSessions(maker)
  await makeTrials(maker, playbook)
  return { playbook, session }
}

async function makePlaybook({ texts, stage, ada }: Maker): Promise<string> {
  const { playbooks } = stage.test.admin
  const first = await playbooks.write({
    agentType: LEARNERS,
    name: texts('playbook.name'),
    instructions: texts('playbook.instructions', 0),
  })
  const example = { input: texts('playbook.example', 0), output: texts('playbook.example', 1) }
  await ada.playbooks.write({
    agentType: LEARNERS,
    name: texts('playbook.name'),
    instructions: texts('playbook.instructions', 1),
    note: texts('playbook.note'),
    examples: [{ ...example, note: texts('playbook.note') }],
  })
  const reason = texts('playbook.deployed')
  await ada.playbooks.deploy(first.playbook, { version: 1, tier: 'system', force: true, reason })
  const canary = { version: 2, tier: 'project', target: 'desk', share: 0.2, force: true, reason } as const
  await ada.playbooks.deploy(first.playbook, canary)
  return first.playbook
}

/** Sessions whose answers a model improved and rated. */
async function makeSessions({ texts, stage }: Maker): Promise<string> {
  const { sessions, analytics } = stage.test.admin.plugin(learning)
  const ids: string[] = []
  for (let index = 0; index < 6; index += 1) {
    const { id } = await sessions.start({
      agentType: LEARNERS,
      agent: 'billing-bot',
      originalResponse: `${texts('feedback.output', index)} (${index + 1})`,
      correction: texts('feedback.correction', index),
      context: texts('feedback.input', index),
      format: 'conversation',
    })
    ids.push(id)
  }
  for (const id of ids) {
    await comes(async () => {
      const { state } = await sessions.get(id)
      return state === 'completed' || state === 'failed' ? state : undefined
    })
  }
  await analytics.predict(LEARNERS)
  return ids[0] ?? ''
}

/** A training run, an experiment that somebody stopped, and one that goes on. */
async function makeTrials({ texts, stage, stall }: Maker, playbook: string): Promise<void> {
  const { training, experiments } = stage.test.admin.plugin(learning)
  await training.train('billing-bot').catch(() => undefined)
  const first = await experiments.start({ agentType: LEARNERS, subject: { kind: 'playbooks', playbook, a: 1, b: 2 } })
  await experiments.stop(first.id, texts('experiment.stopped')).catch(() => undefined)
  const subject = { kind: 'playbooks', playbook, a: null, b: 2 } as const
  const { id } = await experiments.start({ agentType: LEARNERS, subject })
  await comes(async () => ((await experiments.get(id)).state === 'running' ? undefined : id))
  stall()
  await experiments.start({ agentType: LEARNERS, subject })
}
