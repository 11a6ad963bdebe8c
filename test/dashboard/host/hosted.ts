import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type ControlScope, connectGovernor, type JsonObject } from '@preceptor/client'
import { createTestDatabase, freePort } from '@preceptor/test-setup'
import { afterAll, beforeAll } from 'vitest'

const PROGRAM = fileURLToPath(new URL('./main.mjs', import.meta.url))

/** How a plane is hosted: all in one process on an embedded database, or a server and a worker on Postgres and Redis. */
export type Hosting = 'embedded' | 'distributed'

/** What an action really did, and in which process. */
export interface Effect {
  readonly action: string
  readonly args: JsonObject
  readonly idempotencyKey: string
  readonly pid: number
}

/** Who there is: an administrator, two supervisors, and an agent of each maturity. */
export type HostedName = (typeof PEOPLE)[number] | (typeof AGENTS)[number]

const PEOPLE = ['ada', 'ana', 'ben'] as const
const AGENTS = ['pupil', 'clerk', 'watched', 'courier'] as const

/** A busy machine is no fault of the gate. */
const DEADLINE_MS = 20_000

/** A plane in processes of its own. */
export interface Hosted {
  /** Where its dashboard is. */
  readonly desk: string
  readonly effects: readonly Effect[]
  /** API keys by name. */
  readonly keys: Readonly<Record<HostedName, string>>
  /** What somebody may do, over HTTP. */
  as(name: HostedName): ControlScope
  /** Has an effect, as an agent has one that runs its own actions, in the process of the tests. */
  act(effect: Omit<Effect, 'pid'>): Promise<void>
  /** Ends the server without a goodbye. */
  kill(): Promise<void>
  /** Starts it again at the same address. */
  restart(): Promise<void>
}

/** Hosts a plane for the tests of a file. */
export function useHosted(hosting: Hosting): Hosted {
  const effects: Effect[] = []
  const closing: (() => Promise<unknown>)[] = []
  let keys: Hosted['keys'] | undefined
  let start: ((prepares: boolean) => Promise<unknown>) | undefined
  let server: ChildProcess | undefined
  let address = ''
  let oracleAddress = ''
  const known = (): Hosted['keys'] => {
    if (keys === undefined) throw new Error('The plane is there only inside tests and hooks.')
    return keys
  }
  beforeAll(async () => {
    const oracle = await openOracle(effects)
    closing.push(oracle.close)
    oracleAddress = oracle.address
    const place = await openPlace(hosting, closing)
    const port = await freePort()
    address = `http://127.0.0.1:${port}`
    const order = { place, oracle: oracle.address, port }
    start = async (prepares) => {
      const started = await startProcess({ ...order, serves: true, works: hosting === 'embedded', prepares })
      server = started.child
      return started.keys
    }
    closing.push(async () => server && endProcess(server))
    keys = (await start(true)) as Hosted['keys']
    if (hosting === 'embedded') return
    const { child } = await startProcess({ ...order, serves: false, works: true, prepares: false })
    closing.push(() => endProcess(child))
  }, 120_000)
  afterAll(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })
  return {
    effects,
    get desk() {
      return `${address}/desk`
    },
    get keys() {
      return known()
    },
    as(name) {
      const kind = AGENTS.some((agent) => agent === name) ? 'agent' : 'user'
      const governor = connectGovernor({
        url: `${address}/api`,
        token: known()[name],
        allowPlainHttp: true,
        deadlineMs: DEADLINE_MS,
      })
      return governor.as({ workspace: 'default', principal: { kind, id: name, roles: [] } })
    },
    async act(effect) {
      const body = JSON.stringify({ ...effect, pid: process.pid })
      const response = await fetch(oracleAddress, { method: 'POST', body })
      if (!response.ok) throw new Error(`The oracle answered ${response.status}.`)
    },
    async kill() {
      if (server !== undefined) await endProcess(server, 'SIGKILL')
    },
    async restart() {
      await start?.(false)
    },
  }
}

async function openPlace(hosting: Hosting, closing: (() => Promise<unknown>)[]): Promise<object> {
  if (hosting === 'distributed') {
    const database = await createTestDatabase()
    closing.push(() => database.drop())
    return { database: database.url, redis: process.env.REDIS_URL, migrate: true }
  }
  const dataFolder = mkdtempSync(join(tmpdir(), 'preceptor-hosted-'))
  closing.push(async () => rmSync(dataFolder, { recursive: true, force: true }))
  return { dataFolder }
}

async function openOracle(effects: Effect[]): Promise<{ readonly address: string; close(): Promise<unknown> }> {
  const server = createServer(async (request, response) => {
    effects.push((await json(request)) as Effect)
    response.setHeader('content-type', 'application/json')
    response.end('{"done":true}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const place = server.address()
  if (typeof place !== 'object' || place === null) throw new Error('The oracle does not listen.')
  return {
    address: `http://127.0.0.1:${place.port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

async function startProcess(order: object): Promise<{ readonly child: ChildProcess; readonly keys: unknown }> {
  const child = fork(PROGRAM, [JSON.stringify(order)], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += chunk
  })
  return new Promise((resolve, reject) => {
    child.once('message', (message: { readonly keys?: unknown }) => resolve({ child, keys: message.keys }))
    child.once('exit', (code) => reject(new Error(`The host ended with ${code} before it was ready.\n${said}`)))
  })
}

function endProcess(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}
