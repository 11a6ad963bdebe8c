import type { GuardResult } from '@preceptor/client'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'
import { attempt, grantTo } from './grants.test.helper.ts'

describeWithPostgres('a grant that several processes use at once', () => {
  const server = useTestDatabase()
  const governors: TestGovernor[] = []
  beforeAll(async () => {
    // On a busy machine as well, what is shown is who wins, and not who gives up.
    const settings = { deadlineMs: 20_000 }
    for (let each = 0; each < 2; each += 1) {
      governors.push(await createTestGovernor({ database: server.url, settings }))
    }
    await governors[0]?.register('bot', 'intern')
  })
  afterAll(() => Promise.all(governors.map((test) => test.close())))

  const pair = (): readonly [TestGovernor, TestGovernor] => {
    const [one, two] = governors
    if (one === undefined || two === undefined) throw new Error('The governors are not there.')
    return [one, two]
  }
  const routes = (results: readonly GuardResult<unknown>[]): Record<string, number> => {
    const counted: Record<string, number> = {}
    for (const { decision } of results) counted[decision.route] = (counted[decision.route] ?? 0) + 1
    return counted
  }

  it('lets 5 of 20 attempts run, and proposes the other 15 [GRANT-3]', async () => {
    const both = pair()
    const { id } = await grantTo(both[0], { uses: 5 })
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, each) =>
        attempt(both[each % 2] ?? both[0], { args: { cents: each }, idempotencyKey: `race-${each}` }),
      ),
    )
    expect(routes(results)).toEqual({ execution: 5, proposal: 15 })
    expect(await both[1].admin.grants.get(id)).toMatchObject({ used: 5, state: 'used_up' })
    const left = results.flatMap(({ decision }) => ('grant' in decision ? [decision.grant?.usesLeft] : []))
    expect(left.sort()).toEqual([0, 1, 2, 3, 4])
  }, 30_000)

  it('counts what ran, while it is revoked, given back and asked for twice [GRANT-3, GRANT-4]', async () => {
    const [one, two] = pair()
    for (let round = 0; round < 4; round += 1) {
      const grants = [await grantTo(one, { uses: 3 }), await grantTo(two, { uses: 4 })]
      const attempts = Array.from({ length: 12 }, (_, each) => {
        const test = each % 3 === 0 ? one : two
        // Every key twice; of every fourth nothing runs.
        const key = `round-${round}-${each >> 1}`
        const trigger = { agent: 'bot', action: 'refund.create', args: { cents: 1 }, idempotencyKey: key }
        if (each % 4 !== 3) return attempt(test, trigger)
        const signal = AbortSignal.abort(new Error('Not now.'))
        return test.agent('bot').guard(trigger, () => 1, { signal })
      })
      const revoked = two.user('ben', 'supervisor').grants.revoke(grants[round % 2]?.id ?? '', 'Enough.')
      const results = await Promise.allSettled([...attempts, revoked])
      const codes = results.flatMap((result) =>
        result.status === 'fulfilled' && 'decision' in result.value && result.value.decision.route === 'denied'
          ? [result.value.decision.code]
          : [],
      )
      for (const code of ['INTERNAL', 'STORE_UNAVAILABLE', 'CONFLICT']) expect(codes).not.toContain(code)
      const ran = results.filter((result) => result.status === 'fulfilled' && isRunUnder(result.value, grants)).length
      let used = 0
      for (const { id } of grants) used += (await one.admin.grants.get(id)).used
      expect({ round, used }).toEqual({ round, used: ran })
      for (const { id } of grants.filter((_, each) => each !== round % 2)) {
        await one.user('ben', 'supervisor').grants.revoke(id, 'Done.')
      }
    }
  }, 60_000)
})

function isRunUnder(result: object, grants: readonly { readonly id: string }[]): boolean {
  if (!('status' in result) || result.status !== 'executed' || !('decision' in result)) return false
  const { grant } = result.decision as { readonly grant?: { readonly id: string } }
  return grants.some(({ id }) => id === grant?.id)
}
