import type { AlertCode, ControlScope } from '@preceptor/client'
import { useTestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import type { GovernorOptions } from '../options.ts'
import { createTestClock, type TestClock } from '../testing/test-clock.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

export const MINUTE = 60_000
export const HOUR = 3_600_000
export const DAY = 86_400_000

/** A governor on Postgres whose clock stands still until it is put forward, and whose alerts a test looks at. */
export interface AlertTest {
  readonly test: TestGovernor
  readonly clock: TestClock
  readonly ana: ControlScope
  /** Looks at everything, as the jobs do. */
  look(): Promise<void>
  /** What open alerts of a code are about. */
  open(code: AlertCode): Promise<readonly string[]>
  /** Kinds of the journal rows about all alerts of a code about something, oldest first. */
  told(code: AlertCode, subject: string): Promise<readonly string[]>
  /** Runs a statement as the owner of the tables, past every guard. */
  asOwner(statement: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>
}

/** Opens one for the tests of a group that has Postgres. */
export function useAlerts(options: () => GovernorOptions = () => ({})): AlertTest {
  // A Monday.
  const clock = createTestClock({ at: Date.UTC(2026, 4, 4, 9) })
  const place = useTestDatabase()
  let opened: TestGovernor | undefined
  let owner: pg.Pool | undefined
  const alerts: AlertTest = {
    clock,
    get test() {
      if (opened === undefined) throw new Error('It is open inside tests and hooks only.')
      return opened
    },
    get ana() {
      return alerts.test.user('ana', 'supervisor')
    },
    async look() {
      for (const job of ['check-alerts', 'check-slow-alerts', 'check-daily-alerts']) {
        // As the clock runs them: in the workspaces that they find.
        await alerts.test.governor.jobs.run(job, {})
      }
    },
    async open(code) {
      const subjects: string[] = []
      let cursor: string | null = null
      do {
        const page: Awaited<ReturnType<ControlScope['alerts']['list']>> = await alerts.test.admin.alerts.list({
          state: 'open',
          limit: 100,
          ...(cursor === null ? {} : { cursor }),
        })
        subjects.push(...page.items.filter((alert) => alert.code === code).map(({ subjectId }) => subjectId))
        cursor = page.next
      } while (cursor !== null)
      return subjects.sort()
    },
    async told(code, subject) {
      const { items } = await alerts.test.admin.alerts.list({ limit: 100 })
      const kinds: string[] = []
      for (const { id } of items.filter((alert) => alert.code === code && alert.subjectId === subject).reverse()) {
        const rows = await alerts.test.admin.journal.list({ subject: id })
        kinds.push(...rows.items.map(({ kind }) => kind).reverse())
      }
      return kinds
    },
    async asOwner(statement, values = []) {
      return (await (owner as pg.Pool).query(statement, [...values])).rows
    },
  }
  beforeAll(async () => {
    owner = new pg.Pool({ connectionString: place.url, max: 2 })
    opened = await createTestGovernor({ database: place.url, migrate: true, clock, ...options() })
    await opened.admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
    await opened.admin.members.put('ben', { displayName: 'Ben', roles: ['admin'] })
  })
  afterAll(async () => {
    await opened?.close()
    await owner?.end()
  })
  return alerts
}
