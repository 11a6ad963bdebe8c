import { orchestration, type WorkflowSchedule } from '@preceptor/orchestration'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { openWorkflowPlane, type WorkflowPlane } from './workflow-plane.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

let plane: WorkflowPlane
let names = 0

beforeAll(async () => {
  plane = await openWorkflowPlane({ actions: { 'note.write': { risk: 'medium', execute: () => ({ written: true }) } } })
  await plane.agent('worker-bot', 'autonomous')
  await plane.agent('student-bot', 'student')
})
afterAll(() => plane.governor.close())

/** Writes a workflow that waits for nothing, or for an approval. */
async function workflow(steps: 'quick' | 'asks' | 'refused' = 'quick'): Promise<string> {
  names += 1
  const note = { id: 'note', type: 'agent', action: 'note.write' } as const
  const { id } = await plane.admin.workflows.create({
    name: `scheduled ${names}`,
    agent: steps === 'refused' ? 'student-bot' : 'worker-bot',
    input: { type: 'object', properties: { of: { type: 'string' } } },
    steps:
      steps === 'asks'
        ? [{ id: 'ask', type: 'approval', question: 'Really?' }]
        : [steps === 'quick' ? { id: 'made', type: 'transform', value: { $cel: 'input' } } : note],
  })
  return id
}

const startDue = () => plane.governor.jobs.run('orchestration-start-due', {})
const runsOf = async (id: string) =>
  (await plane.admin.runs.list({ workflow: id, limit: 100 })).items.map(({ schedule, startedBy }) => [
    schedule,
    startedBy,
  ])
const read = (id: string): Promise<WorkflowSchedule> => plane.admin.schedules.get(id)

const told = async (subject: string): Promise<readonly string[]> => (await plane.told(subject)).toSorted()

/** Passes the next due time of a schedule, and starts what is due. */
async function passDueTime(id: string): Promise<WorkflowSchedule> {
  plane.pass(Math.max(0, Date.parse(String((await read(id)).nextAt)) - plane.now() + 1_000))
  await startDue()
  return read(id)
}

/** The code of what is refused. */
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing',
    (error: { readonly code?: string }) => String(error.code),
  )

describe('a schedule of a workflow', () => {
  it(verifies('FLOW-2', 'starts a run for its due time, in the name of who made it'), async () => {
    const id = await workflow()
    const made = await plane
      .as('supervisor', 'sue')
      .schedules.create({ workflow: id, cron: '*/5 * * * *', input: { of: 'x' } })
    expect(made).toMatchObject({
      workflow: id,
      cron: '*/5 * * * *',
      timezone: 'UTC',
      overlap: 'skip',
      state: 'active',
      last: null,
      createdBy: 'user:sue',
    })
    const due = String(made.nextAt)
    await startDue()
    expect(await runsOf(id)).toEqual([])
    const passed = await passDueTime(made.id)
    expect(await runsOf(id)).toEqual([[made.id, 'user:sue']])
    expect(passed.last).toMatchObject({ at: due, problem: null })
    expect(Date.parse(String(passed.nextAt)) - Date.parse(due)).toBe(5 * MINUTE_MS)
    const run = await plane.after(String(passed.last?.run))
    expect(run).toMatchObject({ state: 'completed', schedule: made.id, input: { of: 'x' }, output: { of: 'x' } })
    await startDue()
    expect(await runsOf(id)).toHaveLength(1)
    expect(await told(made.id)).toEqual(['workflow_schedule.created'])
  })

  it(verifies('FLOW-2', 'catches up once with all times that were missed'), async () => {
    const id = await workflow()
    const { id: schedule, nextAt } = await plane.admin.schedules.create({ workflow: id, cron: '* * * * *' })
    plane.pass(DAY_MS)
    await startDue()
    expect(await runsOf(id)).toHaveLength(1)
    const passed = await read(schedule)
    expect(passed.last).toMatchObject({ at: nextAt, problem: null })
    expect(Date.parse(String(passed.nextAt))).toBeGreaterThan(plane.now())
    expect(Date.parse(String(passed.nextAt)) - plane.now()).toBeLessThanOrEqual(MINUTE_MS)
    await plane.admin.schedules.remove(schedule, 'a test')
  })

  it('leaves a due time out while the run before goes on, unless it is told not to', async () => {
    const id = await workflow('asks')
    const skips = await plane.admin.schedules.create({ workflow: id, cron: '* * * * *' })
    const allows = await plane.admin.schedules.create({ workflow: id, cron: '* * * * *', overlap: 'allow' })
    const begun = await passDueTime(skips.id)
    for (let times = 0; times < 2; times += 1) await passDueTime(skips.id)
    const skipped = await read(skips.id)
    expect(skipped.last).toMatchObject({ run: null, problem: expect.stringContaining(String(begun.last?.run)) })
    expect((await runsOf(id)).filter(([schedule]) => schedule === skips.id)).toHaveLength(1)
    expect((await runsOf(id)).filter(([schedule]) => schedule === allows.id)).toHaveLength(3)
    // What lasts is told once.
    expect(await told(skips.id)).toEqual(['workflow_schedule.created', 'workflow_schedule.skipped'])
    await plane.admin.runs.cancel(String(begun.last?.run), 'a test')
    expect((await passDueTime(skips.id)).last).toMatchObject({ run: expect.stringMatching(/^wrn_/), problem: null })
    for (const { id: one } of [skips, allows]) await plane.admin.schedules.remove(one, 'a test')
  })

  it('tells why no run begins: archived, refused, or an input that is none any more', async () => {
    const archived = await workflow()
    const refused = await workflow('refused')
    const changed = await workflow()
    const ids: string[] = []
    for (const id of [archived, refused, changed]) {
      ids.push((await plane.admin.schedules.create({ workflow: id, cron: '* * * * *' })).id)
    }
    await plane.admin.workflows.archive(archived, 'a test')
    const { definition, version } = await plane.admin.workflows.get(changed)
    const input = { type: 'object', required: ['of'], properties: { of: { type: 'string' } } }
    await plane.admin.workflows.update(changed, { definition: { ...definition, input }, base: version })
    await passDueTime(String(ids[0]))
    const problems = await Promise.all(ids.map(async (id) => (await read(id)).last?.problem))
    expect(problems).toEqual([
      expect.stringMatching(/^CONFLICT: .*archived/),
      expect.stringMatching(/^WORKFLOW_REFUSED: .*note/),
      expect.stringMatching(/^INPUT_INVALID: /),
    ])
    for (const id of ids) {
      expect(await told(id)).toEqual(['workflow_schedule.created', 'workflow_schedule.skipped'])
      await plane.admin.schedules.remove(id, 'a test')
    }
    expect((await plane.scope('admin').alerts.list()).items).toEqual([])
  })

  it(verifies('FLOW-3', 'starts nothing for who left, or lost the role'), async () => {
    const id = await workflow()
    const { members } = plane.scope('admin')
    for (const userId of ['leaves', 'falls']) await members.put(userId, { displayName: userId, roles: ['supervisor'] })
    const made = (user: string) => plane.as('supervisor', user).schedules.create({ workflow: id, cron: '* * * * *' })
    const [leaves, falls, host] = [await made('leaves'), await made('falls'), await made('vouched-for')]
    await members.remove('leaves')
    await members.put('falls', { displayName: 'falls', roles: ['viewer'] })
    await passDueTime(leaves.id)
    expect((await read(leaves.id)).last).toMatchObject({ run: null, problem: expect.stringContaining('user:leaves') })
    expect((await read(falls.id)).last).toMatchObject({
      run: null,
      problem: expect.stringMatching(/^PERMISSION_DENIED: /),
    })
    // Whom the host let in was never a member.
    expect(await runsOf(id)).toEqual([[host.id, 'user:vouched-for']])
    await members.put('falls', { displayName: 'falls', roles: ['supervisor'] })
    expect((await passDueTime(falls.id)).last).toMatchObject({ problem: null })
    for (const one of [leaves, falls, host]) await plane.admin.schedules.remove(one.id, 'a test')
  })

  it(
    verifies('FLOW-3', 'starts nothing in the name of a revoked key, or of a member who was one meanwhile'),
    async () => {
      const id = await workflow()
      const { members } = plane.scope('admin')
      const { keys } = plane.governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
      const { key } = await keys.create({ displayName: 'clock', principalKind: 'system', principalId: 'clock' })
      const asked = {
        principal: { kind: 'system', id: 'clock', roles: [], credential: key.id },
        workspace: 'default',
      } as const
      const { schedules } = plane.governor.as(asked).plugin(plane.port)
      const ofKey = await schedules.create({ workflow: id, cron: '* * * * *' })
      const ofHost = await plane.as('supervisor', 'hired').schedules.create({ workflow: id, cron: '* * * * *' })
      await members.put('hired', { displayName: 'hired', roles: ['supervisor'] })
      await passDueTime(ofKey.id)
      expect((await runsOf(id)).sort()).toEqual(
        [
          [ofHost.id, 'user:hired'],
          [ofKey.id, 'system:clock'],
        ].sort(),
      )
      await keys.revoke(key.id)
      await members.remove('hired')
      await passDueTime(ofKey.id)
      expect(await runsOf(id)).toHaveLength(2)
      for (const one of [ofKey, ofHost]) {
        expect((await read(one.id)).last).toMatchObject({
          run: null,
          problem: expect.stringMatching(/^PERMISSION_DENIED: /),
        })
        await plane.admin.schedules.remove(one.id, 'a test')
      }
      expect(await codeOf(schedules.create({ workflow: id, cron: '* * * * *' }))).toBe('CREDENTIAL_INVALID')
    },
  )

  it('ends when it is removed, which is the end of it', async () => {
    const id = await workflow()
    const { id: schedule } = await plane.admin.schedules.create({ workflow: id, cron: '* * * * *' })
    const removed = await plane.admin.schedules.remove(schedule, 'not needed')
    expect(removed).toMatchObject({ state: 'removed', nextAt: null })
    plane.pass(DAY_MS)
    await startDue()
    expect(await runsOf(id)).toEqual([])
    expect(await codeOf(plane.admin.schedules.remove(schedule, 'again'))).toBe('CONFLICT')
    expect(await told(schedule)).toEqual(['workflow_schedule.created', 'workflow_schedule.removed'])
  })

  it('is made of what can be one', async () => {
    const id = await workflow()
    const archived = await workflow()
    await plane.admin.workflows.archive(archived, 'a test')
    const { schedules } = plane.admin
    const cron = '0 9 * * *'
    expect(await codeOf(schedules.create({ workflow: id, cron: '0 25 * * *' }))).toBe('INPUT_INVALID')
    expect(await codeOf(schedules.create({ workflow: id, cron, timezone: 'Nowhere/City' }))).toBe('INPUT_INVALID')
    expect(await codeOf(schedules.create({ workflow: id, cron, input: { of: 1 } }))).toBe('INPUT_INVALID')
    expect(await codeOf(schedules.create({ workflow: id, cron, extra: 1 } as never))).toBe('INPUT_INVALID')
    expect(await codeOf(schedules.create({ workflow: archived, cron }))).toBe('CONFLICT')
    expect(await codeOf(schedules.create({ workflow: 'wfl_none', cron }))).toBe('NOT_FOUND')
    expect(await codeOf(schedules.list({ cursor: 'x' }))).toBe('INPUT_INVALID')
  })

  it('stands in the list of workflows with the newest run, for those who may list these [DASH-64]', async () => {
    const listed = async (of = plane.admin.workflows) =>
      (await of.list({ limit: 100 })).items.find((one) => one.id === id)
    const id = await workflow()
    expect(await listed()).toMatchObject({ lastRun: null, schedules: [] })
    const { schedules } = plane.admin
    const gone = await schedules.create({ workflow: id, cron: '0 9 * * *' })
    plane.pass(1)
    const stays = await schedules.create({ workflow: id, cron: '30 8 * * 1', timezone: 'Europe/Berlin' })
    plane.pass(1)
    const later = await schedules.create({ workflow: id, cron: '0 7 1 * *' })
    await schedules.remove(gone.id, 'Not now.')
    await plane.admin.runs.execute(id)
    plane.pass(1)
    const { id: run, state, createdAt } = await plane.admin.runs.execute(id)
    const shown = ({ id: schedule, cron, timezone, nextAt }: WorkflowSchedule) => ({
      id: schedule,
      cron,
      timezone,
      nextAt,
    })
    const known = await plane.admin.workflows.get(id)
    const lastRun = { id: run, state: expect.stringMatching(/^(?:running|completed)$/), createdAt }
    expect(state).not.toBe('failed')
    expect(await listed()).toEqual({ ...known, lastRun, schedules: [shown(stays), shown(later)] })
    expect(await listed(plane.as('viewer').workflows)).toMatchObject({ lastRun: { id: run }, schedules: [{}, {}] })
    const scopes = ['orchestration.workflows.list']
    const service = plane.governor.as({
      workspace: 'default',
      principal: { kind: 'service', id: 'sync', roles: [], scopes },
    })
    expect(await listed(service.plugin(orchestration).workflows)).toMatchObject({ lastRun: null, schedules: [] })
  })

  it('is listed newest first, and shows a viewer no input', async () => {
    const id = await workflow()
    const made: WorkflowSchedule[] = []
    for (let count = 0; count < 3; count += 1) {
      made.unshift(await plane.admin.schedules.create({ workflow: id, cron: '0 9 * * *', input: { of: `${count}` } }))
      plane.pass(1)
    }
    const first = await plane.admin.schedules.list({ workflow: id, limit: 2 })
    expect(first.items).toEqual(made.slice(0, 2))
    expect(await plane.admin.schedules.list({ workflow: id, cursor: String(first.next) })).toEqual({
      items: made.slice(2),
      next: null,
    })
    const { items } = await plane.as('viewer').schedules.list({ workflow: id })
    expect(items.map(({ input }) => input)).toEqual(made.map(() => ({ of: '[redacted]' })))
    expect(await codeOf(plane.as('admin', 'ada', 'other').schedules.get(String(made[0]?.id)))).toBe('NOT_FOUND')
    expect((await plane.as('admin', 'ada', 'other').schedules.list()).items).toEqual([])
  })
})
