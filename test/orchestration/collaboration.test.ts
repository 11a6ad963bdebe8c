import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorkflowPlane, type WorkflowPlane } from './workflow-plane.ts'

let plane: WorkflowPlane
const asked: { readonly agent: string; readonly phase: unknown; readonly delegation: unknown }[] = []

beforeAll(async () => {
  plane = await openWorkflowPlane({
    actions: {
      'team.work': {
        risk: 'medium',
        execute: ({ args, decision }) => {
          asked.push({ agent: decision.agent, phase: args.phase, delegation: decision.maturity })
          switch (args.phase) {
            case 'plan':
              return {
                delegations: [
                  { to: 'agent:alpha', task: 'count', priority: 9 },
                  { to: 'agent:beta', task: 'check', priority: 2 },
                ],
              }
            case 'aggregate':
              return { all: args.results }
            case 'vote':
              return decision.agent === 'beta'
                ? { option: 'no', reason: 'too dear' }
                : { option: 'yes', reason: 'fine' }
            default:
              return `${decision.agent} did`
          }
        },
      },
    },
  })
  for (const id of ['alpha', 'beta', 'gamma']) await plane.agent(id, 'autonomous')
  await plane.agent('novice', 'intern')
})
afterAll(() => plane.governor.close())

const member = (id: string, role: 'lead' | 'member' = 'member') =>
  ({ kind: 'agent', id, action: 'team.work', role }) as const

async function ended(id: string) {
  await expect
    .poll(async () => {
      plane.pass(31_000)
      await plane.work()
      return (await plane.admin.collaborations.get(id)).state
    })
    .not.toBe('running')
  return plane.admin.collaborations.get(id)
}

describe('agents that work together', () => {
  it('take turns, each with what the one before gave', async () => {
    const { id } = await plane.admin.collaborations.create({
      mode: 'sequential',
      task: 'Write a report',
      members: [member('alpha'), member('beta')],
    })
    await plane.admin.collaborations.execute(id)
    expect(await ended(id)).toMatchObject({ state: 'completed', output: 'beta did' })
  })

  it('work side by side, and what they gave is put together', async () => {
    const { id } = await plane.admin.collaborations.create({
      mode: 'parallel',
      task: 'Estimate',
      members: [member('alpha'), member('beta')],
    })
    await plane.admin.collaborations.execute(id)
    expect(await ended(id)).toMatchObject({
      state: 'completed',
      output: { 'agent:alpha': 'alpha did', 'agent:beta': 'beta did' },
    })
  })

  it('are led by one who delegates and puts together', async () => {
    asked.length = 0
    const { id } = await plane.admin.collaborations.create({
      mode: 'hierarchical',
      task: 'Audit',
      members: [member('gamma', 'lead'), member('alpha'), member('beta')],
    })
    await plane.admin.collaborations.execute(id)
    const done = await ended(id)
    expect(done.state).toBe('completed')
    expect(asked.map(({ agent, phase }) => `${agent} ${String(phase)}`)).toEqual([
      'gamma plan',
      expect.stringMatching(/^alpha /),
      expect.stringMatching(/^beta /),
      'gamma aggregate',
    ])
  })

  it('vote, each once, with the weight that the ledger holds', async () => {
    const { id } = await plane.admin.collaborations.create({
      mode: 'consensus',
      task: 'Shall we?',
      members: [member('alpha'), member('beta'), member('gamma')],
    })
    await plane.admin.collaborations.execute(id)
    const done = await ended(id)
    expect(done.state).toBe('completed')
    expect(JSON.stringify(done.output)).toContain('undecided')
  })

  it('wait for people where one of them is an intern', async () => {
    const { id } = await plane.admin.collaborations.create({
      mode: 'sequential',
      task: 'Try it',
      members: [member('novice')],
    })
    await plane.admin.collaborations.execute(id)
    plane.pass(31_000)
    await plane.work()
    const sue = plane.scope('supervisor', 'sue')
    const { items } = await sue.proposals.list({ state: 'pending', agent: 'novice' })
    const [proposal] = items
    if (proposal === undefined) throw new Error('Nobody was asked.')
    await sue.proposals.approve(proposal.id, { version: proposal.version, actionHash: proposal.actionHash })
    expect(await ended(id)).toMatchObject({ state: 'completed', output: 'novice did' })
  })
})
