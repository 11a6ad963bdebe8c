import type { TestGovernor } from '@preceptor/core/testing'
import { learning } from '@preceptor/learning'
import { HOSTILE } from './workflow-records.ts'

/** Feedback, examples and a playbook in two versions. */
export interface Lessons {
  /** Id of the playbook; version 1 is deployed for everybody. */
  readonly playbook: string
}

/** Has people correct an agent, and write down what it should do. */
export async function makeLessons(test: TestGovernor): Promise<Lessons> {
  const { feedback, examples } = test.admin.plugin(learning)
  const about = { kind: 'outside', id: 'answer-1' } as const
  const answers = ['At any time.', 'Within a year.', HOSTILE]
  for (const [index, output] of answers.entries()) {
    await feedback.give({
      agent: 'billing-bot',
      kind: 'correction',
      input: `How long can a refund be asked for? (${index})`,
      output,
      correction: 'Within 14 days of delivery.',
      tags: ['refund', 'deadline'],
      about,
    })
  }
  await feedback.give({ agent: 'billing-bot', kind: 'positive', input: 'Hello?', output: 'Good morning.', about })
  await examples.import(JSON.stringify({ agentType: 'support', input: 'Is it late?', correction: 'Yes, by a day.' }))
  const { playbooks } = test.admin
  const first = await playbooks.write({ agentType: 'support', instructions: 'Be brief.\nAsk for a photo.' })
  const instructions = `Be brief.\nAsk for a photo of the parcel.\n${HOSTILE}`
  const note = 'Three were corrected for this.'
  await playbooks.write({
    agentType: 'support',
    instructions,
    note,
    examples: [{ input: 'Broken.', output: 'A photo?' }],
  })
  const deployment = { version: 1, tier: 'system', force: true, reason: 'To begin with.' } as const
  await playbooks.deploy(first.playbook, deployment)
  return { playbook: first.playbook }
}
