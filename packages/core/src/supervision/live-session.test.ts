import type { ControlScope, GuardCall, GuardResult } from '@preceptor/client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTestGovernor, TEST_ACTIONS, type TestGovernor } from '../testing/test-governor.ts'

let test: TestGovernor
let sam: ControlScope
let kim: ControlScope
let runs = 0
let run = ''

beforeAll(async () => {
  test = await createTestGovernor({
    actions: { ...TEST_ACTIONS, 'wire.send': { risk: 'high', args: z.strictObject({ cents: z.int().max(1_000) }) } },
    settings: { attachWithinMs: 2_000 },
  })
  await test.register('bot', 'supervised')
  for (const user of ['sam', 'kim']) await test.admin.members.put(user, { displayName: user, roles: ['supervisor'] })
  sam = test.user('sam', 'supervisor')
  kim = test.user('kim', 'supervisor')
})
beforeEach(() => {
  runs += 1
  run = `run-${runs}`
})
afterEach(async () => test.agent('bot').finish(run, { agent: 'bot', status: 'completed' }))
afterAll(() => test.close())

type Work = (call: GuardCall) => unknown

function step(work: Work, { action = 'wire.send', args = { cents: 5 } as object } = {}): Promise<GuardResult<unknown>> {
  return test.agent('bot').guard({ agent: 'bot', action, args: { ...args }, run }, work)
}

/** The open session of the run, once there is one. */
async function opened(): Promise<string> {
  await expect.poll(async () => (await ofRun()) !== undefined).toBe(true)
  return (await ofRun())?.id ?? ''
}

const ofRun = async () => (await sam.sessions.list({ state: 'active' })).items.find((session) => session.run === run)
const stateOf = async (id: string): Promise<string> => (await sam.sessions.get(id)).state

/** Makes a promise that is kept by hand. */
function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open: () => open() }
}

async function watched(): Promise<string> {
  await sam.presence.heartbeat()
  const first = step(() => 'first')
  const id = await opened()
  await sam.sessions.attach(id)
  expect((await first).status).toBe('executed')
  return id
}

describe('a pause', () => {
  it('is shown once what is under way has ended, and no step begins until it goes on [SUP-1, I-16]', async () => {
    const id = await watched()
    const [began, go] = [gate(), gate()]
    const long = step(async () => {
      began.open()
      await go.passed
      return 'done'
    })
    await began.passed
    const pausing = await sam.sessions.intervene(id, { type: 'pause', reason: 'Wait.' })
    expect(pausing).toMatchObject({ state: 'pausing', inFlight: 1, pausedBy: 'user:sam' })
    let hasRun = false
    const next = step(() => {
      hasRun = true
    })
    go.open()
    expect(await long).toMatchObject({ status: 'executed', value: 'done' })
    await expect.poll(() => stateOf(id)).toBe('paused')
    await expect
      .poll(async () => (await sam.sessions.get(id)).steps.filter(({ state }) => state === 'waiting').length)
      .toBe(1)
    expect(hasRun).toBe(false)
    await sam.sessions.intervene(id, { type: 'resume' })
    expect((await next).status).toBe('executed')
    expect(hasRun).toBe(true)
  })

  it('holds a run at its checkpoint, which makes it true, and gates safe steps of the run, too [SUP-1, I-16]', async () => {
    const id = await watched()
    const [began, go] = [gate(), gate()]
    const marks: string[] = []
    const long = step(async ({ checkpoint }) => {
      began.open()
      await go.passed
      await checkpoint()
      marks.push('after')
    })
    await began.passed
    await sam.sessions.intervene(id, { type: 'pause' })
    go.open()
    await expect.poll(() => stateOf(id)).toBe('paused')
    const read = step(() => marks.push('read'), { action: 'order.read', args: {} })
    await expect
      .poll(async () => (await sam.sessions.get(id)).steps.some(({ action }) => action === 'order.read'))
      .toBe(true)
    expect(marks).toEqual([])
    await sam.sessions.intervene(id, { type: 'resume' })
    await Promise.all([long, read])
    expect(marks.sort()).toEqual(['after', 'read'])
  })
})

describe('a correction', () => {
  it('gives a step that waits other args, which are parsed and ruled on anew [SUP-3, I-3]', async () => {
    const id = await watched()
    await sam.sessions.intervene(id, { type: 'pause' })
    const waiting = step(({ args }) => args)
    await expect.poll(async () => (await sam.sessions.get(id)).steps[0]?.state).toBe('waiting')
    const wrong = sam.sessions.intervene(id, { type: 'correct', args: { cents: 99_999 } })
    await expect(wrong).rejects.toMatchObject({ code: 'ARGS_INVALID' })
    const corrected = await sam.sessions.intervene(id, { type: 'correct', args: { cents: 7 }, guidance: 'Less.' })
    expect(corrected.steps[0]).toMatchObject({ args: { cents: 5 }, correctedArgs: { cents: 7 } })
    await sam.sessions.intervene(id, { type: 'resume' })
    expect(await waiting).toMatchObject({ status: 'executed', value: { cents: 7 } })
  })

  it('says something to the run once, at its next checkpoint or step [SUP-3, I-16]', async () => {
    const id = await watched()
    const [began, go] = [gate(), gate()]
    const heard: string[] = []
    const long = step(async ({ checkpoint, guidance }) => {
      heard.push(...guidance)
      began.open()
      await go.passed
      for (let times = 0; times < 3; times += 1) heard.push(...(await checkpoint()).guidance)
    })
    await began.passed
    expect(await sam.sessions.intervene(id, { type: 'correct', guidance: 'Mind the fee.' })).toMatchObject({
      state: 'correcting',
    })
    go.open()
    await long
    expect(heard).toEqual(['Mind the fee.'])
    expect(await stateOf(id)).toBe('running')
    await sam.sessions.intervene(id, { type: 'correct', guidance: 'And the date.' })
    await step(({ guidance }) => void heard.push(...guidance))
    await step(({ guidance }) => void heard.push(...guidance))
    expect(heard).toEqual(['Mind the fee.', 'And the date.'])
  })
})

describe('a termination', () => {
  it('aborts what runs, keeps what comes late without credit, and the run takes no step any more [SUP-4, I-16]', async () => {
    const id = await watched()
    const began = gate()
    const long = step(async ({ signal }) => {
      began.open()
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      return 'late'
    })
    await began.passed
    const ended = await sam.sessions.intervene(id, { type: 'terminate', reason: 'It went wrong.' })
    expect(ended).toMatchObject({ state: 'terminated', endReason: 'It went wrong.' })
    await expect(long).rejects.toMatchObject({ code: 'RUN_TERMINATED' })
    const decision = ended.steps[0]?.id ?? ''
    await expect.poll(async () => (await test.admin.decisions.get(decision)).execution?.state).toBe('failed')
    for (const action of ['wire.send', 'order.read']) {
      const next = await step(() => 'never', { action, args: action === 'wire.send' ? { cents: 1 } : {} })
      expect(next).toMatchObject({ status: 'withheld', decision: { route: 'denied', code: 'RUN_TERMINATED' } })
    }
    await expect(sam.sessions.intervene(id, { type: 'resume' })).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})

describe('who holds a session', () => {
  it('hands it over, and an administrator takes it over [SUP-5]', async () => {
    const id = await watched()
    await expect(kim.sessions.attach(id)).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(kim.sessions.takeOver(id, 'Mine.')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await expect(sam.sessions.handOver(id, 'nobody')).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    expect(await sam.sessions.handOver(id, 'kim')).toMatchObject({ supervisorId: 'sam', handedTo: 'kim' })
    expect(await kim.sessions.attach(id)).toMatchObject({ supervisorId: 'kim', handedTo: null })
    await expect(sam.sessions.intervene(id, { type: 'pause' })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await test.admin.members.put('root', { displayName: 'root', roles: ['admin'] })
    expect(await test.admin.sessions.takeOver(id, 'I do this one.')).toMatchObject({ supervisorId: 'root' })
  })

  it('rates it once, within its time, and only who watched it [SUP-6, I-12]', async () => {
    const id = await watched()
    await expect(kim.sessions.complete(id, { rating: 5 })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await expect(sam.sessions.complete(id, { rating: 6 })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    const rated = await sam.sessions.complete(id, { rating: 4, feedback: 'Careful.' })
    expect(rated).toMatchObject({ state: 'completed', rating: 4, feedback: 'Careful.', ratedBy: 'user:sam' })
    await expect(sam.sessions.complete(id, { rating: 5 })).rejects.toMatchObject({ code: 'CONFLICT' })
    await test.governor.jobs.run('count-evidence', {})
    const { items } = await test.admin.agents.confidence('bot')
    expect(items.filter(({ sourceId }) => sourceId === id)).toMatchObject([{ kind: 'supervision', requested: 750 }])
  })
})

it('tells who watches what the run says, in order and redacted [SUP-7, I-33]', async () => {
  const id = await watched()
  await step(async ({ emit }) => {
    emit({ kind: 'log', level: 'info', message: 'token=abcdefgh12345678' })
    emit({ kind: 'progress', value: 0.5, message: 'half' })
    emit({ kind: 'output', text: 'all' })
  })
  const { items } = await sam.sessions.events(id)
  expect(items.map(({ sequence }) => sequence)).toEqual(items.map((_, index) => index + 1))
  const said = items.filter(({ kind }) => ['log', 'progress', 'output'].includes(kind))
  expect(said.map(({ kind }) => kind)).toEqual(['log', 'progress', 'output'])
  expect(JSON.stringify(said)).not.toContain('abcdefgh12345678')
  expect((await sam.sessions.events(id, { after: 3, limit: 1 })).items[0]?.sequence).toBe(4)
})
