import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { governanceApi } from '@preceptor/hono-middleware'
import {
  createTestDatabase,
  describeWithPostgres,
  describeWithRedis,
  freePort,
  startRedis,
} from '@preceptor/test-setup'
import { Hono } from 'hono'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runLine } from '../run-line.test.helper.ts'
import { doctor, listening as listenUntil, useSetups } from './doctor.test.helper.ts'
import { localChecks } from './local-checks.ts'

const { root, closing } = useSetups()
const listening = (app: Hono): Promise<string> => listenUntil(closing, app)

describe('a server that is set up wrongly is told so by the doctor [OPS-4]', () => {
  let test: TestGovernor
  let key = ''

  beforeAll(async () => {
    test = await createTestGovernor({ settings: { deadlineMs: 20_000 } })
    await test.admin.members.put('ada', { displayName: 'Ada', roles: ['admin'] })
    key = await keyFor(null)
  })
  afterAll(() => test.close())

  async function keyFor(expiresInMs: number | null): Promise<string> {
    const expiresAt = expiresInMs === null ? null : new Date(Date.now() + expiresInMs).toISOString()
    const request = { displayName: 'k', principalKind: 'user', principalId: 'ada', roles: ['admin'] } as const
    return (await test.admin.keys.create({ ...request, ...(expiresAt === null ? {} : { expiresAt }) })).secret
  }
  const at = (url: string, token = key) => doctor({ PRECEPTOR_URL: url, PRECEPTOR_TOKEN: token })
  const api = () => new Hono().route('/api', governanceApi(test.governor))

  it('nobody answers there', async () => {
    const { code, found } = await at(`http://127.0.0.1:${await freePort()}/api`)
    expect([code, found('server')?.state, found('server')?.code]).toEqual([1, 'failed', 'GOVERNOR_UNREACHABLE'])
    expect(found('gate')?.state).toBe('skipped')
  })

  it('the address is that of something else', async () => {
    const { found } = await at(await listening(new Hono().get('/healthz', (c) => c.text('no', 404))))
    expect(found('server')).toMatchObject({ state: 'failed', advice: expect.stringContaining('/api') })
  })

  it('the gate cannot decide', async () => {
    const gone = await createTestGovernor()
    await gone.close()
    const { found } = await at(`${await listening(new Hono().route('/api', governanceApi(gone.governor)))}/api`)
    expect(found('server')?.state).toBe('ok')
    expect(found('gate')).toMatchObject({ state: 'failed', message: expect.stringMatching(/open|store|lease/) })
  })

  it('the key was revoked', async () => {
    const secret = await keyFor(null)
    const { items } = await test.admin.keys.list({ limit: 100 })
    const id = items.find(({ prefix }) => secret.startsWith(prefix))?.id ?? items.at(0)?.id ?? ''
    await test.admin.keys.revoke(id)
    const { code, found } = await at(`${await listening(api())}/api`, secret)
    expect([code, found('credential')?.state]).toEqual([1, 'failed'])
  })

  it('the key expires within days', async () => {
    const { code, found } = await at(`${await listening(api())}/api`, await keyFor(86_400_000))
    expect([code, found('credential')]).toMatchObject([
      0,
      { state: 'warning', message: expect.stringContaining('expires') },
    ])
  })

  it('the clocks are apart', async () => {
    const late = new Hono().use(async (c, next) => {
      await next()
      c.res.headers.set('date', new Date(Date.now() + 3_600_000).toUTCString())
    })
    const { found } = await at(`${await listening(late.route('/api', governanceApi(test.governor)))}/api`)
    expect(found('clock')).toMatchObject({ state: 'warning', message: expect.stringMatching(/3[56]\d\d s apart/) })
  })

  it('a proxy holds events back', async () => {
    const holding = new Hono().use('/api/events', (c) => {
      return new Promise<Response>((resolve) => c.req.raw.signal.addEventListener('abort', () => resolve(c.body(null))))
    })
    const { found } = await at(`${await listening(holding.route('/api', governanceApi(test.governor)))}/api`)
    expect(found('stream')).toMatchObject({ state: 'failed', advice: expect.stringContaining('buffering') })
  }, 60_000)

  it('nothing is wrong, then', async () => {
    const { code, found } = await at(`${await listening(api())}/api`)
    expect([code, found('gate')?.state, found('stream')?.state]).toEqual([0, 'ok', 'ok'])
  })
})

describe('an environment that is set up wrongly is told so by the doctor [OPS-4]', () => {
  it.each([
    ['production', { NODE_ENV: 'production' }, /embedded/],
    ['secrets', { REDIS_URL: 'redis://:changeme@127.0.0.1:1' }, /REDIS_URL/],
    ['public-url', { PRECEPTOR_PUBLIC_URL: 'desk' }, /no address/],
    ['public-url', { PRECEPTOR_PUBLIC_URL: 'http://desk.example.com' }, /anybody can read/],
    ['redis', { REDIS_URL: 'redis://127.0.0.1:1' }, /does not answer/],
    ['database', { DATABASE_URL: 'postgres://127.0.0.1:1/none' }, /./],
  ])('%s of %o', async (name, env: Readonly<Record<string, string>>, message) => {
    const { code, found } = await doctor(env)
    expect([code, found(name)]).toMatchObject([1, { state: 'failed', message: expect.stringMatching(message) }])
  })

  it.each([
    ['checkpoints', { NODE_ENV: 'production' }],
    ['public-url', { NODE_ENV: 'production' }],
  ])('%s that is missing in production', async (name, env: Readonly<Record<string, string>>) => {
    expect((await doctor(env)).found(name)).toMatchObject({ state: 'warning', advice: expect.any(String) })
  })
})

describe('an installation that is set up wrongly is told so by the doctor [OPS-4]', () => {
  const install = (folder: string, name: string, manifest: object): void => {
    const path = join(folder, 'node_modules', name)
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'package.json'), JSON.stringify({ name, ...manifest }))
  }
  const check = async (name: string, folder: string, nodeVersion = process.versions.node) =>
    localChecks({ folder, dataFolder: join(folder, 'data'), nodeVersion })
      .find((one) => one.name === name)
      ?.run()
  const place = () => mkdtempSync(join(root, 'project-'))

  it('Node is too old', async () => {
    expect(await check('node', place(), '20.18.3')).toMatchObject({ state: 'failed' })
  })

  it('parts are of several releases', async () => {
    const folder = place()
    install(folder, '@preceptor/core', { version: '0.0.9' })
    expect(await check('releases', folder)).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('0.0.9'),
    })
  })

  it('a framework is there twice', async () => {
    const folder = place()
    install(folder, 'zod', { version: '4.0.0' })
    install(join(folder, 'node_modules', 'other'), 'zod', { version: '3.25.0' })
    writeFileSync(join(folder, 'node_modules', 'other', 'package.json'), '{"name":"other","version":"1.0.0"}')
    expect(await check('copies', folder)).toMatchObject({
      state: 'warning',
      message: expect.stringContaining('3.25.0'),
    })
  })

  it('a framework is missing, or too old', async () => {
    const folder = place()
    install(folder, '@preceptor/hono-middleware', { version: '0.1.0', peerDependencies: { hono: '^4.12.21' } })
    expect(await check('peers', folder)).toMatchObject({ state: 'failed', message: expect.stringContaining('missing') })
    install(folder, 'hono', { version: '4.6.0' })
    expect(await check('peers', folder)).toMatchObject({ state: 'failed', message: expect.stringContaining('4.6.0') })
  })

  it.skipIf(process.platform === 'win32')('others can read the database', async () => {
    const folder = place()
    mkdirSync(join(folder, 'data'))
    chmodSync(join(folder, 'data'), 0o755)
    expect(await check('folder', folder)).toMatchObject({ state: 'failed', code: 'DEV_FILE_UNSAFE' })
  })
})

describeWithPostgres('a database that is set up wrongly is told so by the doctor [OPS-4]', () => {
  async function fresh(): Promise<string> {
    const database = await createTestDatabase()
    closing.push(() => database.drop())
    return database.url
  }

  it('who logs in is a superuser, and the tables are missing', async () => {
    const { code, found } = await doctor({ DATABASE_URL: await fresh() })
    expect(code).toBe(1)
    expect(found('database')).toMatchObject({ state: 'failed', code: 'DATABASE_ROLE_UNSAFE' })
    expect(found('schema')).toMatchObject({ state: 'failed', code: 'DATABASE_OLDER' })
  })

  it('the schema is of a newer release, or of another one', async () => {
    const url = await fresh()
    expect((await runLine(['db', 'apply'], { env: { DATABASE_URL: url } })).code).toBe(0)
    expect((await doctor({ DATABASE_URL: url })).found('schema')?.state).toBe('ok')
    const client = new pg.Client({ connectionString: url })
    closing.push(() => client.end())
    await client.connect()
    await client.query(`insert into preceptor_migrations (name, sha256) values ('core/9999-later', 'x')`)
    expect((await doctor({ DATABASE_URL: url })).found('schema')).toMatchObject({ code: 'DATABASE_NEWER' })
    await client.query(`delete from preceptor_migrations where name = 'core/9999-later'`)
    await client.query(`update preceptor_migrations set sha256 = 'x' where name = 'core/0001-foundation'`)
    expect((await doctor({ DATABASE_URL: url })).found('schema')).toMatchObject({ code: 'DATABASE_CHANGED' })
  }, 60_000)
})

describeWithRedis('a Redis that is set up wrongly is told so by the doctor [OPS-4]', () => {
  it('it evicts jobs', async () => {
    const server = await startRedis()
    closing.push(server.stop)
    expect((await doctor({ REDIS_URL: server.url })).found('redis')?.state).toBe('ok')
    const client = new Redis(server.url)
    closing.push(async () => client.disconnect())
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru')
    const found = (await doctor({ REDIS_URL: server.url })).found('redis')
    expect(found).toMatchObject({ state: 'failed', message: expect.stringContaining('allkeys-lru') })
  })
})
