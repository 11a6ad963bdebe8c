import { connectGovernor, type JsonObject, type Role } from '@preceptor/client'
import { type OrchestrationOperations, orchestration, type WorkflowDefinition } from '@preceptor/orchestration'
import { orchestrationRoutes } from '@preceptor/orchestration/hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Served, serve } from '../reach/serve.ts'
import { verifies } from '../verifies.ts'
import { openWorkflowPlane, type WorkflowPlane } from './workflow-plane.ts'

let plane: WorkflowPlane
let served: Served
const closing: (() => Promise<void>)[] = []
const LATE = 'late'
const ran: string[] = []
let failing = false

beforeAll(async () => {
  plane = await openWorkflowPlane({
    actions: {
      'note.write': {
        risk: 'medium',
        execute: ({ args }) => {
          ran.push(String(args.text))
          if (failing && args.text === LATE) throw new Error('The pen is empty.')
          return { written: args.text ?? null }
        },
      },
    },
  })
  await plane.agent('worker-bot', 'autonomous')
  await plane.agent('student-bot', 'student')
  served = await serve(plane.governor, 0, [orchestrationRoutes()])
})
afterAll(async () => {
  for (const close of closing) await close()
  await served?.close()
  await plane?.governor.close()
})

/** The operations for a user over HTTP, as another process has them. */
async function connect(role: Role): Promise<OrchestrationOperations> {
  const { keys, members } = plane.scope('admin', 'root')
  await members.put(role, { displayName: role, roles: [role] })
  const key = { displayName: role, principalKind: 'user', principalId: role, roles: [role] } as const
  const remote = connectGovernor({ url: served.url, token: (await keys.create(key)).secret })
  closing.push(() => remote.close())
  return remote.as({ workspace: 'default', principal: { kind: 'user', id: role, roles: [role] } }).plugin(orchestration)
}

const planes: readonly (readonly [string, (role: Role) => Promise<OrchestrationOperations>])[] = [
  ['embedded', async (role) => plane.as(role)],
  ['remote', connect],
]

interface Refusal {
  readonly code: string
  readonly message: string
  readonly details: JsonObject
}

/** What is refused, as its caller sees it. */
async function refusal(work: Promise<unknown>): Promise<Refusal> {
  return work.then(
    () => {
      throw new Error('It was not refused.')
    },
    ({ code, message, details }: Refusal) => ({ code, message, details }),
  )
}

const NOTE = { id: 'note', type: 'agent', action: 'note.write', args: { text: { $cel: 'input.text' } } } as const

describe.each(planes)('workflows on an %s governor', (name, open) => {
  let own: OrchestrationOperations
  const named = (what: string, steps: WorkflowDefinition['steps'], agent = 'worker-bot'): WorkflowDefinition => ({
    name: `${what}, ${name}`,
    agent,
    steps,
  })

  beforeAll(async () => {
    own = await open('admin')
  })

  it(verifies('FLOW-4', 'are written, changed, drawn, listed and archived'), async () => {
    const { workflows } = own
    const first = named('notes', [NOTE])
    const made = await workflows.create(first)
    expect(made).toMatchObject({ version: 1, state: 'active', definition: first, createdBy: 'user:admin' })
    expect(await workflows.get(made.id)).toEqual(made)
    const definition = { ...first, output: { $cel: 'steps.note' } }
    const changed = await workflows.update(made.id, { definition, base: 1, note: 'says more' })
    expect(changed).toMatchObject({ id: made.id, version: 2, definition })
    expect((await refusal(workflows.update(made.id, { definition, base: 1 }))).code).toBe('CONFLICT')
    const { items, next } = await workflows.versions(made.id, { limit: 1 })
    expect(items).toMatchObject([{ workflow: made.id, version: 2, definition, note: 'says more' }])
    expect((await workflows.versions(made.id, { cursor: String(next) })).items).toMatchObject([{ version: 1 }])
    expect(await workflows.drawing(made.id, { version: 1 })).toMatchObject({
      version: 1,
      mermaid: expect.stringContaining('note'),
    })
    const listed = await workflows.list({ limit: 1 })
    expect(listed.items).toEqual([{ ...changed, lastRun: null, schedules: [] }])
    expect(await workflows.archive(made.id, 'not needed')).toMatchObject({ state: 'archived' })
    expect((await refusal(own.runs.execute(made.id))).code).toBe('CONFLICT')
  })

  it(verifies('FLOW-4', 'say all that is wrong with a definition'), async () => {
    const wrong = named('wrong', [
      { id: 'one', type: 'transform', value: { $cel: 'steps.none' }, next: 'nowhere' },
      { id: 'two', type: 'sing' },
    ] as never)
    const { problems } = await own.workflows.validate(wrong)
    expect(problems).toEqual((await plane.admin.workflows.validate(wrong)).problems)
    expect(problems.length).toBeGreaterThan(0)
    const refused = await refusal(own.workflows.create(wrong))
    expect(refused).toMatchObject({ code: 'WORKFLOW_INVALID', details: { problems } })
    expect(await own.workflows.validate(named('right', [NOTE]))).toEqual({ problems: [] })
  })

  it(verifies('FLOW-4', 'run, are read step by step, and listed'), async () => {
    const { id } = await own.workflows.create(named('runs', [NOTE]))
    const run = await own.runs.execute(id, { input: { text: 'hello' } })
    expect(run).toMatchObject({
      workflow: id,
      state: 'running',
      startedBy: 'user:admin',
      schedule: null,
      expected: [
        { step: 'note', agent: 'worker-bot', action: 'note.write', route: 'execution', maturity: 'autonomous' },
      ],
    })
    plane.pass(60_000)
    await plane.after(run.id)
    const detail = await own.runs.get(run.id)
    expect(detail).toMatchObject({ state: 'completed', output: { written: 'hello' }, steps: [{ state: 'succeeded' }] })
    const { steps: _, ...shown } = detail
    expect((await own.runs.list({ workflow: id, state: 'completed' })).items).toEqual([shown])
    expect((await own.runs.list({ workflow: id, state: 'failed' })).items).toEqual([])
    const viewer = await open('viewer')
    expect(await viewer.runs.get(run.id)).toMatchObject({ input: { text: '[redacted]' }, output: null })
  })

  it(verifies('FLOW-4', 'do not begin where a step would be trained, and say which'), async () => {
    const { id } = await own.workflows.create(named('refused', [NOTE], 'student-bot'))
    const refused = await refusal(own.runs.execute(id, { input: { text: 'x' } }))
    expect(refused).toMatchObject({
      code: 'WORKFLOW_REFUSED',
      details: { steps: [{ step: 'note', agent: 'student-bot', route: 'training' }] },
    })
    expect(refused.message).toContain('note')
    expect((await own.runs.list({ workflow: id })).items).toEqual([])
  })

  it(verifies('FLOW-1', 'wait for an approval, and go on there'), async () => {
    const ask = { id: 'ask', type: 'approval', question: 'Really?', data: { cents: 5 } } as const
    const { id } = await own.workflows.create(named('asks', [ask]))
    const run = await own.runs.execute(id)
    plane.pass(60_000)
    const [step] = (await plane.after(run.id)).steps
    const asked = await plane.scope('supervisor').proposals.get(String(step?.proposal))
    const answer = { approved: true, version: asked.version, actionHash: asked.actionHash }
    const supervisor = await open('supervisor')
    expect((await refusal(supervisor.runs.answer(asked.id, { ...answer, approved: false }))).code).toBe('INPUT_INVALID')
    const answered = await supervisor.runs.answer(asked.id, { ...answer, data: { cents: 4 } })
    expect(answered).toMatchObject({ id: asked.id, action: 'workflow.approval' })
    expect(await plane.after(run.id)).toMatchObject({
      state: 'completed',
      output: { approved: true, data: { cents: 4 } },
    })
    expect((await refusal(supervisor.runs.answer(asked.id, answer))).code).toMatch(/^PROPOSAL_/)
    expect((await refusal(supervisor.runs.answer('prp_none', answer))).code).toBe('NOT_FOUND')
  })

  it(verifies('I-23', 'are gone on with where they failed, and nothing that succeeded runs again'), async () => {
    const [before, late] = ['before', LATE].map((text) => ({ ...NOTE, id: text, args: { text } }))
    if (before === undefined || late === undefined) throw new Error('There are no steps.')
    const { id } = await own.workflows.create(named('fails', [before, late]))
    ran.length = 0
    failing = true
    const run = await own.runs.execute(id)
    plane.pass(60_000)
    const failed = await plane.after(run.id)
    expect(failed).toMatchObject({ state: 'failed', failure: { step: LATE, code: 'STEP_FAILED' } })
    failing = false
    expect(await own.runs.replay(run.id, 'The pen was filled.')).toMatchObject({ state: 'running', failure: null })
    plane.pass(60_000)
    const done = await plane.after(run.id)
    expect(done).toMatchObject({ state: 'completed', output: { written: LATE } })
    expect(ran).toEqual(['before', LATE, LATE])
    expect((await refusal(own.runs.replay(run.id, 'again'))).code).toBe('CONFLICT')
    const resolution = { outcome: 'failed', reason: 'x' } as const
    expect((await refusal(own.runs.resolve(run.id, String(done.steps[0]?.id), resolution))).code).toBe('CONFLICT')
  })

  it(verifies('FLOW-4', 'are cancelled, with a reason'), async () => {
    const { id } = await own.workflows.create(
      named('cancelled', [{ id: 'ask', type: 'approval', question: 'Really?' }]),
    )
    const run = await own.runs.execute(id)
    expect(await own.runs.cancel(run.id, 'not needed')).toMatchObject({ id: run.id, state: 'cancelled' })
    expect((await refusal(own.runs.cancel(run.id, 'again'))).code).toBe('CONFLICT')
  })

  it(verifies('FLOW-4', 'are started by the clock'), async () => {
    const { id } = await own.workflows.create(named('scheduled', [{ id: 'made', type: 'transform', value: 1 }]))
    const request = { workflow: id, cron: '0 9 * * 1-5', timezone: 'Europe/Berlin', input: { text: 'x' } }
    const made = await own.schedules.create(request)
    expect(made).toMatchObject({ ...request, state: 'active', overlap: 'skip', last: null, createdBy: 'user:admin' })
    expect(await own.schedules.get(made.id)).toEqual(made)
    expect(await own.schedules.list({ workflow: id })).toEqual({ items: [made], next: null })
    expect((await refusal(own.schedules.create({ ...request, cron: 'daily' }))).code).toBe('INPUT_INVALID')
    expect(await own.schedules.remove(made.id, 'not needed')).toEqual({ ...made, state: 'removed', nextAt: null })
    expect((await refusal(own.schedules.remove(made.id, 'again'))).code).toBe('CONFLICT')
    expect((await refusal(own.schedules.get('wsc_none'))).code).toBe('NOT_FOUND')
  })
})
