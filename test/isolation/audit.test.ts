import { auditDatabase } from '@preceptor/core/testing'
import { describeWithPostgres } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { openTwoWorkspaces, type TwoWorkspaces } from './two-workspaces.ts'

describeWithPostgres('a database with everything in it', () => {
  let two: TwoWorkspaces
  beforeAll(async () => {
    two = await openTwoWorkspaces()
  })
  afterAll(() => two.close())

  it(verifies(['DB-14', 'I-34'], 'passes the audit that plugins are audited by'), async () => {
    expect(await auditDatabase(two.database)).toEqual([])
    await two.owner.query('create table plugin_notes (workspace_id text not null, id text)')
    try {
      const reasons = { withoutWorkspace: { plugin_notes: 'a test' } }
      expect(await auditDatabase(two.database)).toEqual(['The table plugin_notes does not force row-level security.'])
      expect(await auditDatabase(two.database, reasons)).toEqual([])
    } finally {
      await two.owner.query('drop table plugin_notes')
    }
  })

  it(
    verifies(
      ['DB-14', 'I-34'],
      'keeps the jobs in a schema into which neither role can look, of each workspace its own',
    ),
    async () => {
      const { jobs } = two.test.governor
      for (const workspace of ['default', 'other']) await jobs.enqueue('expire-proposals', { workspace })
      const queue = await (await jobs.backend()).openQueue(jobs.queueName)
      // The time is in their names, so that one that is asked for twice in a while is done once.
      const waiting = (await queue.getJobs(['waiting'])).map(({ id = '', data }) => [id.replace(/\d+$/, ''), data])
      expect(waiting.sort()).toEqual([
        ['expire-proposals.default.', { workspace: 'default' }],
        ['expire-proposals.other.', { workspace: 'other' }],
      ])
      const { rows } = await two.owner.query<{
        readonly name: string
        readonly open: boolean
        readonly tables: number
      }>(
        `select n.nspname as name, count(c.oid)::int as tables,
         bool_or(has_schema_privilege('preceptor_app', n.oid, 'usage') or
           has_schema_privilege('preceptor_system', n.oid, 'usage')) as open
       from pg_namespace n join pg_class c on c.relnamespace = n.oid and c.relkind = 'r'
       where n.nspname !~ '^(pg_|information_schema)' group by 1 order by 1`,
      )
      expect(rows.map(({ name, open }) => [name, open])).toEqual([
        ['bullmq', false],
        ['public', true],
      ])
    },
  )
})
