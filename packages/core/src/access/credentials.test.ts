import type { ControlScope, Identity } from '@preceptor/client'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createGovernor, type EmbeddedGovernor } from '../governor.ts'
import type { GovernorOptions } from '../options.ts'
import { hashCredential, isApiKey, isSameHash, makeApiKeySecret } from './api-key-secret.ts'

const START = 1_800_000_000_000
const DAY = 24 * 3_600_000
const INVALID = { code: 'CREDENTIAL_INVALID' }
const ISSUER = { issuer: 'https://issuer.example', audience: 'preceptor' }

const host = (workspace = 'default'): Identity => ({ workspace, principal: { kind: 'system', id: 'host', roles: [] } })
const user = (id: string): Identity => ({ workspace: 'default', principal: { kind: 'user', id, roles: ['admin'] } })

interface Plane {
  readonly governor: EmbeddedGovernor
  /** A second process on the same store, where there can be one. */
  readonly second: EmbeddedGovernor
  readonly system: ControlScope
  /** Milliseconds since the epoch, as both governors have it. */
  readonly now: () => number
  readonly sign: (claims: Record<string, unknown>) => Promise<string>
  /** Moves the clock of both governors. */
  readonly advance: (milliseconds: number) => void
}

function describeOnStores(tests: (plane: Plane) => void): void {
  describe('credentials on pglite', () => tests(open(() => ({ memory: true }))))
  describeWithPostgres('credentials on postgres', () => {
    const server = useTestDatabase()
    tests(open(() => ({ database: server.url, migrate: true })))
  })
}

function open(options: () => GovernorOptions): Plane {
  let offset = 0
  const clock = { now: () => START + offset, monotonic: () => performance.now() + offset }
  const governors: EmbeddedGovernor[] = []
  let privateKey: CryptoKey | undefined
  beforeAll(async () => {
    const pair = await generateKeyPair('EdDSA')
    privateKey = pair.privateKey
    const { kty = '', ...jwk } = await exportJWK(pair.publicKey)
    const jwt = { ...ISSUER, jwks: { keys: [{ kty, ...jwk, kid: 'k1' }] } }
    const chosen = { ...options(), jwt, clock, workspaces: ['default', 'other'], report: () => undefined }
    governors.push(await createGovernor(chosen))
    if (chosen.database !== undefined) governors.push(await createGovernor(chosen))
    const system = governors[0]?.as(host())
    for (const [id, role] of [
      ['ana', 'admin'],
      ['bo', 'viewer'],
    ] as const) {
      await system?.members.put(id, { displayName: id, roles: [role] })
    }
  })
  afterAll(() => Promise.all(governors.map((governor) => governor.close())))
  const at = (index: number): EmbeddedGovernor => {
    const governor = governors[index] ?? governors[0]
    if (governor === undefined) throw new Error('The governor is open inside tests only.')
    return governor
  }
  return {
    get governor() {
      return at(0)
    },
    get second() {
      return at(1)
    },
    get system() {
      return at(0).as(host())
    },
    now: clock.now,
    sign: (claims) => {
      if (privateKey === undefined) throw new Error('no key')
      const times = { iat: START / 1_000 - 10, exp: START / 1_000 + 10_000 * 24 * 3_600 }
      return new SignJWT({ iss: ISSUER.issuer, aud: ISSUER.audience, workspace: 'default', ...times, ...claims })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'k1', typ: 'at+jwt' })
        .sign(privateKey)
    },
    advance: (milliseconds) => {
      offset += milliseconds
    },
  }
}

const forAna = { displayName: 'laptop', principalKind: 'user', principalId: 'ana', roles: ['admin'] } as const

describe('API key', () => {
  it('is a public prefix and 256 random bits [AUTH-1]', () => {
    const made = makeApiKeySecret((size) => new Uint8Array(size).fill(255))
    expect(made.secret).toMatch(/^pcp_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$/)
    expect(made.secret.startsWith(`${made.prefix}_`)).toBe(true)
    expect(Buffer.from(made.secret.slice(13), 'base64url')).toEqual(Buffer.alloc(32, 255))
    expect(isApiKey(made.secret)).toBe(true)
    for (const other of ['', 'pcp_', `${made.secret}x`, made.secret.slice(1), made.secret.toUpperCase()]) {
      expect(isApiKey(other)).toBe(false)
    }
  })

  it('is compared as a whole, and what is no hash is never the same [AUTH-1]', () => {
    const hash = hashCredential('a')
    expect(isSameHash(hash, hash)).toBe(true)
    expect(isSameHash(hash, hashCredential('b'))).toBe(false)
    for (const other of ['', 'zz', hash.slice(2), `${hash}00`]) expect(isSameHash(hash, other)).toBe(false)
    expect(isSameHash('', '')).toBe(false)
  })
})

describeOnStores((plane) => {
  it('a key is shown once and stored as SHA-256 only [AUTH-1, JRN-5]', async () => {
    const { key, secret } = await plane.system.keys.create(forAna)
    expect(Object.values(key)).not.toContain(secret)
    const { items } = await plane.system.keys.list()
    expect(items.find(({ id }) => id === key.id)).toEqual(key)
    const { items: journal } = await plane.system.journal.list({ subject: key.id })
    expect(JSON.stringify([items, journal])).not.toContain(secret.slice(13))
  })

  it('gives principal, roles, scopes, agents and source of the key, whatever the kind [AUTH-5]', async () => {
    const identify = async (request: Parameters<ControlScope['keys']['create']>[0]): Promise<Identity> =>
      plane.governor.authenticate((await plane.system.keys.create(request)).secret)
    const named = { displayName: 'k' }
    expect(await identify(forAna)).toMatchObject({
      workspace: 'default',
      principal: { kind: 'user', id: 'ana', roles: ['admin'] },
    })
    expect(await identify({ ...named, principalKind: 'agent', principalId: 'bot' })).toMatchObject({
      principal: { kind: 'agent', id: 'bot', roles: [] },
    })
    const service = { ...named, principalKind: 'service', principalId: 'sync', scopes: ['triggers.decide'] } as const
    const sync = await identify({ ...service, agents: ['bot'], source: 'data_sync' })
    expect(sync).toMatchObject({ source: 'data_sync', principal: { scopes: ['triggers.decide'], agents: ['bot'] } })
    expect((await identify(service)).principal).not.toHaveProperty('agents')
    expect(await identify({ ...named, principalKind: 'system', principalId: 'worker' })).toMatchObject({
      principal: { kind: 'system', id: 'worker' },
    })
  })

  it.each(['', 'pcp_abcdefgh_short', `pcp_abcdefgh_${'A'.repeat(43)}`, 'x'.repeat(9_000), 'a.b.c', "' or 1=1 --"])(
    'refuses %j [AUTH-2, I-35]',
    async (credential) => {
      await expect(plane.governor.authenticate(credential)).rejects.toMatchObject(INVALID)
    },
  )

  it('refuses a credential that is no text [AUTH-2]', async () => {
    for (const value of [undefined, null, 7, {}, ['x']]) {
      await expect(plane.governor.authenticate(value as string)).rejects.toMatchObject(INVALID)
    }
  })

  it('refuses a key with one character changed [AUTH-1]', async () => {
    const { secret } = await plane.system.keys.create(forAna)
    const last = secret.endsWith('A') ? 'E' : 'A'
    await expect(plane.governor.authenticate(secret.slice(0, -1) + last)).rejects.toMatchObject(INVALID)
  })

  it('a revoked key is refused at once here, and within a second everywhere [AUTH-2]', async () => {
    const { key, secret } = await plane.system.keys.create(forAna)
    await plane.governor.authenticate(secret)
    await plane.second.authenticate(secret)
    const revokedAt = performance.now()
    const revoked = await plane.system.keys.revoke(key.id)
    expect(revoked.revokedAt).not.toBeNull()
    await expect(plane.governor.authenticate(secret)).rejects.toMatchObject(INVALID)
    const isRefused = () => expect(plane.second.authenticate(secret)).rejects.toMatchObject(INVALID)
    await vi.waitFor(isRefused, { interval: 20, timeout: 3_000 })
    expect(performance.now() - revokedAt).toBeLessThan(1_500)
    // Again: the same answer, and nothing happens twice.
    expect(await plane.system.keys.revoke(key.id)).toEqual(revoked)
    await expect(plane.system.keys.revoke('key_none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('a role that the user loses is lost by every key of the user, within a second [AUTH-2, AUTH-5]', async () => {
    await plane.system.members.put('eve', { displayName: 'Eve', roles: ['admin', 'supervisor'] })
    const { secret } = await plane.system.keys.create({ ...forAna, principalId: 'eve', roles: ['admin', 'supervisor'] })
    expect((await plane.governor.authenticate(secret)).principal.roles).toEqual(['admin', 'supervisor'])
    await plane.system.members.put('eve', { displayName: 'Eve', roles: ['supervisor'] })
    plane.advance(1_001)
    expect((await plane.governor.authenticate(secret)).principal.roles).toEqual(['supervisor'])
  })

  it('an identity is read again after a second, and requests at once share one read [AUTH-2]', async () => {
    const { secret } = await plane.system.keys.create(forAna)
    const [first, second] = await Promise.all([
      plane.governor.authenticate(secret),
      plane.governor.authenticate(secret),
    ])
    expect(second).toBe(first)
    plane.advance(1_001)
    expect(await plane.governor.authenticate(secret)).not.toBe(first)
  })

  it('notes the last use at most once a minute [AUTH-1]', async () => {
    const { key, secret } = await plane.system.keys.create(forAna)
    const lastUsed = async (): Promise<string | null | undefined> =>
      (await plane.system.keys.list({ limit: 100 })).items.find(({ id }) => id === key.id)?.lastUsedAt
    expect(await lastUsed()).toBeNull()
    await plane.governor.authenticate(secret)
    const first = await lastUsed()
    expect(first).toEqual(expect.any(String))
    plane.advance(30_000)
    await plane.governor.authenticate(secret)
    expect(await lastUsed()).toBe(first)
    plane.advance(30_000)
    await plane.governor.authenticate(secret)
    expect(await lastUsed()).not.toBe(first)
  })

  it('a key ends by itself, after 90 days unless told otherwise [AUTH-2]', async () => {
    const now = plane.now()
    const usual = await plane.system.keys.create(forAna)
    expect(Date.parse(usual.key.expiresAt ?? '')).toBe(now + 90 * DAY)
    const expiresAt = new Date(now + 1_000).toISOString()
    const short = await plane.system.keys.create({ ...forAna, expiresAt })
    await plane.governor.authenticate(short.secret)
    plane.advance(1_000)
    await expect(plane.governor.authenticate(short.secret)).rejects.toMatchObject(INVALID)
    await plane.governor.authenticate(usual.secret)
  })

  it.each<[string, object]>([
    ['a role for a service', { principalKind: 'service', scopes: ['agents.get'], roles: ['admin'] }],
    ['a role for an agent', { principalKind: 'agent', roles: ['viewer'] }],
    ['a scope for a user', { scopes: ['agents.get'] }],
    ['a service without a scope', { principalKind: 'service', roles: [] }],
    ['a scope that no service can have', { principalKind: 'service', roles: [], scopes: ['keys.create'] }],
    ['a scope that does not exist', { principalKind: 'service', roles: [], scopes: ['*'] }],
    ['the source of people for an agent', { principalKind: 'agent', roles: [], source: 'manual' }],
    ['agents for a user', { agents: ['bot'] }],
    ['an end that has passed', { expiresAt: '2020-01-01T00:00:00Z' }],
    ['an end that is no time', { expiresAt: 'tomorrow' }],
    ['a user who is no member', { principalId: 'nobody' }],
    ['a role that the user does not have', { principalId: 'bo' }],
    ['a field that does not exist', { workspace: 'other' }],
  ])('no key is made with %s [AUTH-3, I-36]', async (_name, wrong) => {
    await expect(plane.system.keys.create({ ...forAna, ...wrong })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('nobody makes a key that can do more than its maker [AUTH-3, I-36]', async () => {
    const ana = plane.governor.as(user('ana'))
    const systemKey = { displayName: 'k', principalKind: 'system', principalId: 'worker' } as const
    await expect(ana.keys.create(systemKey)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    const supervisor = plane.governor.as({
      ...user('sue'),
      principal: { kind: 'user', id: 'sue', roles: ['supervisor'] },
    })
    await expect(supervisor.keys.create(forAna)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })

  it('keys, members and revocation stay in their workspace [I-34]', async () => {
    const { key } = await plane.system.keys.create(forAna)
    const other = plane.governor.as(host('other'))
    expect((await other.keys.list()).items).toEqual([])
    expect((await other.members.list()).items).toEqual([])
    await expect(other.keys.revoke(key.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('lists of keys and members page without gap or repetition [AGENT-6]', async () => {
    const walk = async <T>(
      list: (query: { limit: number; cursor?: string }) => Promise<{ items: readonly T[]; next: string | null }>,
    ) => {
      const items: T[] = []
      for (let cursor: string | undefined, page = 0; page < 100; page += 1) {
        const { items: found, next } = await list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) })
        items.push(...found)
        if (next === null) return items
        cursor = next
      }
      throw new Error('The list does not end.')
    }
    const keys = await walk((query) => plane.system.keys.list(query))
    expect(keys.map(({ id }) => id)).toEqual((await plane.system.keys.list({ limit: 100 })).items.map(({ id }) => id))
    expect(new Set(keys.map(({ id }) => id)).size).toBe(keys.length)
    const members = await walk((query) => plane.system.members.list(query))
    expect(members).toEqual((await plane.system.members.list({ limit: 100 })).items)
  })

  it('nobody changes own roles, but anybody may correct the own name [I-36]', async () => {
    const ana = plane.governor.as(user('ana'))
    await expect(ana.members.put('ana', { displayName: 'Ana', roles: [] })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    await expect(ana.members.put('ana', { displayName: 'Ana', roles: ['admin', 'supervisor'] })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    expect(await ana.members.put('ana', { displayName: 'Ana', roles: ['admin'] })).toMatchObject({ displayName: 'Ana' })
    expect(await ana.members.put('cy', { displayName: 'Cy', roles: ['viewer', 'viewer'] })).toMatchObject({
      roles: ['viewer'],
    })
  })

  it('a JWT has the roles of the membership, read again each second [AUTH-5, AUTH-2]', async () => {
    const token = await plane.sign({ sub: 'bo', roles: ['admin'], jti: 't1' })
    expect(await plane.governor.authenticate(token)).toEqual({
      workspace: 'default',
      principal: { kind: 'user', id: 'bo', roles: ['viewer'], credential: 'jwt:t1' },
      source: 'manual',
    })
    await plane.system.members.put('bo', { displayName: 'Bo', roles: [] })
    plane.advance(1_001)
    expect((await plane.governor.authenticate(token)).principal.roles).toEqual([])
    await plane.system.members.put('bo', { displayName: 'Bo', roles: ['viewer'] })
  })

  it('a JWT ends when it says, also while its identity is still fresh [AUTH-4]', async () => {
    const exp = Math.floor(plane.now() / 1_000)
    const token = await plane.sign({ sub: 'ana', exp })
    // Clocks may differ by 5 s.
    plane.advance((exp + 5) * 1_000 - 300 - plane.now())
    await plane.governor.authenticate(token)
    plane.advance(400)
    await expect(plane.governor.authenticate(token)).rejects.toMatchObject(INVALID)
  })

  it.each([
    ['a workspace that does not exist', { workspace: 'nowhere' }],
    ['a workspace that is every one', { workspace: '*' }],
    ['a workspace of which the user is no member', { workspace: 'other' }],
    ['a user whom nobody knows', { sub: 'nobody' }],
  ])('a JWT for %s is refused [I-34, AUTH-5]', async (_name, claims) => {
    const token = await plane.sign({ sub: 'bo', ...claims })
    await expect(plane.governor.authenticate(token)).rejects.toMatchObject({ code: 'WORKSPACE_UNKNOWN' })
  })

  it('making, revoking and members are on record, without a secret [JRN-5]', async () => {
    const { key, secret } = await plane.system.keys.create(forAna)
    await plane.system.keys.revoke(key.id)
    const { items } = await plane.system.journal.list({ subject: key.id })
    expect(items.map(({ kind }) => kind).sort()).toEqual(['key.created', 'key.revoked'])
    expect(items.every(({ body }) => body.actor === 'system:host')).toBe(true)
    expect(JSON.stringify(items)).not.toContain(secret.slice(13))
  })
})

describeWithPostgres('a key in the database', () => {
  const server = useTestDatabase()

  it('is there as SHA-256 only, and its revocation is a change that other processes watch [AUTH-1, AUTH-2]', async () => {
    const governor = await createGovernor({ database: server.url, migrate: true, report: () => undefined })
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    try {
      const { key, secret } = await governor.as(host()).keys.create({ ...forAna, principalKind: 'agent', roles: [] })
      await governor.as(host()).keys.revoke(key.id)
      const tables = await client.query<{ name: string }>(
        "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
      )
      const rows: string[] = []
      for (const { name } of tables.rows) {
        const found = await client.query<{ row: string }>(`select row_to_json(t)::text as row from "${name}" t`)
        rows.push(...found.rows.map(({ row }) => row))
      }
      expect(rows.filter((row) => row.includes(hashCredential(secret)))).toHaveLength(1)
      expect(rows.filter((row) => row.includes(secret.slice(13)))).toEqual([])
      const changes = await client.query("select 1 from changes where kind = 'key' and subject_id = $1", [key.id])
      expect(changes.rows).toHaveLength(1)
    } finally {
      await client.end()
      await governor.close()
    }
  })
})
