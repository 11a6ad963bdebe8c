import type { JsonObject } from '@preceptor/client'
import { OPERATIONS } from '@preceptor/core/testing'
import { describeWithPostgres } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { BY_ID, ELSEWHERE, FROM_AFAR, LISTS, OWN, type Probe, trigger } from './probes.ts'
import { openTwoWorkspaces, type TwoWorkspaces } from './two-workspaces.ts'

describeWithPostgres('another workspace', () => {
  let two: TwoWorkspaces

  beforeAll(async () => {
    two = await openTwoWorkspaces()
    await two.test.register('theirs', 'autonomous')
    await two.test.admin.members.put('ana', { displayName: 'Ana', roles: ['admin'] })
    await two.test.user('ana', 'admin').presence.heartbeat()
    // What is written down is sealed a moment later.
    for (const { journal } of [two.test.admin, two.foreigner]) {
      await vi.waitFor(async () => expect((await journal.verify()).unsealed).toBe(0), { timeout: 5_000 })
    }
  })
  afterAll(() => two.close())

  async function answerOf(probe: Probe): Promise<unknown> {
    return probe(two.foreigner, two.ids).catch((error: unknown) => error)
  }

  it(verifies('I-34', 'is asked for by every operation that there is'), () => {
    const covered = [BY_ID, LISTS, OWN].flatMap((probes) => Object.keys(probes))
    expect([...covered, ...ELSEWHERE].sort()).toEqual([...OPERATIONS].sort())
  })

  it.each(Object.entries(BY_ID))(
    verifies('I-34', 'finds nothing of this one by its id, and changes nothing: %s'),
    async (_, probe) => {
      const before = await two.rows()
      expect(await answerOf(probe)).toMatchObject({ code: 'NOT_FOUND' })
      expect(await two.rows()).toEqual(before)
    },
  )

  it.each(Object.entries(FROM_AFAR))(
    verifies('I-34', 'finds no run of this one, and changes nothing: %s'),
    async (_, probe) => {
      const before = await two.rows()
      expect(await answerOf(probe)).toMatchObject({ code: 'NOT_FOUND' })
      expect(await two.rows()).toEqual(before)
    },
  )

  it.each(Object.entries(LISTS))(verifies('I-34', 'lists nothing of this one: %s'), async (_, probe) => {
    const shown = JSON.stringify(await answerOf(probe))
    for (const id of Object.values(two.ids)) expect(shown).not.toContain(id)
    expect(shown).not.toContain('"theirs"')
  })

  it.each(Object.entries(OWN))(verifies('I-34', 'does nothing to this one: %s'), async (_, probe) => {
    const before = await two.rows()
    await answerOf(probe)
    expect(await two.rows()).toEqual(before)
  })

  it(verifies('I-34', 'does not see who is present in this one'), async () => {
    expect(await two.test.admin.presence.get('ana')).toMatchObject({ state: 'online' })
    expect(await two.foreigner.presence.get('ana')).toEqual({
      userId: 'ana',
      state: 'offline',
      lastActivityAt: null,
      override: null,
    })
  })

  it(verifies(['I-34', 'I-8'], 'is not reached by a credential of this one'), async () => {
    const { secret } = await two.test.admin.keys.create({
      displayName: 'x',
      principalKind: 'user',
      principalId: 'ana',
      roles: ['admin'],
    })
    const identity = await two.test.governor.authenticate(secret)
    expect(identity.workspace).toBe('default')
    const forged = { ...trigger, agent: 'intern', workspace: 'other' } as unknown as JsonObject
    await expect(two.test.governor.as(identity).decide(forged as never)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    })
  })
})
