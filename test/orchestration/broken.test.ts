import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openWorkflowPlane, type WorkflowPlane } from './workflow-plane.ts'

let plane: WorkflowPlane
let effects: string[] = []
let at: { readonly name: string; readonly act: () => Promise<void> } | null = null
let decisions = 0

beforeAll(async () => {
  plane = await openWorkflowPlane({
    testing: {
      failpoint: async (name) => {
        if (name === 'decide.after_commit') decisions += 1
        if (at?.name !== name) return
        const { act } = at
        at = null
        await act()
      },
    },
    actions: {
      'note.write': {
        risk: 'medium',
        execute: ({ args }) => {
          effects.push(String(args.text))
          return { written: args.text ?? null }
        },
      },
      'note.lost': {
        risk: 'medium',
        execute: () => {
          effects.push('lost')
          throw Object.assign(new Error('no answer'), { isEffectUnknown: true })
        },
      },
      'order.read': {
        risk: 'safe',
        execute: () => {
          effects.push('read')
          return 'a\u0000b \ud83d'
        },
      },
      'order.fail': {
        risk: 'medium',
        execute: () => {
          throw new Error(`${'x'.repeat(999)}${'😀'.repeat(20)}`)
        },
      },
    },
  })
  await plane.agent('worker-bot', 'autonomous')
  const { members } = plane.scope('admin')
  await members.put('sue', { displayName: 'Sue', roles: ['supervisor'] })
})
beforeEach(() => {
  effects = []
})
afterAll(() => plane.governor.close())

const fast = {
  name: 'fast',
  steps: [{ id: 'l', type: 'condition', branches: [{ when: 'true', next: 'end' }] }],
} as const
const slow = {
  name: 'slow',
  steps: [{ id: 'r', type: 'agent', action: 'note.write', args: { text: 'slow' } }],
} as const

async function looks(times: number): Promise<void> {
  for (let look = 0; look < times; look += 1) {
    plane.pass(60_000)
    await plane.work()
  }
}

describe('what a review found', () => {
  it('a branch that ends at once ends a join of any, at the start and on the way [FLOW-1]', async () => {
    const both = { id: 'both', type: 'parallel', join: 'any', branches: [fast, slow] } as const
    const first = await plane.start({ steps: [both] })
    expect(await plane.after(first)).toMatchObject({ state: 'completed' })
    const second = await plane.start({
      steps: [{ id: 'begin', type: 'agent', action: 'note.write', args: { text: 'one' } }, both],
    })
    await looks(2)
    expect(await plane.after(second)).toMatchObject({ state: 'completed' })
    expect(effects).toEqual(['one'])
  })

  it('text that no database stores ends a step, and its action ran once [I-23]', async () => {
    const read = await plane.start({ steps: [{ id: 'read', type: 'agent', action: 'order.read' }] })
    await looks(3)
    expect(await plane.after(read)).toMatchObject({ state: 'completed', output: 'a\ufffdb \ufffd' })
    expect(effects).toEqual(['read'])
    const failed = await plane.start({ steps: [{ id: 'fail', type: 'agent', action: 'order.fail' }] })
    await looks(2)
    expect(await plane.after(failed)).toMatchObject({ state: 'failed', failure: { code: 'STEP_FAILED' } })
  })

  it('nothing begins after a cancel that was committed, also where the step was claimed before [I-23]', async () => {
    const run = await plane.start({
      steps: [{ id: 'write', type: 'agent', action: 'note.write', args: { text: 'late' } }],
    })
    at = {
      name: 'workflow.after_claim',
      act: async () => void (await plane.admin.runs.cancel(run, 'not needed any more')),
    }
    await looks(2)
    expect(await plane.after(run)).toMatchObject({ state: 'cancelled' })
    expect(effects).toEqual([])
  })

  it('an outcome that nobody knows stays one when its process dies before it says so [I-23]', async () => {
    const run = await plane.start({
      steps: [{ id: 'lost', type: 'agent', action: 'note.lost', retry: { attempts: 3 }, onError: 'end' }],
    })
    // The outcome is on record, and whoever recorded it never comes to the step.
    at = { name: 'record.after_commit', act: () => new Promise(() => undefined) }
    plane.pass(60_000)
    void plane.work()
    await expect.poll(() => effects.length).toBe(1)
    await expect.poll(() => at).toBe(null)
    await looks(3)
    const found = await plane.after(run)
    expect(found.steps).toMatchObject([{ step: 'lost', state: 'outcome_unknown', attempts: 1 }])
    expect(effects).toEqual(['lost'])
  })

  it('what is approved and has to wait is not decided on again and again [FLOW-1]', async () => {
    const { policies } = plane.scope('admin')
    const { version, document } = await policies.current()
    const actions = { 'workflow.approval': { waitMs: 3_600_000 } }
    await policies.put({ ...document, actions }, { basedOn: version, reason: 'an hour to think' })
    const run = await plane.start({ steps: [{ id: 'ask', type: 'approval', question: 'Now?' }] })
    plane.pass(60_000)
    const { steps } = await plane.after(run)
    const proposal = await plane.scope('supervisor', 'sue').proposals.get(String(steps[0]?.proposal))
    const { version: seen, actionHash } = proposal
    await plane.as('supervisor', 'sue').runs.answer(proposal.id, { approved: true, version: seen, actionHash })
    decisions = 0
    for (let look = 0; look < 10; look += 1) await plane.work()
    expect(decisions).toBeLessThanOrEqual(1)
    plane.pass(3_700_000)
    expect(await plane.after(run)).toMatchObject({ state: 'completed' })
  })

  it('who started a run does not say how its step ended that nobody knows [I-27]', async () => {
    const run = await plane.start({ steps: [{ id: 'lost', type: 'agent', action: 'note.lost' }] })
    plane.pass(60_000)
    const found = await plane.after(run)
    const step = String(found.steps[0]?.id)
    const said = { outcome: 'succeeded', output: 'mine', reason: 'I am sure' } as const
    await expect(plane.admin.runs.resolve(run, step, said)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    const resolved = await plane.as('supervisor', 'sue').runs.resolve(run, step, { ...said, output: 'seen' })
    expect(resolved).toMatchObject({ state: 'completed', output: 'seen' })
    await expect(plane.as('supervisor', 'sue').runs.resolve(run, step, said)).rejects.toMatchObject({
      code: 'CONFLICT',
    })
  })

  it('an agent starts no older version, which may lack an approval [FLOW-1]', async () => {
    const steps = [{ id: 'write', type: 'agent', action: 'note.write', args: { text: 'old' } }] as const
    const { id, version } = await plane.admin.workflows.create({ name: 'older', agent: 'worker-bot', steps })
    const asks = [{ id: 'ask', type: 'approval', question: 'Really?' }, ...steps] as const
    await plane.admin.workflows.update(id, {
      base: version,
      definition: { name: 'older', agent: 'worker-bot', steps: asks },
    })
    const agent = plane.governor
      .as({ workspace: 'default', principal: { kind: 'agent', id: 'worker-bot', roles: [] } })
      .plugin(plane.port)
    await expect(agent.runs.execute(id, { version: 1 })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    expect(await agent.runs.execute(id)).toMatchObject({ version: 2 })
    expect(await plane.admin.runs.execute(id, { version: 1 })).toMatchObject({ version: 1 })
  })

  it('who merely looks on learns no more of a failure than its code [FLOW-4]', async () => {
    const run = await plane.start({ steps: [{ id: 'fail', type: 'agent', action: 'order.fail' }] })
    await looks(2)
    expect((await plane.after(run)).failure?.message).toContain('xxx')
    const seen = await plane.as('viewer', 'vic').runs.get(run)
    expect(JSON.stringify(seen)).not.toContain('xxx')
    expect(seen).toMatchObject({ failure: { code: 'STEP_FAILED' }, steps: [{ failure: { code: 'STEP_FAILED' } }] })
  })
})
