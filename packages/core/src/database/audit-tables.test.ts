import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { describeOnEachStore } from '../journal/each-store.test.helper.ts'
import { type AuditRules, auditTables } from './audit-tables.ts'
import { inWorkspace } from './transaction.ts'

const RULES: AuditRules = {
  withoutWorkspace: { preceptor_migrations: 'which migrations were applied is the same for all of them' },
  widerPolicies: { 'stops.stops_of_all': 'a kill switch for all of them stops each' },
}

describeOnEachStore('the audit of tables', (store) => {
  const audit = (rules = RULES): Promise<readonly string[]> =>
    inWorkspace(store.database, { workspace: 'default' }, (tx) => auditTables(tx, rules))

  it('finds nothing in what the migrations made [DB-14, I-34]', async () => {
    expect(await audit()).toEqual([])
  })

  it('has no exception that is none any more [DB-14]', async () => {
    expect(await audit({ withoutWorkspace: {}, widerPolicies: {} })).toEqual([
      'The table preceptor_migrations has no workspace_id that is never null.',
      'The policy stops.stops_of_all for preceptor_app is too wide.',
    ])
  })

  describe('finds', () => {
    it.each<[string, string, string, RegExp]>([
      ['a table without a workspace', 'create table extra (id text)', 'drop table extra', /^The table extra has no/],
      [
        'a workspace that may be null',
        'alter table presences drop constraint presences_pkey; alter table presences alter workspace_id drop not null',
        'alter table presences alter workspace_id set not null, add primary key (workspace_id, user_id)',
        /^The table presences has no workspace_id/,
      ],
      [
        'a table that lets its owner past',
        'alter table grants no force row level security',
        'alter table grants force row level security',
        /^The table grants does not force/,
      ],
      [
        'a table without row-level security',
        'alter table grants disable row level security',
        'alter table grants enable row level security',
        /^The table grants does not force/,
      ],
      [
        'a table of the application role',
        'alter table grants owner to preceptor_app',
        'alter table grants owner to current_user',
        /^The table grants is owned by preceptor_app/,
      ],
      [
        'a policy that shows too much',
        "create policy leak on grants to preceptor_app using (workspace_id <> 'x')",
        'drop policy leak on grants',
        /^The policy grants.leak for preceptor_app is too wide/,
      ],
      [
        'a policy that takes too much',
        'create policy leak on grants for insert to preceptor_app with check (true)',
        'drop policy leak on grants',
        /^The policy grants.leak/,
      ],
      [
        'a policy for everybody',
        'create policy leak on grants using (workspace_id = preceptor_workspace())',
        'drop policy leak on grants',
        /^The policy grants.leak for everybody/,
      ],
      [
        'a table that the system role reads by no policy',
        'grant select on grants to preceptor_system',
        'revoke select on grants from preceptor_system',
        /^The table grants has no policy for preceptor_system/,
      ],
      [
        'what is granted to everybody',
        'grant select on grants to public',
        'revoke select on grants from public',
        /^SELECT on grants is granted to everybody/,
      ],
      [
        'a column that is granted to everybody',
        'grant update (reason) on grants to public',
        'revoke update (reason) on grants from public',
        /^UPDATE on grants is granted to everybody/,
      ],
      [
        'a table that may be emptied past every policy',
        'grant truncate on grants to preceptor_app',
        'revoke truncate on grants from preceptor_app',
        /^TRUNCATE on grants is granted to preceptor_app/,
      ],
      [
        'what is granted by default',
        'alter default privileges grant select on tables to public',
        'alter default privileges revoke select on tables from public',
        /^What is made in every schema is granted by default/,
      ],
      [
        'a function that runs as its owner',
        'create function leak() returns int language sql security definer as $$ select 1 $$',
        'drop function leak()',
        /^The function leak\(\) runs as its owner/,
      ],
      [
        'a view past the policies',
        'create view leak as select * from grants',
        'drop view leak',
        /^The view leak shows rows/,
      ],
      [
        'a copy of rows',
        'create materialized view leak as select 1 as workspace_id',
        'drop materialized view leak',
        /^The materialized view leak shows rows/,
      ],
      [
        'a schema that the application may fill',
        'grant create on schema public to preceptor_app',
        'revoke create on schema public from preceptor_app',
        /^The role preceptor_app may create/,
      ],
    ])('%s [DB-14, I-34]', async (_, damage, mend, finding) => {
      await store.asOwner(damage)
      try {
        expect(await audit()).toContainEqual(expect.stringMatching(finding))
      } finally {
        await store.asOwner(mend)
      }
    })

    it('no fault in a function with a search path, and a view for its caller [DB-14]', async () => {
      await store.asOwner(`create function fine() returns int language sql security definer set search_path = pg_catalog
        as $$ select 1 $$`)
      try {
        expect(await audit()).toEqual([])
      } finally {
        await store.asOwner('drop function fine()')
      }
    })
  })

  it('is passed by the role of every statement: a query without a condition shows its own rows only [I-34]', async () => {
    const seen = await inWorkspace(store.database, { workspace: await store.workspace() }, (tx) =>
      tx.db.execute(sql`select distinct workspace_id from workspaces`),
    )
    expect(seen.rows).toHaveLength(1)
  })
})
