import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorkflowPlane, type WorkflowPlane } from './workflow-plane.ts'

let plane: WorkflowPlane
const ran: string[] = []

beforeAll(async () => {
  plane = await openWorkflowPlane({
    actions: {
      'note.write': {
        risk: 'medium',
        execute: ({ args }) => {
          ran.push(String(args.text))
          return { written: args.text ?? null }
        },
      },
    },
  })
  await plane.agent('worker-bot', 'autonomous')
  await plane.agent('intern-bot', 'intern')
})
afterAll(() => plane.governor.close())

describe('a run', () => {
  it('goes from step to step and gives what the last one gave', async () => {
    const run = await plane.start(
      {
        steps: [
          { id: 'greet', type: 'transform', value: { text: { $cel: '"hello " + input.name' } } },
          { id: 'write', type: 'agent', action: 'note.write', args: { text: { $cel: 'steps.greet.text' } } },
          {
            id: 'both',
            type: 'parallel',
            branches: [
              { name: 'left', steps: [{ id: 'l', type: 'agent', action: 'note.write', args: { text: 'left' } }] },
              { name: 'right', steps: [{ id: 'r', type: 'transform', value: 2 }] },
            ],
          },
          {
            id: 'which',
            type: 'condition',
            branches: [{ when: 'steps.both.right == 2', next: 'done' }],
            otherwise: 'end',
          },
          { id: 'done', type: 'transform', value: { $cel: '{"all": steps.both, "first": steps.write.written}' } },
        ],
      },
      { name: 'ana' },
    )
    plane.pass(60_000)
    const done = await plane.after(run)
    expect(done).toMatchObject({
      state: 'completed',
      output: { all: { left: { written: 'left' }, right: 2 }, first: 'hello ana' },
    })
    expect(ran).toEqual(['hello ana', 'left'])
    expect(done.steps.map(({ step, state }) => [step, state])).toEqual([
      ['greet', 'succeeded'],
      ['write', 'succeeded'],
      ['both', 'succeeded'],
      ['l', 'succeeded'],
      ['r', 'succeeded'],
      ['which', 'succeeded'],
      ['done', 'succeeded'],
    ])
  })

  it('waits for an approval, and goes on there', async () => {
    ran.length = 0
    const run = await plane.start({
      steps: [
        { id: 'first', type: 'agent', action: 'note.write', args: { text: 'one' } },
        { id: 'ask', type: 'approval', question: 'Really?', data: { amount: 5 } },
        {
          id: 'second',
          type: 'agent',
          action: 'note.write',
          args: { text: { $cel: 'string(steps.ask.data.amount)' } },
        },
      ],
    })
    plane.pass(60_000)
    const waiting = await plane.after(run)
    expect(waiting.state).toBe('waiting')
    const { proposal } = waiting.steps.at(-1) ?? {}
    const card = await plane.scope('supervisor').proposals.get(String(proposal))
    expect(card).toMatchObject({ state: 'pending', action: 'workflow.approval' })
    const { version, actionHash } = card
    await plane.as('supervisor').runs.answer(card.id, { approved: true, version, actionHash })
    const done = await plane.after(run)
    expect(done).toMatchObject({ state: 'completed', output: { written: '5' } })
    expect(ran).toEqual(['one', '5'])
    expect((await plane.scope('supervisor').proposals.get(card.id)).state).toBe('succeeded')
  })
})
