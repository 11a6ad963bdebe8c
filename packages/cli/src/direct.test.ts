import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { governanceApi } from '@preceptor/hono-middleware'
import { createTestDatabase, describeWithPostgres } from '@preceptor/test-setup'
import { Hono } from 'hono'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen } from './listen.ts'
import { loadPlugins } from './plugins.ts'
import { runLine } from './run-line.test.helper.ts'

const root = mkdtempSync(join(tmpdir(), 'preceptor-direct-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A database with something in it. */
interface Filled {
  /** How a command line is told of it. */
  readonly env: Readonly<Record<string, string>>
  readonly args: readonly string[]
  readonly keys: Readonly<Record<'ana' | 'vera' | 'bot' | 'gone', string>>
  readonly proposals: readonly { readonly id: string; readonly version: number; readonly actionHash: string }[]
}

async function fill(place: { readonly database: string } | { readonly dataFolder: string }): Promise<Filled> {
  const test = await createTestGovernor({ ...place, migrate: true, plugins: await loadPlugins() })
  try {
    await test.admin.members.put('ana', { displayName: 'Ana', roles: ['admin'] })
    await test.admin.members.put('vera', { displayName: 'Vera', roles: ['viewer'] })
    await test.register('bot', 'intern')
    const proposals = await Promise.all(['a', 'b'].map((to) => propose(test, to)))
    const gone = await keyOf(test, 'ana', ['admin'])
    await test.admin.keys.revoke(gone.id)
    const bot = await test.admin.keys.create({ displayName: 'bot', principalKind: 'agent', principalId: 'bot' })
    const keys = {
      ana: (await keyOf(test, 'ana', ['admin'])).secret,
      vera: (await keyOf(test, 'vera', ['viewer'])).secret,
      bot: bot.secret,
      gone: gone.secret,
    }
    return 'database' in place
      ? { env: { DATABASE_URL: place.database }, args: ['--direct'], keys, proposals }
      : { env: {}, args: ['--direct', '--data-folder', place.dataFolder], keys, proposals }
  } finally {
    await test.close()
  }
}

async function keyOf(test: TestGovernor, id: string, roles: readonly ('admin' | 'viewer')[]) {
  const asked = { displayName: id, principalKind: 'user', principalId: id, roles } as const
  const { key, secret } = await test.admin.keys.create(asked)
  return { id: key.id, secret }
}

async function propose(test: TestGovernor, to: string) {
  const trigger = { agent: 'bot', action: 'refund.create', args: { to }, idempotencyKey: to }
  const decision = await test.agent('bot').decide(trigger)
  if (decision.route !== 'proposal') throw new Error(decision.reason)
  return decision.proposal
}

const APPROVALS = (plane: Filled): readonly (readonly string[])[] => {
  const [{ id, version, actionHash } = { id: '', version: 0, actionHash: '' }] = plane.proposals
  const seen = ['--version', String(version), '--action-hash', actionHash]
  return [
    ['proposals', 'approve', id, ...seen],
    ['proposals', 'reject', id, ...seen, '--category', 'other', '--reason', 'a test'],
    ['proposals', 'respond', id, ...seen, '--response', '1'],
  ]
}

/** Runs a command line on a database, with a key or as the operator. */
async function askOn(plane: Filled, line: readonly string[], token?: string) {
  const env = { ...plane.env, ...(token === undefined ? {} : { PRECEPTOR_TOKEN: token }) }
  const { code, printed } = await runLine([...line, ...plane.args, '--json'], { env })
  return { code, json: JSON.parse(printed) }
}

describeWithPostgres('a command on a Postgres server', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let plane: Filled
  beforeAll(async () => {
    database = await createTestDatabase()
    plane = await fill({ database: database.url })
  }, 240_000)
  afterAll(() => database.drop())
  const ask = (line: readonly string[], token?: string) => askOn(plane, line, token)
  const stateOf = async (id: string) => (await ask(['proposals', 'show', id])).json.proposal.state

  it('reads without a server and without a key [CLI-8]', async () => {
    const [first] = plane.proposals
    expect(await ask(['proposals', 'list', '--state', 'pending'])).toMatchObject({
      code: 0,
      json: { items: expect.arrayContaining([expect.objectContaining({ id: first?.id, args: { to: 'a' } })]) },
    })
    for (const line of [
      ['policy', 'show'],
      ['sessions', 'list'],
      ['alerts', 'list'],
      ['queue', 'list'],
      ['training', 'list'],
      ['grants', 'list'],
      ['playbooks', 'list'],
      ['journal', 'list'],
      ['journal', 'verify'],
      ['keys', 'list'],
    ]) {
      expect([line, (await ask(line)).code]).toEqual([line, 0])
    }
  })

  it('decides nothing that is for people as the operator [CLI-9]', async () => {
    for (const line of [
      ...APPROVALS(plane),
      ['agents', 'promote', 'bot', '--reason', 'a test'],
      ['bypasses', 'set', '--agent', 'bot', '--action', 'refund.create', '--minutes', '5', '--reason', 'a test'],
      ['training', 'approve', 'trp_none'],
      ['sessions', 'terminate', 'ses_none', '--reason', 'a test'],
      ['queue', 'resolve', 'que_none', '--outcome', 'succeeded', '--reason', 'a test'],
    ]) {
      const { code, json } = await ask(line)
      expect([line, code, json.error?.code]).toEqual([line, 1, 'PERMISSION_DENIED'])
    }
    expect(await stateOf(plane.proposals[0]?.id ?? '')).toBe('pending')
  })

  it('stops and lifts as the operator, which is on record [CLI-8]', async () => {
    const set = await ask(['stop', 'set', '--agent', 'bot', '--reason', 'It is odd.'])
    expect([set.code, set.json.setBy]).toEqual([0, 'system:command-line'])
    expect((await ask(['stop', 'list'])).json.items).toMatchObject([{ id: set.json.id, agent: 'bot' }])
    expect((await ask(['stop', 'lift', set.json.id, '--reason', 'It is fine.'])).code).toBe(0)
    const paused = await ask(['agents', 'pause', 'bot', '--reason', 'a test'])
    expect([paused.code, paused.json.lifecycle]).toEqual([0, 'paused'])
    expect((await ask(['agents', 'resume', 'bot', '--reason', 'a test'])).code).toBe(0)
    const onRecord = await ask(['journal', 'list', '--agent', 'bot', '--kind', 'agent.paused'])
    expect(onRecord.json.items[0].body).toMatchObject({ actor: 'system:command-line', reason: 'a test' })
  })

  it('is who the key says, and no more [CLI-9]', async () => {
    const [approve = []] = APPROVALS(plane)
    for (const who of ['vera', 'bot', 'gone'] as const) {
      const { code, json } = await ask(approve, plane.keys[who])
      expect([who, code, json.error.code]).toEqual([
        who,
        1,
        who === 'gone' ? 'CREDENTIAL_INVALID' : 'PERMISSION_DENIED',
      ])
    }
    expect((await ask(approve, 'pk_none')).json.error.code).toBe('CREDENTIAL_INVALID')
    const { code, json } = await ask(approve, plane.keys.ana)
    expect([code, json.state, json.reviews]).toEqual([
      0,
      'approved',
      [expect.objectContaining({ reviewer: 'user:ana', verdict: 'approve' })],
    ])
    // Neither again, nor the other way.
    for (const line of APPROVALS(plane)) expect((await ask(line, plane.keys.ana)).code).toBe(1)
  })

  it('takes no workspace that is not there, or not that of the key [CLI-8]', async () => {
    expect(await ask(['agents', 'list', '--in', 'nowhere'])).toMatchObject({
      code: 1,
      json: { error: { code: 'WORKSPACE_UNKNOWN' } },
    })
    expect(await ask(['agents', 'list', '--in', 'nowhere'], plane.keys.ana)).toMatchObject({
      code: 2,
      json: { error: { code: 'OPTION_INVALID' } },
    })
  })

  it('answers what a server on it answers, and makes no tables', async () => {
    const test = await createTestGovernor({ database: database.url, plugins: await loadPlugins() })
    const server = await listen(new Hono().route('/api', governanceApi(test.governor)), { host: '127.0.0.1', port: 0 })
    const { secret } = await keyOf(test, 'ana', ['admin'])
    const [remote, direct] = [
      { PRECEPTOR_URL: `${server.address}/api`, PRECEPTOR_TOKEN: secret },
      { DATABASE_URL: database.url, PRECEPTOR_TOKEN: secret },
    ]
    try {
      for (const line of [
        ['proposals', 'list'],
        ['agents', 'get', 'bot'],
        ['policy', 'show'],
        ['agents', 'get', 'no'],
      ]) {
        const one = await runLine([...line, '--json'], { env: remote })
        const other = await runLine([...line, '--json', '--direct'], { env: direct })
        expect([one.code, withoutTrace(one.printed)]).toEqual([other.code, withoutTrace(other.printed)])
      }
    } finally {
      await server.close()
      await test.close()
    }
    const empty = await createTestDatabase()
    const older = await runLine(['agents', 'list', '--direct', '--json'], { env: { DATABASE_URL: empty.url } })
    const client = new pg.Client({ connectionString: empty.url })
    await client.connect()
    const tables = await client.query(`select 1 from information_schema.tables where table_schema = 'public'`)
    await client.end()
    await empty.drop()
    expect([older.code, JSON.parse(older.printed).error.code, tables.rowCount]).toEqual([1, 'DATABASE_OLDER', 0])
  }, 60_000)
})

describe('a command on the embedded database [CLI-8]', () => {
  it('reads, is refused and decides as on a server [CLI-9]', async () => {
    const plane = await fill({ dataFolder: join(root, 'embedded') })
    const [approve = []] = APPROVALS(plane)
    expect(await askOn(plane, ['agents', 'get', 'bot'])).toMatchObject({ code: 0, json: { id: 'bot' } })
    expect(await askOn(plane, approve)).toMatchObject({ code: 1, json: { error: { code: 'PERMISSION_DENIED' } } })
    expect(await askOn(plane, approve, plane.keys.ana)).toMatchObject({ code: 0, json: { state: 'approved' } })
  }, 240_000)

  it('is refused while a server has it, and makes none where there is none', async () => {
    const folder = join(root, 'held')
    const test = await createTestGovernor({ dataFolder: folder })
    const held = await runLine(['agents', 'list', '--direct', '--data-folder', folder, '--json'])
    await test.close()
    expect([held.code, JSON.parse(held.printed).error.code]).toEqual([1, 'DATA_FOLDER_LOCKED'])
    // It has the tables of core alone, and none are made by looking at it.
    const older = await runLine(['agents', 'list', '--direct', '--data-folder', folder, '--json'])
    expect([older.code, JSON.parse(older.printed).error.code]).toEqual([1, 'DATABASE_OLDER'])
    const none = join(root, 'none')
    const missing = await runLine(['agents', 'list', '--direct', '--data-folder', none, '--json'])
    expect([missing.code, JSON.parse(missing.printed).error.code, existsSync(none)]).toEqual([
      1,
      'DATABASE_MISSING',
      false,
    ])
  }, 60_000)

  it('is meant by --direct alone', async () => {
    for (const [line, env] of [
      [['agents', 'list', '--in', 'default'], {}],
      [['agents', 'list', '--direct', '--url', 'http://127.0.0.1:1/api'], {}],
      [['agents', 'list', '--data-folder', join(root, 'none')], { DATABASE_URL: 'postgres://127.0.0.1:1/none' }],
    ] as const) {
      const { code, printed } = await runLine([...line, '--json'], { env })
      expect([line, code, JSON.parse(printed).error.code]).toEqual([line, 2, 'OPTION_INVALID'])
    }
  })
})

/** A server says under which trace it answered. */
function withoutTrace(printed: string): unknown {
  const { error, ...rest } = JSON.parse(printed)
  return error === undefined ? rest : { ...rest, error: { ...error, details: undefined } }
}
