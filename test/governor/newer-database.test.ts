import { createGovernor } from '@preceptor/core'
import { createTestGovernor } from '@preceptor/core/testing'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { createWorker } from '@preceptor/worker'
import pg from 'pg'
import { expect, it } from 'vitest'

/** What a later release may bring: all of it only adds, as the rule for migrations asks. */
const LATER = `
  create table later_things (id text primary key, workspace_id text not null references workspaces);
  alter table agents add column later_tier text not null default 'one' check (later_tier in ('one', 'two'));
  alter table proposals add column later_note text;
  alter table executions add column later_count integer not null default 0;
  alter table journal add column later_mark text;
  create index later_index on proposals (workspace_id, later_note);`

describeWithPostgres('a database that a later release has migrated', () => {
  const database = useTestDatabase()

  it('is gone on with by the processes that run, and refused by one that starts [OPS-21]', async () => {
    let ran = 0
    const execute = () => {
      ran += 1
      return 'paid'
    }
    const actions = { 'order.read': { risk: 'safe' }, 'refund.create': { risk: 'high', execute } } as const
    const test = await createTestGovernor({ database: database.url, migrate: true, actions })
    const worker = await createWorker(test.governor)
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    try {
      await test.register('intern', 'intern')
      await test.register('autonomous', 'autonomous')
      await test.admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
      const ask = async (key: string): Promise<string> => {
        const trigger = { agent: 'intern', action: 'refund.create', args: {}, idempotencyKey: key }
        const decision = await test.agent('intern').decide(trigger)
        if (decision.route !== 'proposal') throw new Error(decision.reason)
        return decision.proposal.id
      }
      const before = await ask('before')
      await client.query(`begin; ${LATER}
        insert into preceptor_migrations (name, sha256) values ('core/9999-later', repeat('0', 64)); commit`)
      const after = await ask('after')
      for (const id of [before, after]) {
        const { version, actionHash } = await test.admin.proposals.get(id)
        await test.user('ana', 'supervisor').proposals.approve(id, { version, actionHash })
      }
      const states = () => Promise.all([before, after].map(async (id) => (await test.admin.proposals.get(id)).state))
      await expect.poll(states, { timeout: 20_000 }).toEqual(['succeeded', 'succeeded'])
      expect(ran).toBe(2)
      const read = { agent: 'autonomous', action: 'order.read', args: {} }
      expect((await test.agent('autonomous').guard(read, () => 'read')).status).toBe('executed')
      await test.register('new-bot', 'student')
      expect((await test.governor.health()).ready).toBe(true)
      await expect.poll(async () => (await test.admin.journal.verify()).unsealed).toBe(0)
      expect(await test.admin.journal.verify()).toMatchObject({ ok: true })
      for (const migrate of [true, false]) {
        const starting = createGovernor({ database: database.url, migrate, report: () => undefined })
        await expect(starting).rejects.toMatchObject({ code: 'DATABASE_NEWER' })
      }
      const { rows } = await client.query('select count(*)::int as many from later_things')
      expect(rows).toEqual([{ many: 0 }])
    } finally {
      await worker.close()
      await test.close()
      await client.end()
    }
  }, 60_000)
})
