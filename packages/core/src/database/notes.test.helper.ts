import { type SQL, sql } from 'drizzle-orm'
import { beforeAll } from 'vitest'
import type { TestStore } from './stores.test.helper.ts'
import type { Tx } from './transaction.ts'

/** The roles that transactions act as, and one table that they may write. */
export const NOTES_SCHEMA = `
  do $$ begin create role preceptor_app nologin; exception when duplicate_object or unique_violation then null; end $$;
  do $$ begin create role preceptor_system nologin; exception when duplicate_object or unique_violation then null; end $$;
  create table notes (id integer primary key, label text);
  grant select, insert, update on notes to preceptor_app, preceptor_system`

const note = (id: number): SQL => sql`insert into notes values (${id}, 'secret text')`

/** Writes a note. */
export const insertNote = (tx: Tx, id: number): Promise<unknown> => tx.db.execute(note(id))

/** Notes in the store of a group of tests: ids that no other has, and how many notes there are of one. */
export function useNotes(store: TestStore): { nextId(): number; countOf(id: number): Promise<unknown> } {
  let ids = 0
  beforeAll(async () => {
    await store.database.pool.query(NOTES_SCHEMA)
  })
  return {
    nextId() {
      ids += 1
      return ids
    },
    async countOf(id) {
      const { rows } = await store.database.pool.query('select count(*)::int as n from notes where id = $1', [id])
      return rows[0]?.n
    },
  }
}
