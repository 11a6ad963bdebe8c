import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { MATURITIES, type Maturity, type Risk, ROUTES, type Route } from '@preceptor/client'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import type { DemoDecision, DemoDocument, DemoEffect } from './demo-document.ts'
import { endProgram, makePlace, type Place, startDemo } from './demo-process.ts'

const TIMEOUT_MS = 240_000

// What the design says of actions inside a run, for the risks that the demo has an action of.
const GRADUATED: Readonly<Record<Maturity, Readonly<Record<Risk, Route>>>> = {
  student: { safe: 'execution', medium: 'training', high: 'training', critical: 'training' },
  intern: { safe: 'execution', medium: 'proposal', high: 'proposal', critical: 'proposal' },
  supervised: { safe: 'execution', medium: 'execution', high: 'supervision', critical: 'proposal' },
  autonomous: { safe: 'execution', medium: 'execution', high: 'execution', critical: 'proposal' },
}
const RISKS: readonly (readonly [string, Risk])[] = [
  ['order.read', 'safe'],
  ['note.write', 'medium'],
  ['refund.create', 'high'],
  ['ledger.close', 'critical'],
]

async function runOnce(place: Place, env: NodeJS.ProcessEnv = {}, args: readonly string[] = []): Promise<DemoDocument> {
  const program = startDemo(place, ['--once', '--json', '--port', '0', ...args], env)
  const code = await program.ended
  if (code !== 0) throw new Error(`The demo ended with ${code}.\n${program.stdout()}\n${program.stderr()}`)
  return JSON.parse(program.stdout())
}

/** The routes of the first attempt of each agent at each action, through an adapter. */
function matrixOf(decisions: readonly DemoDecision[], adapter: string): object {
  const routeOf = (agent: string, action: string): Route | undefined =>
    decisions.find((row) => [row.agent, row.action, row.adapter].join() === [agent, action, adapter].join())?.route
  return Object.fromEntries(
    MATURITIES.map((agent) => [
      agent,
      Object.fromEntries(RISKS.map(([action, risk]) => [risk, routeOf(agent, action)])),
    ]),
  )
}

function countOf(rows: readonly Pick<DemoEffect, 'agent' | 'adapter' | 'action'>[]): readonly string[] {
  return rows.map(({ agent, adapter, action }) => `${agent} ${adapter} ${action}`).sort()
}

/** What must hold of every complete round, wherever its data is. */
function expectCompleteRound({ decisions, effects, summary }: DemoDocument): void {
  expect(decisions.length).toBeGreaterThanOrEqual(12)
  expect([...new Set(decisions.map(({ route }) => route))].sort()).toEqual([...ROUTES].sort())
  expect(matrixOf(decisions, 'langchain')).toEqual(GRADUATED)
  expect(matrixOf(decisions, 'http')).toEqual(GRADUATED)
  expect(matrixOf(decisions, 'mcp')).toEqual(GRADUATED)
  const mayRun = decisions.filter(({ route }) => route === 'execution' || route === 'supervision')
  expect(countOf(effects)).toEqual(countOf(mayRun))
  expect(decisions.filter(({ ran }) => ran)).toEqual(mayRun)
  expect(summary).toMatchObject({
    resumed: false,
    decisions: decisions.length,
    effects: effects.length,
    explained: decisions.length,
    journal: { ok: true },
  })
}

describe('npm start -- --once --json', () => {
  const place = makePlace()
  let document: DemoDocument
  let printed = ''

  beforeAll(async () => {
    const program = startDemo(place, ['--once', '--json', '--port', '0'])
    expect(await program.ended, program.stderr()).toBe(0)
    printed = program.stdout()
    document = JSON.parse(printed)
  }, TIMEOUT_MS)
  afterAll(() => place.remove())

  it(verifies('CMD-1', 'prints one document of at least 12 decisions that take all six routes'), () => {
    expect(Object.keys(document)).toEqual(['decisions', 'effects', 'summary'])
    expect(printed).toBe(`${JSON.stringify(document, null, 2)}\n`)
    expectCompleteRound(document)
  })

  it(
    verifies(['CMD-1', 'ROUTE-3', 'I-9'], 'routes by maturity and risk as designed, the same through all adapters'),
    () => {
      expect(matrixOf(document.decisions, 'langchain')).toEqual(GRADUATED)
      expect(matrixOf(document.decisions, 'http')).toEqual(GRADUATED)
      expect(matrixOf(document.decisions, 'mcp')).toEqual(GRADUATED)
    },
  )

  it('states agent, maturity, adapter, source, action, route and reason of each decision, and the code of a held one', () => {
    for (const { id, agent, adapter, source, action, route, reason, code } of document.decisions) {
      expect({ id, agent, adapter, source, action, reason }).toEqual({
        id: expect.stringMatching(/^dec_/),
        agent: expect.stringMatching(/./),
        adapter: expect.stringMatching(/^(langchain|http|mcp)$/),
        source: expect.stringMatching(/^(ai_coordinator|manual|data_sync)$/),
        action: expect.stringMatching(/^\w+\.\w+$/),
        reason: expect.stringMatching(/\.$/),
      })
      expect(code === undefined, `${action} ${route} ${code}`).toBe(route === 'execution' || route === 'supervision')
    }
    expect(new Set(document.decisions.map(({ id }) => id)).size).toBe(document.decisions.length)
  })

  it(verifies('CMD-3', 'counts exactly the effects that the decisions allow'), () => {
    const allowed = document.decisions.filter(({ route }) => route === 'execution' || route === 'supervision')
    expect(countOf(document.effects)).toEqual(countOf(allowed))
    const keys = document.effects.map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
    const book = readFileSync(join(place.folder, '.preceptor', 'shop.jsonl'), 'utf8')
      .trim()
      .split('\n')
    expect(book.map((line) => JSON.parse(line))).toEqual(document.effects)
  })

  it(verifies('ROUTE-7', 'supervises under a live lease and queues once the supervisor has left'), () => {
    const refunds = document.decisions.filter(
      ({ agent, action }) => agent === 'supervised' && action === 'refund.create',
    )
    expect(refunds.map(({ adapter, route }) => `${adapter} ${route}`).sort()).toEqual([
      'http queue',
      'http supervision',
      'langchain queue',
      'langchain supervision',
      'mcp queue',
      'mcp supervision',
    ])
    expect(document.summary.watchedSessions).toBeGreaterThanOrEqual(3)
  })

  it(verifies(['ROUTE-4', 'AGENT-4', 'STOP-1', 'ACT-1', 'ACT-2'], 'shows a manual run and each denial'), () => {
    const manual = document.decisions.filter(({ source }) => source === 'manual')
    expect(manual).toMatchObject([{ agent: 'student', route: 'execution', ran: true }])
    expect(manual[0]?.warnings.join()).toContain('student')
    const codes = document.decisions.filter(({ route }) => route === 'denied').map(({ code }) => code)
    expect([...new Set(codes)].sort()).toEqual(['ACTION_UNKNOWN', 'AGENT_PAUSED', 'ARGS_INVALID', 'STOPPED'])
  })

  it('leaves the home empty and keeps its data to its owner', () => {
    expect(readdirSync(place.home)).toEqual([])
    expect(readdirSync(place.folder)).toEqual(['.preceptor'])
    expect(statSync(join(place.folder, '.preceptor')).mode & 0o777).toBe(0o700)
  })

  it(
    'goes on with the same data when it is started again',
    async () => {
      const second = await runOnce(place)
      expectCompleteRound(second)
      expect(second.summary.round).not.toBe(document.summary.round)
      expect(second.summary.journal.checked).toBeGreaterThan(document.summary.journal.checked)
      const book = readFileSync(join(place.folder, '.preceptor', 'shop.jsonl'), 'utf8')
        .trim()
        .split('\n')
      expect(book).toHaveLength(document.effects.length + second.effects.length)
    },
    TIMEOUT_MS,
  )
})

describe('npm start', () => {
  const place = makePlace()
  afterAll(() => place.remove())

  const agentsAsSeenBy = async (address: string, key: string): Promise<number> => {
    const response = await fetch(`${address}/api/agents`, { headers: { authorization: `Bearer ${key}` } })
    return response.status
  }

  it(
    verifies('CMD-2', 'serves with a key that is shown once, until it is told to stop; then a new one only on request'),
    async () => {
      const first = startDemo(place, ['--port', '0'])
      const [, address = ''] = await first.waitFor(/^API\s+(http:\S+)\/api,/m)
      const [key] = await first.waitFor(/pcp_[\w-]+/)
      await first.waitFor(/^Stop/m)
      expect(await agentsAsSeenBy(address, key)).toBe(200)
      const intruder = startDemo(place, ['--once', '--json'])
      expect(await intruder.ended).toBe(1)
      const { error } = JSON.parse(intruder.stdout())
      expect(error).toMatchObject({
        code: 'DATA_FOLDER_LOCKED',
        message: expect.stringContaining(`pid ${first.child.pid}`),
      })
      expect(await endProgram(first, 'SIGTERM')).toBe(0)

      const second = startDemo(place, ['--port', '0', '--new-key'])
      const [, moved = ''] = await second.waitFor(/^API\s+(http:\S+)\/api,/m)
      const [renewed] = await second.waitFor(/pcp_[\w-]+/)
      expect(await agentsAsSeenBy(moved, renewed)).toBe(200)
      expect(await agentsAsSeenBy(moved, key)).toBe(401)
      expect(await endProgram(second, 'SIGINT')).toBe(0)

      const third = startDemo(place, ['--port', '0'])
      await third.waitFor(/^Stop/m)
      expect(third.stdout()).toContain('was shown by an earlier start')
      expect(third.stdout()).not.toContain('pcp_')
      expect(await endProgram(third, 'SIGTERM')).toBe(0)
    },
    TIMEOUT_MS,
  )

  it.each([
    [['--port', 'high'], {}, 2, 'OPTION_INVALID', '--port'],
    [['--twice'], {}, 2, 'OPTION_INVALID', '--twice'],
    [[], { DATABASE_URL: 'postgres://127.0.0.1:1/none' }, 1, 'DATABASE_MISSING', '127.0.0.1:1'],
    [[], { NODE_ENV: 'production' }, 1, 'EMBEDDED_IN_PRODUCTION', ''],
  ])(verifies('CONF-1', 'says what is wrong: %j %j'), async (args, env, exit, code, named) => {
    const program = startDemo(place, ['--once', '--json', ...args], env)
    expect(await program.ended).toBe(exit)
    expect(JSON.parse(program.stdout()).error).toMatchObject({ code, message: expect.stringContaining(named) })
    expect(program.stderr()).toContain(code)
  })
})

describeWithPostgres('npm start -- --once --json on Postgres', () => {
  const database = useTestDatabase()
  const place = makePlace()
  afterAll(() => place.remove())

  it(
    verifies('CMD-1', 'does the same on a server'),
    async () => {
      const redis = process.env.REDIS_URL
      expectCompleteRound(await runOnce(place, { DATABASE_URL: database.url, ...(redis ? { REDIS_URL: redis } : {}) }))
    },
    TIMEOUT_MS,
  )
})
