import { GovernanceError, type PresenceState } from '@preceptor/client'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestClock, type TestClock } from '../testing/test-clock.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const MINUTE = 60_000
const USERS = ['ada', 'sam', 'kim', 'vic'] as const

let clock: TestClock
let test: TestGovernor

beforeAll(async () => {
  clock = createTestClock()
  test = await createTestGovernor({ clock })
  for (const user of USERS) {
    await test.admin.members.put(user, { displayName: user, roles: [user === 'vic' ? 'viewer' : 'supervisor'] })
  }
})
afterAll(() => test.close())
beforeEach(() => clock.advance(20 * MINUTE))

const as = (user: string) => test.user(user, 'supervisor').presence
const stateOf = async (user: string): Promise<PresenceState> => (await test.admin.presence.get(user)).state
const update = () => test.governor.jobs.run('update-presence', { workspace: 'default' })

async function changesOf(user: string): Promise<readonly unknown[]> {
  const { items } = await test.admin.journal.list({ subject: user, kind: 'presence.changed', limit: 100 })
  return items.map(({ body }) => [body.before, body.state, body.actor])
}

describe('presence', () => {
  it('is online, away after 5 min and offline after 15 min without an act, without any job [PRES-1]', async () => {
    expect(await as('ada').heartbeat()).toMatchObject({ userId: 'ada', state: 'online', sessionId: null })
    clock.advance(5 * MINUTE - 1_000)
    expect(await stateOf('ada')).toBe('online')
    clock.advance(1_000)
    expect(await stateOf('ada')).toBe('away')
    clock.advance(10 * MINUTE - 1_000)
    expect(await stateOf('ada')).toBe('away')
    clock.advance(1_000)
    expect(await stateOf('ada')).toBe('offline')
  })

  it('does not count what a timer sends as an act [PRES-1]', async () => {
    await as('ada').heartbeat()
    for (let beat = 0; beat < 10; beat += 1) {
      clock.advance(30_000)
      await as('ada').heartbeat({ active: false })
    }
    expect(await stateOf('ada')).toBe('away')
    await as('ada').heartbeat({ active: true })
    expect(await stateOf('ada')).toBe('online')
    expect(await as('kim').heartbeat({ active: false })).toMatchObject({ state: 'offline', lastActivityAt: null })
  })

  it('is announced once for each change, by the act or by the job, however often they look [PRES-1]', async () => {
    await update()
    const before = (await changesOf('sam')).length
    await Promise.all(Array.from({ length: 20 }, () => as('sam').heartbeat()))
    clock.advance(6 * MINUTE)
    await Promise.all([update(), update(), update()])
    clock.advance(10 * MINUTE)
    await update()
    await update()
    const changes = (await changesOf('sam')).toReversed().slice(before)
    expect(changes).toEqual([
      ['offline', 'online', 'user:sam'],
      ['online', 'away', 'system:presence'],
      ['away', 'offline', 'system:presence'],
    ])
  })

  it('writes what changes something, and at most every 25 s what does not [PRES-1]', async () => {
    const { lastActivityAt: first } = await as('sam').heartbeat()
    clock.advance(20_000)
    expect((await as('sam').heartbeat()).lastActivityAt).toBe(first)
    clock.advance(6_000)
    expect((await as('sam').heartbeat()).lastActivityAt).not.toBe(first)
  })

  it('is answered to each for itself, whatever is heard in the same turn [PRES-1]', async () => {
    await as('ada').heartbeat()
    await as('sam').heartbeat()
    await as('sam').override('sam', { state: 'away' })
    clock.advance(30_000)
    const beats = ['ada', 'sam', 'kim', 'ada', 'nobody'].map((user) => as(user).heartbeat())
    const idle = as('ada').heartbeat({ active: false })
    const answers = await Promise.allSettled([...beats, idle])
    expect(answers).toMatchObject([
      { value: { userId: 'ada', state: 'online', override: null } },
      { value: { userId: 'sam', state: 'away', override: { state: 'away' } } },
      { value: { userId: 'kim', state: 'online' } },
      { value: { userId: 'ada', state: 'online' } },
      { reason: { code: 'NOT_FOUND' } },
      { value: { userId: 'ada', state: 'online' } },
    ])
    expect((await changesOf('kim'))[0]).toEqual(['offline', 'online', 'user:kim'])
    const { lastActivityAt } = await test.admin.presence.get('ada')
    expect(clock.now() - Date.parse(lastActivityAt ?? '')).toBeLessThan(25_000)
    await as('sam').clearOverride('sam')
  })

  it('is followed for everybody who is due, the longest due first, in any number [PRES-1]', async () => {
    const many = Array.from({ length: 1_200 }, (_, index) => `many-${index}`)
    for (let from = 0; from < many.length; from += 100) {
      const some = many.slice(from, from + 100)
      await Promise.all(some.map((user) => test.admin.members.put(user, { displayName: user, roles: ['supervisor'] })))
      await Promise.all(some.map((user) => as(user).heartbeat()))
    }
    clock.advance(16 * MINUTE)
    await update()
    for (const user of ['many-0', 'many-600', 'many-1199']) {
      expect(await changesOf(user)).toMatchObject([
        ['online', 'offline', 'system:presence'],
        ['offline', 'online', `user:${user}`],
      ])
    }
  }, 60_000)

  it('is available for supervisors who are online, and for nobody else [PRES-1, ROUTE-13]', async () => {
    await as('ada').heartbeat()
    await expect(test.user('vic', 'viewer').presence.heartbeat()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    expect((await test.admin.presence.available()).map(({ userId }) => userId)).toEqual(['ada'])
    await as('ada').override('ada', { state: 'away' })
    expect(await test.admin.presence.available()).toEqual([])
    await as('ada').clearOverride('ada')
  })

  it('is refused to who is no member, and for somebody else [PRES-1]', async () => {
    await expect(as('nobody').heartbeat()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(as('sam').override('ada', { state: 'offline' })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await expect(as('sam').clearOverride('ada')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await expect(as('sam').sessions('ada')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await expect(test.admin.presence.override('nobody', { state: 'away' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('follows the model, whatever happens in whatever order [PRES-1]', async () => {
    const act = fc.oneof(
      fc.record({ kind: fc.constant('act' as const) }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 16 * MINUTE }) }),
      fc.record({
        kind: fc.constant('override' as const),
        state: fc.constantFrom('online' as const, 'away' as const, 'offline' as const),
        ms: fc.option(fc.integer({ min: 1_000, max: 20 * MINUTE })),
      }),
      fc.record({ kind: fc.constant('clear' as const) }),
      fc.record({ kind: fc.constant('update' as const) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 8 }), async (acts) => {
        clock.advance(60 * MINUTE)
        await as('kim').clearOverride('kim')
        let acted = Number.NEGATIVE_INFINITY
        let override: { readonly state: PresenceState; readonly until: number } | null = null
        for (const step of acts) {
          if (step.kind === 'act') {
            await as('kim').heartbeat()
            // What is written at most every 25 s may be that much older.
            if (clock.now() - acted >= 25_000) acted = clock.now()
          } else if (step.kind === 'wait') {
            clock.advance(step.ms)
          } else if (step.kind === 'override') {
            const until = step.ms === null ? null : new Date(clock.now() + step.ms).toISOString()
            await as('kim').override('kim', { state: step.state, until })
            const lasts = step.ms ?? (step.state === 'online' ? 8 * 60 * MINUTE : Number.POSITIVE_INFINITY)
            override = { state: step.state, until: clock.now() + lasts }
          } else if (step.kind === 'clear') {
            await as('kim').clearOverride('kim')
            override = null
          } else {
            await update()
          }
        }
        const idle = clock.now() - acted
        const byActivity = idle >= 15 * MINUTE ? 'offline' : idle >= 5 * MINUTE ? 'away' : 'online'
        const lasts: boolean = override !== null && override.until > clock.now() + 2_000
        // The clock runs meanwhile: what is decided in these moments may be either.
        if (isClose(idle) || (override !== null && Math.abs(override.until - clock.now()) < 2_000)) return
        const expected = lasts && override !== null ? override.state : byActivity
        expect(await stateOf('kim')).toBe(expected)
        await update()
        const [last] = await changesOf('kim')
        if (Array.isArray(last)) expect(last[1]).toBe(expected)
      }),
      { numRuns: 40 },
    )
  }, 60_000)
})

function isClose(idle: number): boolean {
  return [25_000, 5 * MINUTE, 15 * MINUTE].some((limit) => Math.abs(idle - limit) < 2_000)
}

describe('a presence that is set by hand', () => {
  it('goes before activity until its time is over, and says who set it [PRES-1]', async () => {
    await as('ada').heartbeat()
    const until = new Date(clock.now() + 30 * MINUTE).toISOString()
    const overridden = await test.admin.presence.override('ada', { state: 'offline', until })
    expect(overridden).toMatchObject({ state: 'offline', override: { state: 'offline', until } })
    expect(await as('ada').heartbeat()).toMatchObject({ state: 'offline' })
    clock.advance(31 * MINUTE)
    await as('ada').heartbeat()
    expect(await test.admin.presence.get('ada')).toMatchObject({ state: 'online', override: null })
    const { items } = await test.admin.journal.list({ subject: 'ada', kind: 'presence.overridden', limit: 1 })
    expect(items[0]?.body).toMatchObject({ actor: 'user:root', state: 'offline', until })
  })

  it('ends by itself, and the end is announced [PRES-1]', async () => {
    const until = new Date(clock.now() + 10 * MINUTE).toISOString()
    await as('kim').override('kim', { state: 'online', until })
    clock.advance(11 * MINUTE)
    await update()
    expect((await changesOf('kim'))[0]).toEqual(['online', 'offline', 'system:presence'])
  })

  it.each([
    ['never', { state: 'away', until: 'never' }],
    ['the past', { state: 'away', until: '2020-01-01T00:00:00Z' }],
    ['a state that there is not', { state: 'busy' }],
  ])('is refused until %s', async (_, override) => {
    const refused = as('ada').override('ada', override as never)
    await expect(refused).rejects.toSatisfy((error) => GovernanceError.isInstance(error))
    await expect(refused).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('says that somebody is online for 24 h at most, and for 8 h where no time is given [PRES-1]', async () => {
    const late = new Date(clock.now() + 25 * 60 * MINUTE).toISOString()
    await expect(as('ada').override('ada', { state: 'online', until: late })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    })
    await as('ada').override('ada', { state: 'online' })
    clock.advance(8 * 60 * MINUTE + 1_000)
    expect(await stateOf('ada')).toBe('offline')
  })
})

describe('sessions of a user', () => {
  it('are many, each ended by itself, and an id of one is of no use to somebody else [PRES-1]', async () => {
    const first = (await as('sam').heartbeat({ sessionId: null })).sessionId ?? ''
    const second = (await as('sam').heartbeat({ sessionId: null, active: false })).sessionId ?? ''
    expect((await as('sam').heartbeat({ sessionId: first })).sessionId).toBe(first)
    const { items } = await as('sam').sessions('sam')
    expect(items.map(({ id, lastActivityAt }) => [id, lastActivityAt !== null])).toEqual([
      [second, false],
      [first, true],
    ])
    const stolen = await as('kim').heartbeat({ sessionId: first })
    expect(stolen.sessionId).not.toBe(first)
    await expect(as('kim').endSession(first)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await as('sam').endSession(first)).toMatchObject({ id: first, endedAt: expect.any(String) })
    expect(await test.admin.presence.endSession(second)).toMatchObject({ userId: 'sam' })
    expect((await test.admin.presence.sessions('sam')).items).toEqual([])
    const anew = (await as('sam').heartbeat({ sessionId: first })).sessionId
    expect(anew).not.toBe(first)
  })

  it('are closed after an hour of silence [PRES-1]', async () => {
    const { sessionId: silent } = await as('ada').heartbeat({ sessionId: null })
    clock.advance(40 * MINUTE)
    const { sessionId: heard } = await as('ada').heartbeat({ sessionId: null, active: false })
    clock.advance(21 * MINUTE)
    await test.governor.jobs.run('update-presence', {})
    const { items } = await as('ada').sessions('ada')
    expect(items.map(({ id }) => id)).toEqual([heard])
    expect(items.map(({ id }) => id)).not.toContain(silent)
  })
})
