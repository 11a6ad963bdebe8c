import { expect, it } from 'vitest'
import type { CliHost } from './command.ts'
import { jsonLine, reportTo, requestsOf, withLog } from './log.ts'

const AT = new Date('2026-03-01T12:00:00Z')

function callWith(host: Partial<CliHost>, flags: Record<string, string> = {}) {
  const lines: string[] = []
  const notes: string[] = []
  const whole: CliHost = {
    args: [],
    env: {},
    print: async () => undefined,
    note: (text) => void notes.push(text),
    log: (line) => void lines.push(line),
    ended: new AbortController().signal,
    ...host,
  }
  return {
    call: withLog({ host: whole, words: [], flags, print: async () => undefined, atEnd: () => undefined }),
    lines,
    notes,
  }
}

it('writes one JSON line for each report where nobody reads at a terminal [OBS-7]', () => {
  const { call, lines, notes } = callWith({ isTerminal: false })
  reportTo(call.host)({ level: 'error', code: 'STORE_UNAVAILABLE', message: 'It is away.', traceId: 'a'.repeat(32) })
  call.host.note('closing')
  expect(notes).toEqual([])
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      level: 'error',
      code: 'STORE_UNAVAILABLE',
      message: 'It is away.',
      traceId: 'a'.repeat(32),
    },
    { time: expect.any(String), level: 'info', code: 'NOTICE', message: 'closing' },
  ])
})

it('writes text for people, and what the flag says [OBS-7]', () => {
  const report = { level: 'warn', code: 'NOTICE', message: 'Look.', traceId: 'b'.repeat(32) } as const
  const people = callWith({ isTerminal: true })
  reportTo(people.call.host)(report)
  expect(people).toMatchObject({ lines: [], notes: [`warn: NOTICE: Look. (trace ${'b'.repeat(32)})`] })
  const asked = callWith({ isTerminal: true }, { log: 'json' })
  reportTo(asked.call.host)(report)
  expect(asked.lines).toHaveLength(1)
  const piped = callWith({ isTerminal: false }, { log: 'text' })
  reportTo(piped.call.host)(report)
  expect(piped.notes).toHaveLength(1)
})

it('holds no secret, and is one line whatever others wrote into it [OBS-7, I-33]', () => {
  const secret = `sk-${'a1B2c3D4'.repeat(6)}`
  const message = `It said ${secret}\n{"level":"error"}\r\u001b[31m\u202ered\u2028`
  const line = jsonLine({ level: 'error', code: 'INTERNAL', message }, AT)
  expect(line).not.toContain(secret)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(line).not.toMatch(/[\u0000-\u001f\u007f\u2028\u2029\u202e]/)
  expect(JSON.parse(line)).toMatchObject({ time: '2026-03-01T12:00:00.000Z', level: 'error', code: 'INTERNAL' })
})

it('has a line for each request where that is asked for, as JSON or as text [OPS-13]', () => {
  const line = {
    method: 'GET',
    route: '/api/agents/:id',
    status: 503,
    duration: 0.012,
    end: 'ended',
    requestId: '0f0f0f0f',
    traceId: 'c'.repeat(32),
    principal: 'user:ana',
    workspace: 'default',
  } as const
  expect(requestsOf(callWith({ isTerminal: false }).call)).toBeUndefined()
  const { call, lines } = callWith({ isTerminal: false })
  requestsOf({ ...call, flags: { 'request-log': true } })?.(line)
  const { traceId, ...request } = line
  expect(lines.map((one) => JSON.parse(one))).toEqual([
    {
      time: expect.any(String),
      level: 'error',
      code: 'REQUEST',
      message: 'GET /api/agents/:id 503',
      traceId,
      request,
    },
  ])
  const atTerminal = callWith({ isTerminal: true })
  requestsOf({ ...atTerminal.call, flags: { 'request-log': true } })?.(line)
  expect(atTerminal.notes).toEqual(['GET /api/agents/:id 503 0.012 s user:ana'])
})
