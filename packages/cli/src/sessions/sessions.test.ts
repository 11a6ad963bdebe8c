import { PassThrough } from 'node:stream'
import type { ControlScope, GuardCall, GuardResult, JsonObject } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { governanceApi } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openKeyboard } from '../keyboard.ts'
import { type Listening, listen } from '../listen.ts'
import { type RunOptions, runLine } from '../run-line.test.helper.ts'

const LEASE_MS = 4_000
const PATIENCE = { timeout: 10_000, interval: 20 }

let test: TestGovernor
let server: Listening
let sam: ControlScope
const keys: Record<string, string> = {}
let agents = 0

beforeAll(async () => {
  test = await createTestGovernor({
    settings: { supervisorLeaseMs: LEASE_MS, attachWithinMs: 15_000, deadlineMs: 20_000 },
    actions: { 'refund.create': { risk: 'high' } },
  })
  const app = new Hono().route('/api', governanceApi(test.governor))
  server = await listen(app, { host: '127.0.0.1', port: 0 })
  for (const id of ['sam', 'ann']) {
    await test.admin.members.put(id, { displayName: id, roles: ['supervisor'] })
    const asked = { displayName: id, principalKind: 'user', principalId: id, roles: ['supervisor'] } as const
    keys[id] = (await test.admin.keys.create(asked)).secret
  }
  sam = test.user('sam', 'supervisor')
}, 60_000)
afterAll(async () => {
  await server.close()
  await test.close()
})

/** Runs a command line as a person at another machine. */
const cli = (args: readonly string[], options: RunOptions & { readonly as?: string } = {}) => {
  const env = { PRECEPTOR_URL: `${server.address}/api`, PRECEPTOR_TOKEN: keys[options.as ?? 'sam'] ?? '' }
  return runLine(args, { ...options, env })
}

async function ask(args: readonly string[], options: { readonly as?: string } = {}) {
  const { code, printed } = await cli([...args, '--json'], options)
  return { code, json: JSON.parse(printed) }
}

type Work = (call: GuardCall) => unknown

async function supervisedAgent(): Promise<string> {
  agents += 1
  await test.register(`bot-${agents}`, 'supervised')
  return `bot-${agents}`
}

/** A run of an agent of its own that waits for somebody to watch its first step. */
async function begin(work: Work, args: JsonObject = {}) {
  await cli(['presence', 'online'])
  const agent = await supervisedAgent()
  const step = (worked: Work, given: JsonObject = {}): Promise<GuardResult<unknown>> =>
    test.agent(agent).guard({ agent, action: 'refund.create', args: given, run: 'run-1' }, worked)
  const first = step(work, args)
  first.catch(() => undefined)
  const id = await vi.waitFor(async () => {
    const { json } = await ask(['sessions', 'list', '--state', 'active', '--agent', agent])
    expect(json.items).toHaveLength(1)
    return String(json.items[0].id)
  }, PATIENCE)
  const finish = () => test.agent(agent).finish('run-1', { agent, status: 'completed' })
  return { agent, id, first, step, finish }
}

/** Something that work waits for. */
function gate() {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open: () => open(), opened }
}

/** A person at a terminal, watching under their own eyes. */
function atTerminal(id: string) {
  const input = new PassThrough()
  let screen = ''
  const write = (text: string): void => {
    screen += text
  }
  const ended = new AbortController()
  const result = cli(['sessions', 'watch', id, '--attach'], {
    ended: ended.signal,
    onPrint: (text) => write(`${text}\n`),
    openKeyboard: () => openKeyboard(input, { write, interrupt: () => ended.abort() }),
  })
  const sees = (pattern: RegExp | string) => vi.waitFor(() => expect(screen).toMatch(pattern), PATIENCE)
  const type = (text: string): void => void input.write(text)
  const presses = (key: string, pattern: RegExp) =>
    vi.waitFor(
      () => {
        if (!pattern.test(screen)) type(key)
        expect(screen).toMatch(pattern)
      },
      { ...PATIENCE, interval: 500 },
    )
  return { type, presses, sees, result, screen: () => screen }
}

describe('preceptor sessions watch --attach', () => {
  it('steers a run by single keys, and shows what is hidden in what it says [TERM-1, TERM-3, SUP-1, SUP-3]', async () => {
    const paused = gate()
    const guidance: string[] = []
    const { id, first, finish } = await begin(
      async ({ emit, checkpoint }) => {
        emit({ kind: 'progress', value: 0.25, message: 'a quarter' })
        emit({ kind: 'log', level: 'warn', message: '\u001b[2Jcleared \u202egnorw' })
        emit({ kind: 'output', text: 'one\n12:00:00  paused        actor user:sam' })
        await paused.opened
        guidance.push(...(await checkpoint()).guidance)
      },
      { cents: 5, note: 'p\u0430ypal\u001b]0;x\u0007' },
    )
    const terminal = atTerminal(id)
    await terminal.sees('Keys: p pause')
    await terminal.sees('25 % a quarter')
    terminal.type('p')
    await terminal.sees(/\d\d:\d\d:\d\d {2}pausing +actor user:sam/)
    paused.open()
    await terminal.sees(/\d\d:\d\d:\d\d {2}paused +actor/)
    terminal.type('c')
    await terminal.sees('Tell the run')
    terminal.type('Mind the fee.\r')
    await terminal.sees('intervention.requested')
    expect(guidance).toEqual([])
    // What is said may be heard of before the terminal takes the next key: a person presses it again.
    await terminal.presses('r', /\d\d:\d\d:\d\d {2}resumed +actor/)
    expect(await first).toMatchObject({ status: 'executed' })
    expect(guidance).toEqual(['Mind the fee.'])
    await finish()
    expect(await terminal.result).toMatchObject({ code: 0 })
    const screen = terminal.screen()
    expect(screen).toContain(`Rate it: preceptor sessions complete ${id}`)
    expect(screen).toContain('warn: \\u001b[2Jcleared \\u202egnorw')
    expect(screen).toMatch(/step.waiting .*args \{.*"note":"p\\u0430ypal\\u001b\]0;x\\u0007".*\}/)
    // What the run says stands on lines that say so.
    expect(screen).toMatch(/ {2}output +12:00:00 {2}paused {8}actor user:sam$/m)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(screen).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/)
    const rated = await ask(['sessions', 'complete', id, '--rating', '4', '--feedback', 'Well done.'])
    expect(rated).toMatchObject({ code: 0, json: { state: 'completed', rating: 4, ratedBy: 'user:sam' } })
    expect((await cli(['sessions', 'show', id])).printed).toMatch(/INTERVENTION[\s\S]*pause[\s\S]*Mind the fee\./)
  }, 30_000)

  it('asks before it ends a run, and ends it [TERM-2, SUP-4]', async () => {
    const { id, first } = await begin(
      ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('late'), { once: true })),
    )
    const terminal = atTerminal(id)
    await terminal.sees('step.started')
    for (const answer of ['no\r', '\u0003']) {
      terminal.type('t')
      await vi.waitFor(() => expect(terminal.screen()).toMatch(/Type yes: $/), PATIENCE)
      terminal.type(answer)
      await vi.waitFor(() => expect(terminal.screen()).toMatch(/\n$/), PATIENCE)
    }
    expect(await sam.sessions.get(id)).toMatchObject({ state: 'running' })
    terminal.type('t')
    await vi.waitFor(() => expect(terminal.screen()).toMatch(/Type yes: $/), PATIENCE)
    terminal.type('yes\r')
    await terminal.sees('Why (nothing: it goes on): ')
    terminal.type('It went wrong.\r')
    await expect(first).rejects.toMatchObject({ code: 'RUN_TERMINATED' })
    expect(await terminal.result).toMatchObject({ code: 0 })
    expect(await sam.sessions.get(id)).toMatchObject({ state: 'terminated' })
  }, 30_000)

  it('keeps its lease, and pauses the run when the person leaves [TERM-1, I-17]', async () => {
    const { id, first, step, finish } = await begin(() => 'done')
    const terminal = atTerminal(id)
    expect(await first).toMatchObject({ status: 'executed' })
    // Longer than a lease that nobody renews.
    const { supervisorLeaseExpiresAt: lease } = await sam.sessions.get(id)
    await expect.poll(() => Date.now() > Date.parse(lease ?? ''), { timeout: 2 * LEASE_MS }).toBe(true)
    expect(await step(() => 'again')).toMatchObject({ status: 'executed' })
    terminal.type('q')
    expect(await terminal.result).toMatchObject({ code: 0 })
    expect(terminal.screen()).toContain('the run pauses until somebody attaches')
    expect(await sam.sessions.get(id)).toMatchObject({ state: 'paused', pausedBy: 'user:sam' })
    const again = atTerminal(id)
    await again.sees('Keys: p pause')
    again.type('r')
    await again.sees('resumed')
    again.type('\u0003')
    expect(await again.result).toMatchObject({ code: 0 })
    expect(await sam.sessions.get(id)).toMatchObject({ state: 'paused', pausedBy: 'user:sam' })
    await finish()
  }, 30_000)

  it('ends with an error once somebody else has the session [TERM-1, SUP-5]', async () => {
    const { id, finish } = await begin(() => 'done')
    const ended = new AbortController()
    const watching = cli(['sessions', 'watch', id, '--attach', '--json'], { ended: ended.signal })
    await vi.waitFor(async () => expect(await sam.sessions.get(id)).toMatchObject({ supervisorId: 'sam' }), PATIENCE)
    expect(await ask(['sessions', 'hand-over', id, '--to', 'ann'])).toMatchObject({ json: { handedTo: 'ann' } })
    await test.user('ann', 'supervisor').sessions.attach(id)
    const { code, printed, noted } = await watching
    expect(code).toBe(1)
    const lines = printed.split('\n').map((line) => JSON.parse(line))
    expect(lines.slice(0, 2)).toMatchObject([{ sequence: 1 }, { sequence: 2 }])
    expect(lines.at(-1)).toMatchObject({ error: { code: 'CONFLICT', message: expect.stringContaining('ann') } })
    expect(noted).toContain('CONFLICT')
    expect(await sam.sessions.get(id)).toMatchObject({ supervisorId: 'ann', state: 'running' })
    await finish()
  }, 30_000)
})

describe('preceptor sessions', () => {
  it('pauses, corrects, resumes, withholds and terminates by one command each [TERM-1]', async () => {
    const { agent, id, first, step } = await begin(({ args }) => args, { cents: 5 })
    const refused = await ask(['sessions', 'pause', id])
    expect(refused).toMatchObject({ code: 1, json: { error: { code: 'PERMISSION_DENIED', hint: /Attach/ } } })
    expect((await ask(['sessions', 'list', '--state', 'starting', '--agent', agent])).json.items).toMatchObject([
      { id },
    ])
    expect((await cli(['sessions', 'list'])).printed).toContain('nobody yet')
    const ended = new AbortController()
    const watching = cli(['sessions', 'watch', id, '--attach'], { ended: ended.signal })
    expect(await first).toMatchObject({ status: 'executed', value: { cents: 5 } })
    const why = ['--reason', 'a test']
    expect(await ask(['sessions', 'pause', id, ...why])).toMatchObject({ code: 0, json: { state: 'paused' } })
    const second = step(({ args, guidance }) => ({ args, guidance }), { cents: 6 })
    const waiting = await vi.waitFor(async () => {
      const { steps } = (await ask(['sessions', 'show', id])).json
      const [found] = steps.filter(({ state }: { state: string }) => state === 'waiting')
      expect(found).toBeDefined()
      return String(found.id)
    }, PATIENCE)
    const correction = ['--args', '{"cents":1}', '--guidance', 'Less.', '--step', waiting]
    expect((await ask(['sessions', 'correct', id, ...correction])).code).toBe(0)
    expect((await cli(['sessions', 'show', id])).printed).toContain('{"cents":6} corrected to {"cents":1}')
    expect((await ask(['sessions', 'resume', id])).code).toBe(0)
    expect(await second).toMatchObject({ value: { args: { cents: 1 }, guidance: ['Less.'] } })
    await ask(['sessions', 'pause', id])
    const third = step(() => 'never')
    const announced = await vi.waitFor(async () => {
      const { steps } = await sam.sessions.get(id)
      const found = steps.find(({ state }) => state === 'waiting')
      if (found === undefined) throw new Error('No step waits.')
      return found.id
    }, PATIENCE)
    expect((await ask(['sessions', 'object', id, announced, ...why])).code).toBe(0)
    await ask(['sessions', 'resume', id])
    expect(await third).toMatchObject({ status: 'withheld' })
    expect(await ask(['sessions', 'terminate', id, ...why])).toMatchObject({ code: 0, json: { state: 'terminated' } })
    expect(await ask(['sessions', 'resume', id])).toMatchObject({ code: 1, json: { error: { code: 'CONFLICT' } } })
    expect(await ask(['sessions', 'complete', id, '--rating', '1'])).toMatchObject({
      json: { error: { code: 'CONFLICT' } },
    })
    const { code, printed, noted } = await watching
    expect([code, noted]).toEqual([0, expect.stringContaining('The session is terminated')])
    expect(printed).toContain('terminated')
    expect((await cli(['sessions', 'watch', 'ses_none'])).code).toBe(1)
  }, 30_000)
})

describe('preceptor queue and presence', () => {
  it('shows and takes back what waits for somebody who is there [TERM-1]', async () => {
    for (const as of ['sam', 'ann']) expect((await ask(['presence', 'offline'], { as })).json.state).toBe('offline')
    expect((await cli(['presence', 'show'])).printed).toMatch(/Set by hand +offline, until it is taken away/)
    expect(await ask(['presence', 'away', '--user', 'ann'])).toMatchObject({
      code: 1,
      json: { error: { code: 'PERMISSION_DENIED' } },
    })
    const agent = await supervisedAgent()
    const decision = await test.agent(agent).decide({ agent, action: 'refund.create', args: { cents: 7 } })
    expect(decision).toMatchObject({ route: 'queue' })
    const { json } = await ask(['queue', 'list', '--state', 'pending', '--agent', agent])
    expect(json.items).toMatchObject([{ agent, state: 'pending' }])
    const id = String(json.items[0].id)
    expect((await cli(['queue', 'list'])).printed).toMatch(/^ENTRY +AGENT/)
    expect((await cli(['queue', 'show', id])).printed).toContain('{"cents":7}')
    const resolved = await ask(['queue', 'resolve', id, '--outcome', 'failed', '--reason', 'why'])
    expect(resolved).toMatchObject({ code: 1, json: { error: { code: 'CONFLICT' } } })
    const cancelled = await ask(['queue', 'cancel', id, '--reason', 'not needed'])
    expect(cancelled).toMatchObject({ code: 0, json: { state: 'cancelled' } })
    expect((await ask(['queue', 'process'])).json).toEqual({ offered: 0 })
    expect((await ask(['presence', 'online', '--until', '2020-01-01T00:00:00Z'])).code).toBe(1)
    expect((await ask(['presence', 'auto'])).json).toMatchObject({ userId: 'sam', override: null })
  }, 30_000)
})
