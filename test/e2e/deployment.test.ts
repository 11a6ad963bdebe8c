import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type ControlScope, connectGovernor } from '@preceptor/client'
import { startPostgres, startRedis } from '@preceptor/test-setup'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { verifies } from '../verifies.ts'
import { endProgram, makePlace, type Program, startProgram } from './demo-process.ts'

const DEPLOYMENT = new URL('../../docs/deployment/', import.meta.url)
const BIN = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))
const WITHIN = { timeout: 30_000, interval: 50 }

interface Service {
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly deploy?: { readonly replicas: number }
}

const secrets: Readonly<Record<string, string>> = Object.fromEntries(
  ['POSTGRES_PASSWORD', 'PRECEPTOR_DATABASE_PASSWORD', 'REDIS_PASSWORD'].map((name) => [
    name,
    randomBytes(12).toString('hex'),
  ]),
)
const settings = { ...secrets, PRECEPTOR_PUBLIC_URL: 'https://desk.example.com/dashboard' }

/** The file as it is read where the settings are given: one that is missing is an error there, and here. */
function servicesOf(file: string): Readonly<Record<string, Service>> {
  const text = file.replaceAll(/\$\{([A-Z_]+)(:\?|:-(.*?))?\}/g, (_, name: string, how?: string, otherwise = '') => {
    const value = (settings as Readonly<Record<string, string>>)[name]
    if (value === undefined && how?.startsWith(':-') !== true) throw new Error(`${name} is not set.`)
    return value ?? otherwise
  })
  return parse(text, { merge: true }).services
}

/** What the server does with the file when its folder is empty, without psql. */
async function makeRoles(url: string): Promise<void> {
  const password = secrets.PRECEPTOR_DATABASE_PASSWORD ?? ''
  const text = readFileSync(new URL('roles.sql', DEPLOYMENT), 'utf8')
  const statements = text
    .replaceAll(/^(?:--|\\getenv).*$/gm, '')
    .replaceAll(":'password'", pg.escapeLiteral(password))
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

/** The same address on the server that was started here. */
function movedTo(address: string, server: string): string {
  const moved = new URL(address)
  moved.host = new URL(server).host
  return moved.href
}

describe(verifies(['OPS-3'], 'the deployment of the guide, its commands as processes'), () => {
  const place = makePlace()
  const services = servicesOf(readFileSync(new URL('compose.yaml', DEPLOYMENT), 'utf8'))
  const started: { stop(): Promise<void> }[] = []
  let start: (service: string, ...more: string[]) => Program
  let first: Program
  let addresses: string[] = []
  let key = ''

  beforeAll(async () => {
    const postgres = await startPostgres()
    started.push(postgres)
    const redis = await startRedis()
    started.push(redis)
    await makeRoles(postgres.url)
    start = (service, ...more) => {
      const { command, environment } = services[service] ?? { command: [], environment: {} }
      const { DATABASE_URL = '', ...others } = environment
      const places = { DATABASE_URL: movedTo(DATABASE_URL, postgres.url), REDIS_URL: redis.url }
      return startProgram(place, { file: BIN, args: [...command, ...more], env: { ...others, ...places } })
    }
  }, 60_000)
  afterAll(async () => {
    await place.remove()
    for (const { stop } of started.reverse()) await stop()
  })

  async function serve(...more: string[]): Promise<Program> {
    const server = start('server', '--port', '0', ...more)
    const [, address = ''] = await server.waitFor(/^API\s+(http:\S+)\/api$/m)
    addresses.push(address.replace('0.0.0.0', '127.0.0.1'))
    return server
  }

  it('makes its tables as a role that is no superuser', async () => {
    const refused = start('server', '--port', '0')
    expect(await refused.ended).not.toBe(0)
    expect(refused.stderr()).toContain('DATABASE_OLDER')
    const migrate = start('migrate')
    expect(await migrate.ended, migrate.stderr()).toBe(0)
    expect(await start('migrate').ended).toBe(0)
  }, 120_000)

  it('serves, with as many workers as it says', async () => {
    first = await serve('--new-key')
    ;[key] = await first.waitFor(/pcp_[\w-]+/)
    for (let count = 0; count < (services.worker?.deploy?.replicas ?? 0); count += 1) {
      await start('worker').waitFor(/^Worker +runs/m)
    }
    await vi.waitFor(async () => expect((await fetch(`${addresses[0]}/api/readyz`)).status).toBe(200), WITHIN)
  }, 120_000)

  it('loses nothing while one server takes the place of another, with no connection bound to either', async () => {
    const balancer = await balance(() => addresses)
    started.push({ stop: balancer.stop })
    const governor = connectGovernor({ url: `${balancer.url}/api`, token: key })
    const as = (): ControlScope =>
      governor.as({ workspace: 'default', principal: { kind: 'user', id: 'administrator', roles: ['admin'] } })
    const seen: string[] = []
    const ending = new AbortController()
    const events = await as().events.subscribe({ signal: ending.signal })
    const following = (async () => {
      for await (const { kind, agent } of events) if (kind === 'agent.registered') seen.push(agent ?? '')
    })()
    const names: string[] = []
    const register = async (count: number): Promise<void> => {
      for (let each = 0; each < count; each += 1) {
        const id = `bot-${names.length}`
        await as().agents.register({ id })
        names.push(id)
      }
    }
    await register(5)
    await serve()
    await register(5)
    // The balancer hears that it is to go before it goes, as of every server that is taken out of service.
    addresses = addresses.slice(1)
    const [, code] = await Promise.all([register(10), endProgram(first, 'SIGTERM')])
    expect(code).toBe(0)
    await register(5)
    await vi.waitFor(() => expect(seen).toEqual(names), WITHIN)
    ending.abort()
    await following.catch(() => undefined)
    await governor.close()
  }, 120_000)
})

/** Hands each connection to the next server in turn, whatever the connections before it had. */
async function balance(targets: () => readonly string[]): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const open = new Set<Socket>()
  let turn = 0
  const server: Server = createServer((client) => {
    turn += 1
    const all = targets()
    const target = new URL(all[turn % all.length] ?? '')
    const upstream = connect(Number(target.port), target.hostname)
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket)
      socket.on('error', () => other.destroy())
      socket.once('close', () => open.delete(socket) && other.destroy())
      socket.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
