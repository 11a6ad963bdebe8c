import { connectGovernor, type JournalEntry } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { type Served, serve } from './serve.ts'

let test: TestGovernor
let served: Served
let token = ''

beforeAll(async () => {
  test = await createTestGovernor()
  await test.register('bot', 'autonomous')
  await test.admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
  const key = { displayName: 'x', principalKind: 'user', principalId: 'ana', roles: ['supervisor'] } as const
  token = (await test.admin.keys.create(key)).secret
  served = await serve(test.governor)
})
afterAll(async () => {
  await served.close()
  await test.close()
})

/** Follows everything from the first row on, as another process does. */
async function follow(controller: AbortController) {
  const governor = connectGovernor({ url: served.url, token })
  const scope = governor.as(await governor.authenticate(token))
  const seen: JournalEntry[] = []
  const subscription = await scope.events.subscribe({ after: 0, signal: controller.signal })
  const read = async (): Promise<void> => {
    for await (const entry of subscription) seen.push(entry)
  }
  return { governor, seen, subscription, ended: read().catch((error: unknown) => error) }
}

const change = (displayName: string) => test.admin.agents.change('bot', { displayName })

describe('events over HTTP', () => {
  it('end with a code when the governor that brings them is closed', async () => {
    const { seen, ended, governor } = await follow(new AbortController())
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0))
    await governor.close()
    expect(await ended).toMatchObject({ code: 'GOVERNOR_CLOSED' })
  })

  it(verifies('I-21', 'come without a gap or a repetition while the server goes away and comes back'), async () => {
    const controller = new AbortController()
    const { seen, subscription, ended } = await follow(controller)
    const port = Number(new URL(served.url).port)
    for (let round = 0; round < 4; round += 1) {
      for (let count = 0; count < 25; count += 1) await change(`before ${round} ${count}`)
      await served.close()
      for (let count = 0; count < 25; count += 1) await change(`meanwhile ${round} ${count}`)
      served = await serve(test.governor, port)
    }
    await vi.waitFor(async () => expect((await test.admin.journal.verify()).unsealed).toBe(0), { timeout: 5_000 })
    const { sequence } = (await test.admin.journal.verify()).head
    await vi.waitFor(() => expect(subscription.position).toBe(sequence), { timeout: 15_000 })
    expect(seen.map((entry) => entry.sequence)).toEqual(Array.from({ length: sequence }, (_, index) => index + 1))
    controller.abort()
    expect(await ended).toBeUndefined()
  }, 40_000)

  it(verifies('I-35', 'end with the credential, and say so'), async () => {
    const { seen, ended } = await follow(new AbortController())
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0))
    const { items } = await test.admin.keys.list()
    const since = performance.now()
    for (const key of items.filter(({ principalId }) => principalId === 'ana')) await test.admin.keys.revoke(key.id)
    expect(await ended).toMatchObject({ code: 'CREDENTIAL_INVALID' })
    expect(performance.now() - since).toBeLessThan(7_000)
  }, 20_000)
})
