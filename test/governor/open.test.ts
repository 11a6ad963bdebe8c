import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GovernanceError } from '@preceptor/client'
import { createGovernor, type GovernorOptions } from '@preceptor/core'
import { createTestDatabase, describeWithPostgres, freePort } from '@preceptor/test-setup'
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'

const folders: string[] = []

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'preceptor-open-'))
  folders.push(folder)
  return join(folder, 'data')
}

async function refusal(options: GovernorOptions): Promise<GovernanceError> {
  try {
    const governor = await createGovernor(options)
    await governor.close()
  } catch (error) {
    if (GovernanceError.isInstance(error)) return error
    throw error
  }
  throw new Error('The governor opened.')
}

describe('options of createGovernor', () => {
  it.each([
    [{ surprise: true }, 'surprise'],
    [{ database: 5 }, 'database'],
    [{ redis: 'http://127.0.0.1' }, 'redis'],
    [{ workspaces: ['No Spaces'] }, 'workspaces.0'],
    [{ settings: { deadlineMs: -1 } }, 'settings.deadlineMs'],
    [{ settings: { patience: 1 } }, 'patience'],
    [{ memory: true, dataFolder: 'x' }, '"dataFolder" and "memory"'],
    [{ memory: true, jwt: { issuer: 'x' } }, 'jwt'],
    [{ metaAgent: { model: {} } }, 'metaAgent.model'],
    [{ metaAgent: { advise: 'sometimes' } }, 'metaAgent.advise'],
    [{ metaAgent: { grader: 1 } }, 'grader'],
  ])(`${verifies('CONF-1', 'refuse')} %j by name`, async (options, named) => {
    const error = await refusal(options as GovernorOptions)
    expect(error.code).toBe('OPTION_INVALID')
    expect(error.message).toContain(named)
  })

  it(verifies('CONF-1', 'refuse an action that cannot be registered, by name'), async () => {
    const error = await refusal({ memory: true, actions: Object.fromEntries([['constructor', { risk: 'safe' }]]) })
    expect(error).toMatchObject({ code: 'INPUT_INVALID', message: expect.stringContaining('constructor') })
  })

  it(verifies('DB-12', 'refuse the embedded database in production unless they allow it'), async () => {
    expect((await refusal({ memory: true, production: true })).code).toBe('EMBEDDED_IN_PRODUCTION')
    const governor = await createGovernor({ memory: true, production: true, allowEmbeddedInProduction: true })
    await governor.close()
  })

  it(verifies('I-40', 'refuse a secret out of documentation in production, and do not show it'), async () => {
    const database = 'postgres://app:changeme@127.0.0.1:1/none'
    const sample = await refusal({ database, production: true })
    expect([sample.code, sample.message]).toEqual(['OPTION_INVALID', expect.stringContaining('option "database"')])
    expect(sample.message).not.toContain('changeme')
  })
})

describe('opening the embedded database', () => {
  it(verifies(['DB-3', 'DB-4'], 'makes a private folder and refuses a second governor on it'), async () => {
    const dataFolder = await emptyFolder()
    const governor = await createGovernor({ dataFolder })
    expect((await stat(dataFolder)).mode & 0o777).toBe(0o700)
    const error = await refusal({ dataFolder })
    expect(error.code).toBe('DATA_FOLDER_LOCKED')
    expect(error.message).toContain(String(process.pid))
    await governor.close()
    const next = await createGovernor({ dataFolder })
    await next.close()
  })

  it('closes twice without harm, and denies afterwards', async () => {
    const governor = await createGovernor({
      memory: true,
      actions: { 'order.read': { risk: 'safe' } },
      report: () => {},
    })
    const scope = governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } })
    await governor.close()
    await governor.close()
    const decision = await scope.decide({ agent: 'bot', action: 'order.read', args: {} })
    expect(decision).toMatchObject({ route: 'denied', code: 'GOVERNOR_CLOSED' })
  })
})

describe('a scope', () => {
  it(verifies(['ROUTE-14', 'I-8'], 'needs a principal, and only a user acts by hand'), async () => {
    const governor = await createGovernor({ memory: true })
    const agent = { kind: 'agent', id: 'bot', roles: [] } as const
    expect(() => governor.as({ workspace: 'default', principal: agent, source: 'manual' })).toThrowError(/by hand/)
    expect(() => governor.as({ workspace: 'No', principal: agent })).toThrowError(/name of a workspace/)
    expect(() => governor.as({ workspace: 'default', principal: { ...agent, id: '' } })).toThrowError(/principal/)
    expect('decide' in governor || 'guard' in governor).toBe(false)
    await governor.close()
  })

  it('denies in a workspace that does not exist', async () => {
    const governor = await createGovernor({ memory: true, actions: { 'order.read': { risk: 'safe' } } })
    const scope = governor.as({ workspace: 'elsewhere', principal: { kind: 'agent', id: 'bot', roles: [] } })
    const decision = await scope.decide({ agent: 'bot', action: 'order.read', args: {} })
    expect(decision.route).toBe('denied')
    await governor.close()
  })
})

describeWithPostgres('opening a server', () => {
  it(verifies('DB-8', 'that is missing'), async () => {
    const started = performance.now()
    const error = await refusal({ database: `postgres://nobody@127.0.0.1:${await freePort()}/none` })
    expect(error.code).toBe('DATABASE_MISSING')
    expect(performance.now() - started).toBeLessThan(4_000)
  })

  it(verifies('DB-8', 'that is older, newer, changed or read-only'), async () => {
    const database = await createTestDatabase()
    const admin = new pg.Client(database.url)
    await admin.connect()
    try {
      expect((await refusal({ database: database.url })).code).toBe('DATABASE_OLDER')
      await (await createGovernor({ database: database.url, migrate: true })).close()
      await admin.query(
        `insert into preceptor_migrations (name, sha256, applied_at) values ('core/9999-future', 'x', now())`,
      )
      expect((await refusal({ database: database.url })).code).toBe('DATABASE_NEWER')
      await admin.query(`delete from preceptor_migrations where name = 'core/9999-future'`)
      await admin.query(`update preceptor_migrations set sha256 = 'tampered'`)
      expect((await refusal({ database: database.url })).code).toBe('DATABASE_CHANGED')
    } finally {
      await admin.end()
      await database.drop()
    }
  })

  it(verifies('DB-8', 'that turns read-only denies, and decides again once it can be written'), async () => {
    const database = await createTestDatabase()
    const name = new URL(database.url).pathname.slice(1)
    const admin = new pg.Client(database.url)
    await admin.connect()
    const governor = await createGovernor({
      database: database.url,
      migrate: true,
      actions: { 'note.write': { risk: 'medium' } },
      report: () => {},
    })
    try {
      const user = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'root', roles: ['admin'] } })
      await user.agents.register({ id: 'bot', maturity: 'autonomous' })
      const scope = governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } })
      const attempt = { agent: 'bot', action: 'note.write', args: {} }
      await admin.query(`alter database "${name}" set default_transaction_read_only = on`)
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()`,
        [name],
      )
      const denied = await scope.decide(attempt)
      expect(denied.route).toBe('denied')
      await admin.query('set default_transaction_read_only = off')
      await admin.query(`alter database "${name}" reset default_transaction_read_only`)
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()`,
        [name],
      )
      await expect.poll(async () => (await scope.decide(attempt)).route, { timeout: 5_000 }).toBe('execution')
    } finally {
      await governor.close()
      await admin.end()
      await database.drop()
    }
  })
})
