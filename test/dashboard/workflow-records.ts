import type { TestGovernor } from '@preceptor/core/testing'
import { type OrchestrationOperations, orchestration, type WorkflowDefinition } from '@preceptor/orchestration'
import { expect } from 'vitest'

/** What would be markup, were it anything but text. */
export const HOSTILE = '<img src=x onerror=ran()><script>ran()</script>\u202e'

/** Workflows with runs in every state. */
export interface FlowRecords {
  /** Id of a workflow with steps of every type, in two versions. */
  readonly refund: string
  /** Ids of runs, by how they stand. */
  readonly runs: Readonly<Record<'completed' | 'failed' | 'waiting' | 'cancelled', string>>
}

/** A definition with every type of step. */
const REFUND: WorkflowDefinition = {
  name: 'Refund above the limit',
  description: 'Looks at an order, asks people where it is large, and pays.',
  agent: 'flow-bot',
  input: {
    type: 'object',
    properties: { cents: { type: 'integer', minimum: 1 }, order: { type: 'string', default: 'A-1043' } },
    required: ['cents'],
  },
  steps: [
    {
      id: 'load',
      type: 'transform',
      title: 'Look at the order',
      value: { cents: { $cel: 'input.cents' }, by: HOSTILE },
    },
    {
      id: 'checks',
      type: 'parallel',
      title: 'Check both sides',
      branches: [
        { name: 'credit', steps: [{ id: 'credit', type: 'agent', action: 'note.write', args: { text: 'credit' } }] },
        {
          name: 'fraud',
          onFailure: 'ignore',
          steps: [{ id: 'fraud', type: 'transform', title: HOSTILE, value: { $cel: 'steps.load.cents * 2' } }],
        },
      ],
    },
    { id: 'large', type: 'condition', branches: [{ when: 'input.cents > 10000', next: 'ask' }], otherwise: 'pay' },
    {
      id: 'ask',
      type: 'approval',
      question: 'Refund this much?',
      data: { cents: { $cel: 'input.cents' } },
      onReject: 'end',
    },
    {
      id: 'pay',
      type: 'agent',
      action: 'mail.send',
      args: { body: 'You have been paid.' },
      next: 'sum',
      onError: 'tell',
    },
    { id: 'tell', type: 'api_call', method: 'GET', url: 'https://crm.example.com/orders', onError: 'sum' },
    { id: 'sum', type: 'transform', value: { total: { $cel: '[input.cents][input.cents == 7 ? 5 : 0]' } } },
  ],
}

/** Writes workflows, and has runs of them come to every state. */
export async function makeFlows(test: TestGovernor): Promise<FlowRecords> {
  await test.register('flow-bot', 'autonomous')
  // A supervisor who signs in nowhere: whoever starts a run may not approve its steps.
  const { workflows, runs } = test.user('cleo', 'supervisor').plugin(orchestration)
  const { id } = await workflows.create({ ...REFUND, steps: REFUND.steps.filter((step) => step.id !== 'checks') })
  await workflows.update(id, { definition: REFUND, base: 1, note: 'Both sides are checked.' })
  const start = async (cents: number): Promise<string> => (await runs.execute(id, { input: { cents } })).id
  const [completed, failed, waiting, cancelled] = [
    await start(5),
    await start(7),
    await start(50_000),
    await start(60_000),
  ]
  await reaches(runs, completed, 'completed')
  await reaches(runs, failed, 'failed')
  await reaches(runs, waiting, 'waiting')
  await reaches(runs, cancelled, 'waiting')
  await runs.cancel(cancelled, 'It is not needed any more.')
  return { refund: id, runs: { completed, failed, waiting, cancelled } }
}

/** Waits until a run is in a state. */
export function reaches(runs: OrchestrationOperations['runs'], id: string, state: string): Promise<void> {
  return expect.poll(async () => (await runs.get(id)).state, { timeout: 20_000 }).toBe(state)
}
