import { describeWithPostgres } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { openTwoWorkspaces, type TwoWorkspaces } from './two-workspaces.ts'

describeWithPostgres('a statement that forgets its workspace', () => {
  let two: TwoWorkspaces

  beforeAll(async () => {
    two = await openTwoWorkspaces()
  })
  afterAll(() => two.close())

  /** Runs a statement as the application does, in the workspace `other`; nothing of it stays. */
  async function asApplication(statement: string, workspace: string | null = 'other'): Promise<unknown[] | string> {
    await two.owner.query('begin; set local role preceptor_app')
    if (workspace !== null) await two.owner.query(`set local preceptor.workspace to '${workspace}'`)
    try {
      return (await two.owner.query(statement)).rows
    } catch (error) {
      return String(Reflect.get(Object(error), 'code'))
    } finally {
      await two.owner.query('rollback')
    }
  }

  it(verifies('I-34', 'meets a row in every table, of both workspaces'), async () => {
    expect(two.tables.length).toBeGreaterThan(20)
    for (const table of two.tables) {
      const { rows } = await two.owner.query(`select distinct workspace_id as name from ${table} order by 1`)
      const names = rows.map(({ name }) => name).filter((name) => name !== '*')
      expect([table, names]).toEqual([table, ['default', 'other']])
    }
  })

  it(verifies('I-34', 'reads the rows of its own workspace only, and none without one'), async () => {
    for (const table of two.tables) {
      const seen = await asApplication(`select distinct workspace_id as name from ${table} where workspace_id <> '*'`)
      expect([table, seen]).toEqual([table, [{ name: 'other' }]])
      const none = await asApplication(`select * from ${table} where workspace_id <> '*'`, null)
      expect([table, none]).toEqual([table, []])
    }
  })

  it(verifies('I-34', 'changes and removes rows of its own workspace only'), async () => {
    for (const table of two.tables) {
      for (const statement of [
        `update ${table} set workspace_id = workspace_id returning workspace_id as name`,
        `delete from ${table} returning workspace_id as name`,
      ]) {
        const touched = await asApplication(statement)
        // Not permitted at all, or refused by a guard, or only what is its own.
        if (typeof touched === 'string') expect(['42501', '23514', '23503']).toContain(touched)
        else
          expect([table, new Set(touched.map((row) => Reflect.get(Object(row), 'name')))]).toEqual([
            table,
            new Set(['other']),
          ])
      }
    }
  })

  it(verifies('I-34', 'puts no row into another workspace, and moves none there'), async () => {
    for (const table of two.tables) {
      const copied = `insert into ${table} select (jsonb_populate_record(t, '{"workspace_id": "default"}')).* from ${table} t`
      expect([table, await asApplication(copied)]).toEqual([
        table,
        expect.stringMatching(/^(42501|428C9|23505|23514)$/),
      ])
      const moved = await asApplication(`update ${table} set workspace_id = 'default'`)
      expect([table, moved]).toEqual([table, expect.stringMatching(/^(42501|23503|23514|23505)$/)])
    }
  })
})
