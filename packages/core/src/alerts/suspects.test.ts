import { describe, expect, it } from 'vitest'
import type { Database } from '../database/open-database.ts'
import { openContext } from '../jobs/jobs.test.helper.ts'
import { runJob } from '../jobs/jobs.ts'
import { describeOnEachStore, type TestStore } from '../journal/each-store.test.helper.ts'

/** The same database, with what was asked of it. */
function counted(database: Database): { readonly database: Database; readonly asked: string[] } {
  const asked: string[] = []
  const { pool } = database
  const connect = async (): Promise<Awaited<ReturnType<typeof pool.connect>>> => {
    const client = await pool.connect()
    return new Proxy(client, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        if (name !== 'query') return value.bind(target)
        return (statement: unknown, ...rest: readonly unknown[]) => {
          asked.push(typeof statement === 'string' ? statement : String((statement as { text?: unknown }).text))
          return value.call(target, statement, ...rest)
        }
      },
    })
  }
  return { database: { ...database, pool: Object.assign(Object.create(pool), { connect }) }, asked }
}

/** Workspaces with an agent each, in which nothing has happened for days, and whose journal is whole. */
async function addIdle(store: TestStore, prefix: string, count: number): Promise<void> {
  await store.asOwner(
    `insert into workspaces select '${prefix}' || n, 'Idle', now() from generate_series(1, ${count}) n;
     insert into agents (workspace_id, id, display_name, owner_id, created_at, updated_at)
       select '${prefix}' || n, 'bot', 'Bot', 'system', now(), now() from generate_series(1, ${count}) n;
     insert into journal (id, workspace_id, kind, subject_id, body, recorded_at)
       select '${prefix}' || n, '${prefix}' || n, 'agent.registered', 'bot', '{}', now() - interval '5 days'
       from generate_series(1, ${count}) n;`,
  )
  await store.asOwner(
    `insert into journal_seals (workspace_id, sequence, journal_id, hash, sealed_at)
       select id, 1, id, 'h', recorded_at from journal where id like '${prefix}%';
     insert into journal_heads (workspace_id, sequence, hash, snapshot, sealed_at)
       select id, 1, 'h', pg_current_snapshot(), recorded_at from journal where id like '${prefix}%';
     insert into journal_checks (workspace_id, verified_at)
       select workspace_id, now() - interval '1 hour' from workspaces where workspace_id like '${prefix}%'`,
  )
}

describeOnEachStore('the rules of alerts', (store) => {
  async function statementsOf(job: string): Promise<number> {
    const { database, asked } = counted(store.database)
    const context = { ...openContext(store), database }
    await runJob({ context, pluginJobs: new Map(), enqueue: async () => true }, job, {})
    return asked.length
  }

  describe.each(['check-alerts', 'check-slow-alerts'])('%s', (job) => {
    it('asks as little of a thousand idle workspaces as of ten, and more of one that waits [ALERT-13]', async () => {
      const prefix = job === 'check-alerts' ? 'quick' : 'slow'
      await addIdle(store, `${prefix}-few-`, 10)
      await statementsOf(job)
      const few = await statementsOf(job)
      await addIdle(store, `${prefix}-many-`, 1_000)
      expect(await statementsOf(job)).toBe(few)
      await store.asOwner(
        `insert into alerts (id, workspace_id, code, subject_id, message, raised_at)
         values ($1, $1, 'AGENT_STUCK', 'bot', 'It is stuck.', now())`,
        [`${prefix}-few-1`],
      )
      expect(await statementsOf(job)).toBeGreaterThan(few + 5)
    })
  })
})
