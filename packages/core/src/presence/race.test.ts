import { createTestDatabase, describeWithPostgres, type TestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestClock } from '../testing/test-clock.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const USERS = Array.from({ length: 30 }, (_, index) => `user-${index}`)

describeWithPostgres('presence in several processes', () => {
  const clock = createTestClock()
  const tests: TestGovernor[] = []
  let database: TestDatabase

  beforeAll(async () => {
    database = await createTestDatabase()
    for (let process = 0; process < 3; process += 1) {
      tests.push(await createTestGovernor({ database: database.url, clock }))
    }
    await each((test, user) => test.admin.members.put(user, { displayName: user, roles: ['supervisor'] }), 1)
  })
  afterAll(async () => {
    for (const test of tests) await test.close()
    await database.drop()
  })

  async function each(
    work: (test: TestGovernor, user: string) => Promise<unknown>,
    most = tests.length,
  ): Promise<void> {
    await Promise.all(tests.slice(0, most).flatMap((test) => USERS.map((user) => work(test, user))))
  }

  const beat = (test: TestGovernor, user: string) => test.user(user, 'supervisor').presence.heartbeat()
  const update = () => Promise.all(tests.map((test) => test.governor.jobs.run('update-presence', {})))

  it('is announced once for each change, whichever of them sees it first [PRES-1]', async () => {
    await Promise.all([each(beat), update()])
    clock.advance(6 * 60_000)
    await update()
    await Promise.all([update(), each(beat), update()])
    clock.advance(20 * 60_000)
    await Promise.all([update(), update()])
    for (const user of USERS) {
      const { items } = (await tests[0]?.admin.journal.list({ subject: user, kind: 'presence.changed' })) ?? {
        items: [],
      }
      expect(items.toReversed().map(({ body }) => `${body.before} ${body.state}`)).toEqual([
        'offline online',
        'online away',
        'away online',
        'online offline',
      ])
    }
  })
})
