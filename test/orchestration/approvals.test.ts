import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorkflowPlane, type WorkflowPlane } from './workflow-plane.ts'

let plane: WorkflowPlane
const sent: unknown[] = []

beforeAll(async () => {
  plane = await openWorkflowPlane({
    actions: {
      'mail.send': {
        risk: 'medium',
        execute: ({ args }) => {
          sent.push(args.to)
          return { sent: args.to ?? null }
        },
      },
    },
  })
  await plane.agent('worker-bot', 'autonomous')
  const members = plane.scope('admin').members
  for (const id of ['sue', 'tom', 'una']) await members.put(id, { displayName: id, roles: ['supervisor'] })
})
afterAll(() => plane.governor.close())

const LATER = 60_000

let count = 0

/** Starts a run that asks first and sends afterwards, and gives the question. */
async function asked(
  step: { approvals?: number; expiresInSeconds?: number; onReject?: string; onExpire?: string } = {},
  starter = plane.scope('admin'),
) {
  sent.length = 0
  count += 1
  const { id: workflow } = await plane.admin.workflows.create({
    name: `asks ${count}`,
    agent: 'worker-bot',
    steps: [
      { id: 'ask', type: 'approval', question: 'Send it?', data: { to: 'acme' }, ...step },
      { id: 'send', type: 'agent', action: 'mail.send', args: { to: { $cel: 'steps.ask.data.to' } }, next: 'end' },
      ...(step.onReject === undefined && step.onExpire === undefined
        ? []
        : [{ id: 'instead', type: 'transform', value: { $cel: 'failures.ask' } } as const]),
    ],
  })
  const { id: run } = await starter.plugin(plane.port).runs.execute(workflow)
  plane.pass(LATER)
  const waiting = await plane.after(run)
  const proposal = await plane.scope('supervisor', 'sue').proposals.get(String(waiting.steps[0]?.proposal))
  return { run, id: proposal.id, seen: { version: proposal.version, actionHash: proposal.actionHash } }
}

const as = (id: string) => plane.as('supervisor', id).runs
const yes = { approved: true }
const no = { approved: false, comment: 'not now' }

describe('an approval step', () => {
  it('is answered once: whoever comes second is told so [FLOW-1]', async () => {
    const { run, id, seen } = await asked()
    await as('sue').answer(id, { ...yes, ...seen })
    await expect(as('tom').answer(id, { ...yes, ...seen })).rejects.toMatchObject({ code: 'PROPOSAL_DECIDED' })
    await expect(as('tom').answer(id, { ...no, ...seen })).rejects.toMatchObject({ code: 'PROPOSAL_DECIDED' })
    expect(await plane.after(run)).toMatchObject({ state: 'completed', output: { sent: 'acme' } })
    await expect(as('tom').answer(id, { ...yes, ...seen })).rejects.toMatchObject({ code: 'PROPOSAL_DECIDED' })
    expect(sent).toEqual(['acme'])
  })

  it('is answered once by many at the same time [FLOW-1]', async () => {
    const { run, id, seen } = await asked()
    const answers = await Promise.allSettled(
      ['sue', 'tom', 'una'].map((who) => as(who).answer(id, { ...yes, ...seen })),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await Promise.all([plane.work(), plane.work(), plane.work()])
    expect((await plane.after(run)).state).toBe('completed')
    expect(sent).toEqual(['acme'])
  })

  it('is not answered by who started the run, by who merely looks on, or by an agent [FLOW-1]', async () => {
    const { run, id, seen } = await asked({}, plane.scope('supervisor', 'sue'))
    await expect(as('sue').answer(id, { ...yes, ...seen })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    const viewer = plane.as('viewer', 'vic').runs.answer(id, { ...yes, ...seen })
    await expect(viewer).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    const agent = plane.governor
      .as({ workspace: 'default', principal: { kind: 'agent', id: 'worker-bot', roles: [] } })
      .plugin(plane.port)
    await expect(agent.runs.answer(id, { ...yes, ...seen })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await expect(plane.as('supervisor', 'sue', 'other').runs.answer(id, { ...yes, ...seen })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect((await plane.after(run)).state).toBe('waiting')
    expect(sent).toEqual([])
  })

  it('takes as many people as it says [FLOW-1]', async () => {
    const { run, id, seen } = await asked({ approvals: 2 })
    await as('sue').answer(id, { ...yes, ...seen })
    await expect(as('sue').answer(id, { ...yes, ...seen })).rejects.toMatchObject({ code: expect.any(String) })
    expect((await plane.after(run)).state).toBe('waiting')
    await as('tom').answer(id, { ...yes, ...seen })
    const done = await plane.after(run)
    expect(done.state).toBe('completed')
    expect(done.steps[0]?.output).toMatchObject({ approved: true, decidedBy: ['user:sue', 'user:tom'] })
  })

  it('goes on with what was changed, once that was approved as it is now [FLOW-1]', async () => {
    const { run, id, seen } = await asked()
    const edited = await as('sue').answer(id, { ...yes, ...seen, data: { to: 'beta' } })
    expect(edited.version).toBe(2)
    expect((await plane.after(run)).output).toEqual({ sent: 'beta' })
    expect(sent).toEqual(['beta'])
  })

  it('cancels the run when it is rejected, or goes where the definition says [FLOW-1]', async () => {
    const cancelled = await asked()
    await as('sue').answer(cancelled.id, { ...no, ...cancelled.seen })
    expect(await plane.after(cancelled.run)).toMatchObject({
      state: 'cancelled',
      failure: { step: 'ask', code: 'PROPOSAL_REJECTED', message: expect.stringContaining('not now') },
    })
    const instead = await asked({ onReject: 'instead' })
    await as('sue').answer(instead.id, { ...no, ...instead.seen })
    expect(await plane.after(instead.run)).toMatchObject({ state: 'completed', output: { code: 'PROPOSAL_REJECTED' } })
    expect(sent).toEqual([])
  })

  it('is refused after the run was cancelled [FLOW-1]', async () => {
    const { run, id, seen } = await asked()
    await plane.admin.runs.cancel(run, 'the deal is off')
    await expect(as('sue').answer(id, { ...yes, ...seen })).rejects.toMatchObject({ code: 'PROPOSAL_DECIDED' })
    plane.pass(LATER)
    expect(await plane.after(run)).toMatchObject({ state: 'cancelled' })
    expect(sent).toEqual([])
    const told = await plane.told(run)
    expect(told).toContain('workflow_run.cancelled')
  })

  it('is refused after it expired, which fails the run or goes where the definition says [FLOW-1]', async () => {
    const failed = await asked({ expiresInSeconds: 60 })
    plane.pass(61_000)
    await expect(as('sue').answer(failed.id, { ...yes, ...failed.seen })).rejects.toMatchObject({
      code: expect.stringMatching(/EXPIRED|DECIDED/),
    })
    expect(await plane.after(failed.run)).toMatchObject({ state: 'failed', failure: { code: 'PROPOSAL_EXPIRED' } })
    const instead = await asked({ expiresInSeconds: 60, onExpire: 'instead' })
    plane.pass(61_000)
    expect(await plane.after(instead.run)).toMatchObject({ state: 'completed', output: { code: 'PROPOSAL_EXPIRED' } })
    expect(sent).toEqual([])
  })

  it('is no approval when the reviewer answers in words [FLOW-1]', async () => {
    const { run, id, seen } = await asked()
    await plane.scope('supervisor', 'sue').proposals.respond(id, { ...seen, response: { call: 'me first' } })
    expect(await plane.after(run)).toMatchObject({ state: 'cancelled', failure: { code: 'PROPOSAL_RESPONDED' } })
    expect(sent).toEqual([])
  })

  it('keeps the version of its run when the definition is changed while it waits [I-23]', async () => {
    const { run, id, seen } = await asked()
    const { workflow } = await plane.admin.runs.get(run)
    const { definition, version } = await plane.admin.workflows.get(workflow)
    await plane.admin.workflows.update(workflow, {
      base: version,
      definition: { ...definition, steps: [{ id: 'other', type: 'transform', value: 'other' }] },
    })
    await as('sue').answer(id, { ...yes, ...seen })
    expect(await plane.after(run)).toMatchObject({ state: 'completed', version: 1, output: { sent: 'acme' } })
    const { id: next } = await plane.admin.runs.execute(workflow)
    expect(await plane.after(next)).toMatchObject({ version: 2, output: 'other' })
  })
})
