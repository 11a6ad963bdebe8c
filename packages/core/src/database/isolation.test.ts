import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { describeOnEachStore, type TestStore } from '../journal/each-store.test.helper.ts'
import { rowsOf } from './rows.ts'
import { checkIsolation } from './self-check.ts'
import { inWorkspace } from './transaction.ts'

async function withClient(store: TestStore, statements: readonly string[]): Promise<readonly unknown[]> {
  const client = await store.database.pool.connect()
  try {
    await client.query('begin')
    let rows: readonly unknown[] = []
    for (const statement of statements) rows = (await client.query(statement)).rows
    return rows
  } finally {
    await client.query('rollback')
    client.release()
  }
}

const AGENT = (
  workspace: string,
) => sql`insert into agents (workspace_id, id, display_name, owner_id, created_at, updated_at)
  values (${workspace}, 'bot', 'bot', 'system', now(), now())`

describeOnEachStore('isolation', (store) => {
  it('shows no row without a workspace, and only its own with one, also to a query without a condition [DB-6, I-34]', async () => {
    const [mine, other] = [await store.workspace(), await store.workspace()]
    for (const workspace of [mine, other]) {
      await inWorkspace(store.database, { workspace }, (tx) => tx.db.execute(AGENT(workspace)))
    }
    expect(await withClient(store, ['set local role preceptor_app', 'select * from agents'])).toEqual([])
    const seen = await inWorkspace(store.database, { workspace: mine }, (tx) =>
      rowsOf<{ readonly workspace_id: string }>(tx, sql`select workspace_id from agents`),
    )
    expect(seen).toEqual([{ workspace_id: mine }])
    const changed = await inWorkspace(store.database, { workspace: mine }, (tx) =>
      tx.db.execute(sql`update agents set display_name = 'taken' where workspace_id = ${other}`),
    )
    expect(changed.rowCount).toBe(0)
    const smuggled = inWorkspace(store.database, { workspace: mine }, (tx) => tx.db.execute(AGENT(other)))
    await expect(smuggled).rejects.toMatchObject({ code: '42501' })
  })

  it('carries nothing over to the next use of a connection, also after an error [DB-10]', async () => {
    const workspace = await store.workspace()
    await expect(inWorkspace(store.database, { workspace }, (tx) => tx.db.execute(sql`select 1 / 0`))).rejects.toThrow()
    const [session] = await withClient(store, [
      `select current_user = session_user as own, coalesce(current_setting('preceptor.workspace', true), '') as workspace`,
    ])
    expect(session).toEqual({ own: true, workspace: '' })
  })

  describe('the check at opening', () => {
    it('passes on what the migrations made', async () => {
      await checkIsolation(store.database)
    })

    it.each([
      ['owns a table', 'alter table presences owner to preceptor_app', 'alter table presences owner to current_user'],
      [
        'meets a table that does not force it',
        'alter table presences no force row level security',
        'alter table presences force row level security',
      ],
      [
        'sees rows without a workspace',
        'create policy leak on agents to preceptor_app using (true)',
        'drop policy leak on agents',
      ],
    ])('refuses a role that %s [DB-7, I-34]', async (_, damage, mend) => {
      const workspace = await store.workspace()
      await inWorkspace(store.database, { workspace }, (tx) => tx.db.execute(AGENT(workspace)))
      await store.asOwner(damage)
      try {
        await expect(checkIsolation(store.database)).rejects.toMatchObject({ code: 'DATABASE_ROLE_UNSAFE' })
      } finally {
        await store.asOwner(mend)
      }
      await checkIsolation(store.database)
    })
  })
})
