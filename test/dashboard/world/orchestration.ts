import { type OrchestrationOperations, orchestration, type WorkflowDefinition } from '@preceptor/orchestration'
import { comes, type Maker } from './maker.ts'
import type { Texts } from './usual-texts.ts'

/** Ids of workflows, their runs, and collaborations. */
export interface OrchestrationIds {
  readonly workflow: string
  readonly runs: Readonly<Record<'completed' | 'failed' | 'waiting' | 'cancelled' | 'unknown', string>>
  /** The proposal that the waiting run asks by. */
  readonly asked: string
  /** A collaboration with a vote that is open. */
  readonly vote: string
  /** A collaboration with delegations. */
  readonly delegated: string
}

/** A definition with every type of step. */
const definitionOf = (texts: Texts): WorkflowDefinition => ({
  name: texts('workflow.name'),
  description: texts('workflow.description'),
  agent: 'flow-bot',
  input: {
    type: 'object',
    properties: { cents: { type: 'integer', minimum: 1 }, order: { type: 'string' } },
    required: ['cents'],
  },
  steps: [
    {
      id: 'load',
      type: 'transform',
      title: texts('workflow.title', 0),
      value: { cents: { $cel: 'input.cents' }, note: texts('workflow.value') },
    },
    {
      id: 'checks',
      type: 'parallel',
      title: texts('workflow.title', 1),
      branches: [
        {
          name: 'credit',
          steps: [{ id: 'credit', type: 'agent', action: 'note.write', args: { text: texts('workflow.value') } }],
        },
        {
          name: 'fraud',
          onFailure: 'ignore',
          steps: [{ id: 'fraud', type: 'transform', value: { $cel: 'steps.load.cents * 2' } }],
        },
      ],
    },
    { id: 'large', type: 'condition', branches: [{ when: 'input.cents > 10000', next: 'ask' }], otherwise: 'pay' },
    {
      id: 'ask',
      type: 'approval',
      question: texts('workflow.question'),
      data: { cents: { $cel: 'input.cents' }, note: texts('workflow.value') },
      onReject: 'end',
    },
    {
      id: 'pay',
      type: 'agent',
      action: 'mail.send',
      args: { body: texts('preview.text') },
      next: 'sum',
      onError: 'tell',
    },
    { id: 'tell', type: 'api_call', method: 'GET', url: 'https://crm.example.com/orders', onError: 'sum' },
    { id: 'sum', type: 'transform', value: { total: { $cel: '[input.cents][input.cents == 7 ? 5 : 0]' } } },
  ],
})

/** Puts workflows with runs and a schedule, and collaborations in. */
export async function makeOrchestration(maker: Maker): Promise<OrchestrationIds> {
  const { texts, stage } = maker
  // A supervisor who signs in nowhere: whoever starts a run may not approve its steps.
  const { workflows, runs, schedules } = stage.test.user('cleo', 'supervisor').plugin(orchestration)
  const definition = definitionOf(texts)
  const { id } = await workflows.create({
    ...definition,
    steps: definition.steps.filter(({ type }) => type !== 'parallel'),
  })
  await workflows.update(id, { definition, base: 1, note: texts('workflow.note') })
  const input = { order: texts('workflow.input') }
  const run = async (cents: number, state: string): Promise<string> => {
    const started = await runs.execute(id, { input: { cents, ...input } })
    await comes(async () => ((await runs.get(started.id)).state === state ? true : undefined))
    return started.id
  }
  const made = {
    completed: await run(5, 'completed'),
    failed: await run(7, 'failed'),
    waiting: await run(50_000, 'waiting'),
    cancelled: await run(60_000, 'waiting'),
    unknown: await loseOne(maker),
  }
  await runs.cancel(made.cancelled, texts('workflow.cancelled'))
  const timing = { workflow: id, cron: '0 9 * * 1-5', timezone: 'Europe/Berlin' }
  await schedules.create({ ...timing, input: { cents: 9, ...input } })
  const [asked] = (await stage.test.admin.proposals.list({ agent: 'flow-bot', state: 'pending' })).items
  const ids = { workflow: id, runs: made, asked: asked?.id ?? '' }
  return { ...ids, vote: await makeVote(maker), delegated: await makeDelegations(maker) }
}

/** A run whose request was taken by a server that never answered. */
async function loseOne({ stage, texts, receiver }: Maker): Promise<string> {
  const { workflows, runs } = stage.test.user('cleo', 'supervisor').plugin(orchestration)
  const { id } = await workflows.create({
    name: texts('workflow.other'),
    agent: 'flow-bot',
    steps: [{ id: 'tell', type: 'api_call', method: 'POST', url: `${receiver}/lost`, body: {} }],
  })
  const run = await runs.execute(id)
  return comes(async () => {
    const { steps } = await runs.get(run.id)
    return steps.some(({ state }) => state === 'outcome_unknown') ? run.id : undefined
  })
}

const partsOf = ({ stage }: Maker): OrchestrationOperations => stage.test.admin.plugin(orchestration)

/** People and an agent that is never called, with messages, a shared context and a vote. */
async function makeVote(maker: Maker): Promise<string> {
  const { texts } = maker
  const { collaborations, delegations } = partsOf(maker)
  const { id } = await collaborations.create({
    mode: 'consensus',
    task: texts('collaboration.task', 0),
    context: { tone: texts('collaboration.context') },
    members: [
      { kind: 'agent', id: 'billing-bot' },
      { kind: 'user', id: 'ana' },
      { kind: 'user', id: 'ben' },
    ],
    consensus: { options: [texts('collaboration.option', 0), `${texts('collaboration.option', 1)}.`], quorum: 2 },
  })
  await collaborations.execute(id)
  const ben = maker.ben.plugin(orchestration)
  await ben.collaborations.send(id, texts('collaboration.message', 0))
  await maker.ana.plugin(orchestration).collaborations.send(id, texts('collaboration.message', 1))
  await delegations.create({ collaboration: id, to: 'user:ben', task: texts('collaboration.delegated') })
  const [vote] = (await ben.consensus.list({ collaboration: id })).items
  const option = texts('collaboration.option', 0)
  await ben.consensus.vote(vote?.id ?? '', { option, reason: texts('collaboration.vote') })
  return id
}

/** A collaboration whose lead gave work to others, one piece of it done. */
async function makeDelegations(maker: Maker): Promise<string> {
  const { texts } = maker
  const { collaborations, delegations } = partsOf(maker)
  const members = [
    { kind: 'user', id: 'ana' },
    { kind: 'user', id: 'ben' },
  ] as const
  const gone = await collaborations.create({ mode: 'sequential', task: texts('collaboration.task', 1), members })
  await collaborations.cancel(gone.id, texts('collaboration.cancelled'))
  await finishOne(maker)
  const rule = { deadlineSeconds: 86_400 }
  const request = { mode: 'consensus', task: texts('collaboration.task', 1), members, consensus: rule } as const
  const { id } = await collaborations.create({ ...request, context: { tone: texts('collaboration.context') } })
  await collaborations.execute(id)
  const task = texts('collaboration.delegated')
  const done = await delegations.create({ collaboration: id, to: 'user:ben', task, priority: 8 })
  const result = { output: { said: texts('collaboration.result') } }
  await maker.ben.plugin(orchestration).delegations.complete(done.id, result)
  await delegations.create({ collaboration: id, to: 'user:ana', task, priority: 3, deadlineSeconds: 86_400 })
  return id
}

/** A collaboration of an agent that did its part. */
async function finishOne(maker: Maker): Promise<void> {
  const { texts } = maker
  const { collaborations } = partsOf(maker)
  const { id } = await collaborations.create({
    mode: 'parallel',
    task: texts('collaboration.task', 1),
    members: [
      { kind: 'agent', id: 'report-bot', action: 'report.write' },
      { kind: 'user', id: 'ana' },
    ],
  })
  await collaborations.execute(id)
  await comes(async () => ((await collaborations.get(id)).state === 'completed' ? true : undefined))
}
