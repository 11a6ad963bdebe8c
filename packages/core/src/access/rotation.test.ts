import type { ApiKey, ControlScope, KeyRotation } from '@preceptor/client'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestClock } from '../testing/test-clock.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const INVALID = { code: 'CREDENTIAL_INVALID' }
const CONFLICT = { code: 'CONFLICT' }

interface Plane {
  readonly test: TestGovernor
  readonly clock: ReturnType<typeof createTestClock>
  readonly system: ControlScope
}

function describeOnStores(tests: (plane: Plane) => void): void {
  describe('on pglite', () => tests(open(() => ({}))))
  describeWithPostgres('on postgres', () => {
    const server = useTestDatabase()
    tests(open(() => ({ database: server.url })))
  })
}

function open(options: () => { readonly database?: string }): Plane {
  const clock = createTestClock()
  let test: TestGovernor
  beforeAll(async () => {
    test = await createTestGovernor({ ...options(), clock, workspaces: ['default', 'other'] })
  })
  afterAll(() => test.close())
  return {
    clock,
    get test() {
      return test
    },
    get system() {
      return test.governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
    },
  }
}

const lifeOf = ({ createdAt, expiresAt }: ApiKey): number => Date.parse(expiresAt ?? '') - Date.parse(createdAt)

const sync = {
  displayName: 'sync',
  principalKind: 'service',
  principalId: 'sync',
  scopes: ['triggers.decide', 'agents.get'],
  agents: ['bot'],
  source: 'data_sync',
} as const

describeOnStores((plane) => {
  describe('a key that is rotated', () => {
    it('has a new secret for the same principal, scopes, agents and source [AUTH-7]', async () => {
      const old = await plane.system.keys.create(sync)
      const next = await plane.system.keys.rotate(old.key.id)
      expect(next.secret).not.toBe(old.secret)
      const { id, prefix, createdAt, expiresAt, lastUsedAt, ...same } = old.key
      expect(next.key).toMatchObject(same)
      expect(next.key.id).not.toBe(id)
      const [before, after] = [old, next].map(async ({ secret }) => {
        const { principal, ...identity } = await plane.test.governor.authenticate(secret)
        return { ...identity, principal: { ...principal, credential: null } }
      })
      expect(await after).toEqual(await before)
    })

    it.each<[string, KeyRotation, number]>([
      ['after a day', {}, DAY],
      ['after what was asked for', { overlapMs: 2 * HOUR }, 2 * HOUR],
      ['after 7 days at most', { overlapMs: 7 * DAY }, 7 * DAY],
    ])(
      'ends %s, and the new one lives as long as the old one was made for [AUTH-7]',
      async (_, rotation, overlapMs) => {
        const made = plane.clock.now()
        const old = await plane.system.keys.create({ ...sync, expiresAt: new Date(made + 20 * DAY).toISOString() })
        plane.clock.advance(10 * DAY)
        const next = await plane.system.keys.rotate(old.key.id, rotation)
        expect(lifeOf(next.key)).toBe(lifeOf(old.key))
        plane.clock.advance(overlapMs - 1_000)
        await plane.test.governor.authenticate(old.secret)
        plane.clock.advance(1_001)
        await expect(plane.test.governor.authenticate(old.secret)).rejects.toMatchObject(INVALID)
        await plane.test.governor.authenticate(next.secret)
      },
    )

    it('never lives longer for it [AUTH-7]', async () => {
      const expiresAt = new Date(plane.clock.now() + HOUR).toISOString()
      const { key } = await plane.system.keys.create({ ...sync, expiresAt })
      await plane.system.keys.rotate(key.id, { overlapMs: 7 * DAY })
      const listed = (await plane.system.keys.list({ limit: 100 })).items.find(({ id }) => id === key.id)
      expect(listed?.expiresAt).toBe(key.expiresAt)
    })

    it('is refused at once where there is no overlap, as a key that was revoked [AUTH-7]', async () => {
      const old = await plane.system.keys.create(sync)
      await plane.test.governor.authenticate(old.secret)
      const next = await plane.system.keys.rotate(old.key.id, { overlapMs: 0 })
      await expect(plane.test.governor.authenticate(old.secret)).rejects.toMatchObject(INVALID)
      const listed = (await plane.system.keys.list({ limit: 100 })).items.find(({ id }) => id === old.key.id)
      expect(listed).toMatchObject({ replacedBy: next.key.id, revokedAt: expect.any(String) })
    })

    it('is on record once, without a secret [AUTH-7, JRN-5]', async () => {
      const old = await plane.system.keys.create(sync)
      const next = await plane.system.keys.rotate(old.key.id)
      const { items } = await plane.system.journal.list({ subject: old.key.id })
      expect(items.map(({ kind }) => kind).sort()).toEqual(['key.created', 'key.rotated'])
      expect(items.find(({ kind }) => kind === 'key.rotated')?.body).toMatchObject({
        actor: 'system:host',
        principal: 'service:sync',
        key: next.key.id,
      })
      expect((await plane.system.journal.list({ subject: next.key.id })).items).toEqual([])
      for (const { secret } of [old, next]) expect(JSON.stringify(items)).not.toContain(secret.slice(13))
    })

    it('is rotated once, also by many together, and not once it has ended [AUTH-7]', async () => {
      const { key } = await plane.system.keys.create(sync)
      const answers = await Promise.allSettled(Array.from({ length: 6 }, () => plane.system.keys.rotate(key.id)))
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toMatchObject(CONFLICT)
      const revoked = await plane.system.keys.create(sync)
      await plane.system.keys.revoke(revoked.key.id)
      await expect(plane.system.keys.rotate(revoked.key.id)).rejects.toMatchObject(CONFLICT)
      const expiresAt = new Date(plane.clock.now() + 1_000).toISOString()
      const expired = await plane.system.keys.create({ ...sync, expiresAt })
      plane.clock.advance(1_000)
      await expect(plane.system.keys.rotate(expired.key.id)).rejects.toMatchObject(CONFLICT)
    })

    it('is not rotated with an overlap that is none, nor by whoever may not have what it can do [AUTH-7, I-36]', async () => {
      const { key } = await plane.system.keys.create(sync)
      for (const overlapMs of [-1, 0.5, 7 * DAY + 1, Number.NaN, '0', null]) {
        const rotation = { overlapMs } as KeyRotation
        await expect(plane.system.keys.rotate(key.id, rotation)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
      }
      const more = { roles: ['admin'] } as KeyRotation
      await expect(plane.system.keys.rotate(key.id, more)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
      const worker = await plane.system.keys.create({
        displayName: 'w',
        principalKind: 'system',
        principalId: 'worker',
      })
      const denied = { code: 'PERMISSION_DENIED' }
      await expect(plane.test.admin.keys.rotate(worker.key.id)).rejects.toMatchObject(denied)
      await expect(plane.test.user('sue', 'supervisor').keys.rotate(key.id)).rejects.toMatchObject(denied)
      await plane.system.keys.rotate(worker.key.id)
    })

    it('of a user who is no member any more has no successor [AUTH-7]', async () => {
      await plane.system.members.put('gus', { displayName: 'Gus', roles: ['viewer', 'supervisor'] })
      const gus = { displayName: 'g', principalKind: 'user', principalId: 'gus', roles: ['supervisor'] } as const
      const { key } = await plane.system.keys.create(gus)
      await plane.system.members.put('gus', { displayName: 'Gus', roles: ['viewer'] })
      await expect(plane.system.keys.rotate(key.id)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    })
  })

  describe('a member who is removed', () => {
    it('is refused at once, and comes back without a key [AUTH-8]', async () => {
      await plane.system.members.put('eve', { displayName: 'Eve', roles: ['supervisor'] })
      const eve = { displayName: 'e', principalKind: 'user', principalId: 'eve', roles: ['supervisor'] } as const
      const { key, secret } = await plane.system.keys.create(eve)
      await plane.test.governor.authenticate(secret)
      const present = plane.test.user('eve', 'supervisor')
      await present.presence.heartbeat({ sessionId: null })
      expect(await plane.system.members.remove('eve')).toMatchObject({ userId: 'eve', roles: ['supervisor'] })
      await expect(plane.test.governor.authenticate(secret)).rejects.toMatchObject(INVALID)
      expect((await plane.system.presence.available()).map(({ userId }) => userId)).not.toContain('eve')
      await expect(plane.system.members.remove('eve')).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await plane.system.members.put('eve', { displayName: 'Eve', roles: ['supervisor'] })
      await expect(plane.test.governor.authenticate(secret)).rejects.toMatchObject(INVALID)
      const { items } = await plane.system.journal.list({ subject: 'eve', kind: 'member.removed' })
      expect(items[0]?.body).toMatchObject({ actor: 'system:host', before: ['supervisor'], keys: [key.id] })
    })

    it('is somebody else, and of the own workspace [AUTH-8, I-34, I-36]', async () => {
      await plane.system.members.put('hal', { displayName: 'Hal', roles: ['admin'] })
      const hal = plane.test.user('hal', 'admin')
      await expect(hal.members.remove('hal')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
      const other = plane.test.governor.as({ workspace: 'other', principal: { kind: 'system', id: 'host', roles: [] } })
      await expect(other.members.remove('hal')).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await plane.system.members.put('root', { displayName: 'Root', roles: ['admin'] })
      await plane.system.members.remove('hal')
    })
  })

  describe('the last administrator', () => {
    const workspace = 'other'
    const scope = (id: string): ControlScope =>
      plane.test.governor.as({ workspace, principal: { kind: 'user', id, roles: ['admin'] } })

    it('is neither removed nor loses the role, whoever asks; of two, one stays [AUTH-8]', async () => {
      const host = plane.test.governor.as({ workspace, principal: { kind: 'system', id: 'host', roles: [] } })
      const put = (id: string, ...roles: ('admin' | 'viewer')[]) => host.members.put(id, { displayName: id, roles })
      await put('ana', 'admin')
      await put('vic', 'viewer')
      await expect(host.members.remove('ana')).rejects.toMatchObject(CONFLICT)
      await expect(put('ana', 'viewer')).rejects.toMatchObject(CONFLICT)
      await put('ana', 'admin', 'viewer')
      for (let round = 0; round < 5; round += 1) {
        await put('ana', 'admin')
        await put('bo', 'admin')
        const answers = await Promise.allSettled(
          round % 2 === 0
            ? [scope('ana').members.remove('bo'), scope('bo').members.remove('ana')]
            : [host.members.remove('ana'), put('bo', 'viewer')],
        )
        expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
        const admins = (await host.members.list()).items.filter(({ roles }) => roles.includes('admin'))
        expect(admins).toHaveLength(1)
      }
      await host.members.remove('vic')
    })
  })

  describe('workspaces', () => {
    it('are made once, by the system, and are empty [AUTH-9, I-34]', async () => {
      const { workspaces } = plane.system
      const made = await workspaces.create({ id: 'north', displayName: 'North' })
      expect(made).toMatchObject({ id: 'north', displayName: 'North' })
      await expect(workspaces.create({ id: 'north' })).rejects.toMatchObject(CONFLICT)
      expect((await workspaces.list({ limit: 100 })).items.map(({ id }) => id)).toEqual(['default', 'north', 'other'])
      const north = plane.test.governor.as({
        workspace: 'north',
        principal: { kind: 'system', id: 'host', roles: [] },
      })
      expect((await north.agents.list()).items).toEqual([])
      expect((await north.members.list()).items).toEqual([])
      expect((await north.journal.list()).items.map(({ kind }) => kind)).toEqual(['workspace.created'])
      const first = await workspaces.list({ limit: 1 })
      const second = await workspaces.list({ limit: 2, cursor: first.next ?? '' })
      expect([first, second].flatMap(({ items }) => items.map(({ id }) => id))).toEqual(['default', 'north', 'other'])
    })

    it.each(['', 'A', '*', '../x', 'a b', 'a'.repeat(64), "x'; drop table agents"])(
      'are not named %j [AUTH-9]',
      async (id) => {
        await expect(plane.system.workspaces.create({ id })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
      },
    )

    it('are no matter of anybody in one of them [AUTH-9, I-36]', async () => {
      const denied = { code: 'PERMISSION_DENIED' }
      for (const scope of [plane.test.admin, plane.test.user('sue', 'supervisor')]) {
        await expect(scope.workspaces.create({ id: 'mine' })).rejects.toMatchObject(denied)
        await expect(scope.workspaces.list()).rejects.toMatchObject(denied)
      }
    })
  })
})
