import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { connectGovernor, type GuardResult, type Scope } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { endProgram, makePlace, type Program, startProgram } from '../e2e/demo-process.ts'
import { verifies } from '../verifies.ts'

const BIN = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))
const TIMEOUT_MS = 180_000
const DEADLINE_MS = 2_000
/** What a busy machine adds to a timer. */
const SLACK_MS = 500
const WORKERS = 6
const AGENT = 'runner'

/** One guarded call, as its caller saw it. */
interface Seen {
  readonly begun: number
  readonly ended: number
  readonly key: string
  readonly result: GuardResult<string>
}

const place = makePlace()
let server: Program
let address = ''
let administrator = ''

async function start(port: number): Promise<void> {
  server = startProgram(place, { file: BIN, args: ['serve', '--port', String(port)] })
  const [, shown = ''] = await server.waitFor(/^API\s+(http:\S+\/api)$/m)
  address = shown
}

async function ask(method: string, path: string, body?: object): Promise<ReturnType<typeof JSON.parse>> {
  const headers = { authorization: `Bearer ${administrator}`, 'content-type': 'application/json' }
  const response = await fetch(`${address}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  return response.json()
}

beforeAll(async () => {
  await start(0)
  administrator = (await server.waitFor(/pcp_[\w-]+/))[0]
  expect(await ask('POST', '/agents', { id: AGENT, maturity: 'autonomous' })).toMatchObject({ maturity: 'autonomous' })
}, TIMEOUT_MS)
afterAll(() => place.remove())

/** Attempts that go on and on, each of its own, until they are told to end. */
function keepAttempting(scope: Scope): {
  readonly seen: Seen[]
  /** When each attempt ran, by its key. */
  readonly runs: Map<string, number[]>
  end(): Promise<void>
} {
  const seen: Seen[] = []
  const runs = new Map<string, number[]>()
  let going = true
  const work = async (worker: number): Promise<void> => {
    for (let number = 0; going; number += 1) {
      const key = `${worker}-${number}-${crypto.randomUUID()}`
      const begun = performance.now()
      const result = await scope.guard(
        { agent: AGENT, action: 'note.write', args: { number }, idempotencyKey: key },
        () => {
          runs.set(key, [...(runs.get(key) ?? []), performance.now()])
          return 'written'
        },
      )
      seen.push({ begun, ended: performance.now(), key, result })
      // A gate that refuses at once is not asked in a tight loop.
      await sleep(20)
    }
  }
  const working = Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)))
  return {
    seen,
    runs,
    async end() {
      going = false
      await working
    },
  }
}

const executed = ({ result }: Seen): boolean => result.status === 'executed'
const untilExecuted = (seen: readonly Seen[], since: number): Promise<void> =>
  vi.waitFor(() => expect(seen.some((one) => one.begun > since && executed(one))).toBe(true), {
    timeout: 60_000,
    interval: 50,
  })

async function expectRecorded({ seen, runs }: ReturnType<typeof keepAttempting>): Promise<void> {
  expect([...runs.values()].filter((times) => times.length > 1)).toEqual([])
  const ran = seen.filter(executed)
  expect(ran.length).toBeGreaterThan(WORKERS)
  expect(ran.map(({ key }) => key).sort()).toEqual([...runs.keys()].sort())
  for (const { result } of ran) {
    const record = await ask('GET', `/decisions/${result.decision.id}`)
    expect([record.decision?.route, record.execution?.id]).toEqual(['execution', expect.any(String)])
  }
}

describe('a remote governor', () => {
  it.each([
    ['killed', 'SIGKILL', ['GOVERNOR_UNREACHABLE', 'DEADLINE_EXCEEDED']],
    ['stopped', 'SIGSTOP', ['DEADLINE_EXCEEDED']],
  ] as const)(
    verifies(['REACH-13', 'I-1'], 'that is %s denies in time, lets nothing run, and is found again by itself'),
    async (_, signal, codes) => {
      const service = { displayName: 'host', principalKind: 'service', principalId: `host-${signal}` }
      const scopes = ['triggers.decide', 'decisions.report', 'actions.register']
      const { secret } = await ask('POST', '/keys', { ...service, scopes })
      const governor = connectGovernor({ url: address, token: secret, deadlineMs: DEADLINE_MS })
      const principal = { kind: 'agent', id: AGENT, roles: [] } as const
      const scope = governor.as({ workspace: 'default', principal })
      await scope.registerActions({ 'note.write': { risk: 'medium' } })
      const attempts = keepAttempting(scope)
      await untilExecuted(attempts.seen, 0)
      await sleep(300)

      const gone = performance.now()
      if (signal === 'SIGKILL') await endProgram(server, signal)
      else server.child.kill(signal)
      await sleep(3 * DEADLINE_MS)
      const back = performance.now()
      if (signal === 'SIGKILL') await start(Number(new URL(address).port))
      else server.child.kill('SIGCONT')
      await untilExecuted(attempts.seen, back)
      await attempts.end()
      await governor.close()

      const during = attempts.seen.filter(({ begun }) => begun > gone && begun < back - DEADLINE_MS)
      expect(during.length).toBeGreaterThan(WORKERS - 1)
      for (const { result } of during) {
        expect(result).toMatchObject({ status: 'withheld', decision: { route: 'denied' } })
        expect(codes).toContain(Reflect.get(result.decision, 'code'))
      }
      const denied = attempts.seen.filter(({ result }) => result.status === 'withheld')
      expect(Math.max(...denied.map(({ begun, ended }) => ended - begun))).toBeLessThan(DEADLINE_MS + SLACK_MS)
      const times = [...attempts.runs.values()].flat()
      expect(times.filter((time) => time > gone + SLACK_MS && time < back)).toEqual([])
      await expectRecorded(attempts)
    },
    TIMEOUT_MS,
  )
})
