import type { ControlScope, JsonObject, Suggestion } from '@preceptor/client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'
import { attempt } from './grants.test.helper.ts'

let test: TestGovernor
let ana: ControlScope
let offset = 0
let made = 0
let bot = ''

beforeAll(async () => {
  test = await createTestGovernor({
    clock: { now: () => Date.now() + offset, monotonic: () => performance.now() },
  })
  ana = test.user('ana', 'supervisor')
})
beforeEach(async () => {
  made += 1
  bot = `bot-${made}`
  await test.register(bot, 'intern')
})
afterAll(() => test.close())

type Verdict = 'run' | 'approve' | 'edit' | 'reject'

async function decide(args: JsonObject, verdict: Verdict, action = 'refund.create'): Promise<void> {
  const trigger = { agent: bot, action, args, idempotencyKey: `k-${Math.random()}` }
  const { decision } = await attempt(test, trigger)
  if (decision.route !== 'proposal') throw new Error(decision.reason)
  const { id, version, actionHash } = decision.proposal
  const shown = { version, actionHash }
  if (verdict === 'reject') await ana.proposals.reject(id, { ...shown, category: 'other', reason: 'No.' })
  else await ana.proposals.approve(id, verdict === 'edit' ? { ...shown, args: { ...args, edited: true } } : shown)
  if (verdict === 'run') await attempt(test, trigger)
}

const suggested = async (scope = ana): Promise<readonly Suggestion[]> => (await scope.agents.suggestions(bot)).items

describe('a suggestion', () => {
  it('of a grant that can be made as it is, from 10 approvals of what was asked for on [GRANT-6]', async () => {
    for (let cents = 1; cents <= 9; cents += 1) await decide({ cents, currency: 'eur' }, 'approve')
    expect(await suggested()).toEqual([])
    await decide({ cents: 30, currency: 'eur' }, 'approve')
    await decide({ cents: 5 }, 'approve', 'refund.retry')
    const [only, ...rest] = await suggested()
    expect(rest).toEqual([])
    expect(only).toMatchObject({
      kind: 'grant',
      action: 'refund.create',
      text: '10 of 10 refund.create approved unchanged in 1 day.',
      approvedUnchanged: 10,
      decided: 10,
      grant: {
        matcher: { args: { cents: { between: [1, 30] }, currency: { equals: 'eur' } }, resource: null },
        uses: 10,
      },
    })
    if (only?.grant === undefined) throw new Error('It is not ready.')
    const { items } = await test.user('vic', 'viewer').agents.suggestions(bot)
    expect(items).toMatchObject([{ kind: 'grant', approvedUnchanged: 10 }])
    expect(items[0]).not.toHaveProperty('grant')
    const { id } = await ana.grants.create(only.grant)
    expect(await attempt(test, { agent: bot, args: { cents: 20, currency: 'eur' } })).toMatchObject({
      decision: { grant: { id, usesLeft: 9 } },
    })
    // What is granted is not suggested again.
    expect(await suggested()).toEqual([])
  })

  it('is not made of what people changed or refused more than once in 20 [GRANT-6]', async () => {
    for (let cents = 1; cents <= 18; cents += 1) await decide({ cents }, 'approve')
    await decide({ cents: 99 }, 'reject')
    expect(await suggested()).toEqual([])
    await decide({ cents: 20 }, 'approve')
    expect(await suggested()).toMatchObject([
      { approvedUnchanged: 19, decided: 20, grant: { matcher: { args: { cents: { between: [1, 20] } } } } },
    ])
    // The range would let through what was refused: there is something to say, but nothing to make of it.
    await decide({ cents: 100 }, 'approve')
    const [wide] = await suggested()
    expect(wide).toMatchObject({ approvedUnchanged: 20, decided: 21 })
    expect(wide).not.toHaveProperty('grant')
    await decide({ cents: 3 }, 'edit')
    expect(await suggested()).toEqual([])
  })

  it('of a promotion, for an intern, from 13 that were approved and succeeded on [GRANT-6]', async () => {
    for (let time = 1; time <= 12; time += 1) await decide({ cents: 5 }, 'run')
    await decide({ cents: 5 }, 'approve')
    expect((await suggested()).map(({ kind }) => kind)).toEqual(['grant'])
    await decide({ cents: 5 }, 'run')
    expect(await suggested()).toMatchObject([
      { kind: 'promotion', action: null, approvedUnchanged: 13, decided: 13 },
      { kind: 'grant', approvedUnchanged: 14, decided: 14, grant: { matcher: { args: { cents: { equals: 5 } } } } },
    ])
    // What was done as another is no record of what it is now.
    await test.admin.agents.demote(bot, 'student', 'a test')
    await test.admin.agents.promote(bot, 'a test')
    expect(await suggested()).toEqual([])
  })

  it('counts the last 30 days only, and is for those who approve [GRANT-6]', async () => {
    for (let time = 1; time <= 10; time += 1) await decide({ cents: 5 }, 'approve')
    expect(await suggested()).toHaveLength(1)
    const asAgent = test.governor.as({ workspace: 'default', principal: { kind: 'agent', id: bot, roles: [] } })
    await expect(asAgent.agents.suggestions(bot)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await expect(ana.agents.suggestions('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    offset += 31 * 86_400_000
    expect(await suggested()).toEqual([])
    offset = 0
  })
})
