import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Database } from '../database/open-database.ts'
import type { PoolClient } from '../database/pool.ts'
import { inWorkspace } from '../database/transaction.ts'
import { createPorts, describeOnEachStore, describeOnPostgres, type TestStore } from './each-store.test.helper.ts'
import { toJournalRow } from './journal-draft.ts'
import { sealWorkspace } from './seal.ts'
import { insertJournalRows } from './store.ts'
import { verifyJournal } from './verify.ts'

// The types of the package do not fit how it is loaded.
const canonicalize: (value: unknown) => string = createRequire(import.meta.url)('canonicalize')
const ids = createPorts({} as Database).ids

interface Sealed {
  readonly sequence: number
  readonly hash: string
  readonly id: string
  readonly kind: string
  readonly subject: string
  readonly agent: string | null
  readonly body: string
  readonly at: Date
}

function draft(subject: string) {
  return toJournalRow(
    { kind: 'agent.changed', subject, agent: 'bot', body: { actor: 'user:ana', é: ['"', 1.5e-7, null] } },
    ids.next('jrn'),
    1_767_323_045_678,
  )
}

async function append(database: Database, workspace: string, subjects: readonly string[]): Promise<void> {
  for (const subject of subjects) {
    await inWorkspace(database, { workspace }, async (tx) => insertJournalRows(tx, [draft(subject)]))
  }
}

async function appendMany(store: TestStore, workspace: string, count: number): Promise<void> {
  await store.asOwner(
    `insert into journal (id, workspace_id, kind, subject_id, body, recorded_at)
     select 'jrn_' || $1 || '_' || n, $1, 'agent.changed', 's' || n, '{"actor":"user:ana"}', '2026-01-02T03:04:05.678Z'
     from generate_series(1, $2::int) as n`,
    [workspace, count],
  )
}

async function sealed(store: TestStore, workspace: string): Promise<readonly Sealed[]> {
  const rows = await store.asOwner(
    `select s.sequence::int as sequence, s.hash, j.id, j.kind, j.subject_id as subject, j.agent_id as agent, j.body,
       j.recorded_at as at
     from journal_seals s join journal j on j.id = s.journal_id where s.workspace_id = $1 order by s.sequence`,
    [workspace],
  )
  return rows as unknown as readonly Sealed[]
}

async function sealAll(database: Database, workspace: string): Promise<number> {
  const ports = createPorts(database)
  for (let total = 0; ; ) {
    const result = await sealWorkspace(ports, workspace)
    if (result.outcome === 'busy') continue
    total += result.count
    if (!result.more) return total
  }
}

/** A transaction of the application that a test steers statement by statement. */
async function begin(database: Database, workspace: string): Promise<PoolClient> {
  const client = await database.pool.connect()
  await client.query(`begin; set local role preceptor_app; set local preceptor.workspace to '${workspace}'`)
  return client
}

async function insert(client: PoolClient, workspace: string, subject: string): Promise<void> {
  const row = draft(subject)
  await client.query(
    'insert into journal (id, workspace_id, kind, subject_id, agent_id, body, recorded_at) values ($1,$2,$3,$4,$5,$6,$7)',
    [row.id, workspace, row.kind, row.subject, row.agent, row.body, row.recordedAt],
  )
}

async function end(client: PoolClient, how: 'commit' | 'rollback'): Promise<void> {
  await client.query(how)
  client.release()
}

describeOnEachStore('sealing', (store) => {
  it('numbers rows from 1 and chains them by hashes that anybody can compute again [JRN-1]', async () => {
    const workspace = await store.workspace()
    await append(store.database, workspace, ['a', 'b', 'c'])
    expect(await sealWorkspace(createPorts(store.database), workspace)).toEqual({
      outcome: 'sealed',
      count: 3,
      more: false,
    })
    let hash = '0'.repeat(64)
    const rows = await sealed(store, workspace)
    expect(rows.map(({ sequence, subject }) => [sequence, subject])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ])
    for (const { at, body, hash: stored, ...row } of rows) {
      const text = canonicalize({ ...row, workspace, body: JSON.parse(body), recordedAt: at.toISOString() })
      hash = createHash('sha256').update(`${hash}\n${text}`).digest('hex')
      expect(stored).toBe(hash)
    }
  })

  it('goes on where it stopped, and does nothing when nothing waits', async () => {
    const workspace = await store.workspace()
    expect(await sealAll(store.database, workspace)).toBe(0)
    await append(store.database, workspace, ['a'])
    expect(await sealAll(store.database, workspace)).toBe(1)
    expect(await sealAll(store.database, workspace)).toBe(0)
    await append(store.database, workspace, ['b', 'c'])
    expect(await sealAll(store.database, workspace)).toBe(2)
    expect((await sealed(store, workspace)).map(({ subject }) => subject)).toEqual(['a', 'b', 'c'])
  })

  it('takes at most 1,000 rows at a time, also of one transaction, and says that there are more [JRN-1]', async () => {
    const workspace = await store.workspace()
    await appendMany(store, workspace, 2_500)
    await append(store.database, workspace, ['last'])
    const ports = createPorts(store.database)
    const batches = [1_000, 1_000, 501]
    for (const [index, count] of batches.entries()) {
      expect(await sealWorkspace(ports, workspace)).toEqual({ outcome: 'sealed', count, more: index < 2 })
    }
    const rows = await sealed(store, workspace)
    expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 2_501 }, (_, index) => index + 1))
    expect(rows.map(({ subject }) => subject).slice(-2)).toEqual(['s2500', 'last'])
    expect(await verifyJournal(ports, workspace)).toMatchObject({ ok: true, checked: 2_501, unsealed: 0 })
  })

  it('keeps workspaces apart, the one of everything included', async () => {
    const one = await store.workspace()
    await append(store.database, one, ['a'])
    await store.asOwner(`insert into journal (id, workspace_id, kind, subject_id, body, recorded_at)
      values ('jrn_all_${one}', '*', 'stop.set', 'stp_1', '{"actor":"system:cli"}', '2026-01-02T03:04:05Z')`)
    expect(await sealAll(store.database, '*')).toBe(1)
    expect(await sealed(store, one)).toEqual([])
    expect(await verifyJournal(createPorts(store.database), '*')).toMatchObject({ ok: true, unsealed: 0 })
  })

  it('writes nothing when it dies before its commit, and the next one does it all', async () => {
    const workspace = await store.workspace()
    await append(store.database, workspace, ['a', 'b'])
    const dying = createPorts(store.database, {
      failpoint: async () => {
        throw new Error('died')
      },
    })
    await expect(sealWorkspace(dying, workspace)).rejects.toThrow('died')
    expect(await sealed(store, workspace)).toEqual([])
    expect(await sealAll(store.database, workspace)).toBe(2)
  })

  it('finds every row again after a dump was restored into a younger cluster', async () => {
    const workspace = await store.workspace()
    await append(store.database, workspace, ['old'])
    await sealAll(store.database, workspace)
    // What a dump brings: a sealed and an unsealed row, and a head, of transactions that this cluster has yet to reach.
    await store.asOwner(`alter table journal disable trigger all;
      update journal set xid = '9000000000' where workspace_id = '${workspace}';
      alter table journal enable trigger all;
      update journal_heads set snapshot = '9000000005:9000000005:' where workspace_id = '${workspace}'`)
    await store.asOwner(
      `insert into journal (id, workspace_id, xid, kind, subject_id, body, recorded_at)
       values ('jrn_late_' || $1, $1, '9000000002', 'agent.changed', 'unsealed', '{"actor":"user:ana"}', now())`,
      [workspace],
    )
    await store.asOwner(`alter table journal disable trigger all;
      update journal set recorded_at = date_trunc('milliseconds', recorded_at) where workspace_id = '${workspace}';
      alter table journal enable trigger all`)
    await append(store.database, workspace, ['new'])
    expect(await sealAll(store.database, workspace)).toBe(2)
    await append(store.database, workspace, ['newer'])
    expect(await sealAll(store.database, workspace)).toBe(1)
    expect(await verifyJournal(createPorts(store.database), workspace)).toMatchObject({
      ok: true,
      checked: 4,
      unsealed: 0,
    })
  })

  it('is for the sealer alone: the application can neither seal nor choose a place in the journal', async () => {
    const workspace = await store.workspace()
    for (const statement of [
      `insert into journal_seals values ('${workspace}', 1, 'jrn_x', 'h', now())`,
      `insert into journal_heads values ('${workspace}', 1, 'h', '1:1:', now())`,
      `insert into journal (id, workspace_id, xid, kind, subject_id, body, recorded_at)
       values ('jrn_x', '${workspace}', '1', 'agent.changed', 's', '{}', now())`,
    ]) {
      const client = await begin(store.database, workspace)
      await expect(client.query(statement)).rejects.toThrow('permission denied')
      await end(client, 'rollback')
    }
  })
})

describeOnPostgres('sealing beside open transactions', (store) => {
  it('seals what a long transaction commits late, and skips nothing meanwhile [JRN-1]', async () => {
    const workspace = await store.workspace()
    const long = await begin(store.database, workspace)
    await insert(long, workspace, 'long 1')
    await append(store.database, workspace, ['a', 'b'])
    expect(await sealAll(store.database, workspace)).toBe(2)
    await insert(long, workspace, 'long 2')
    await append(store.database, workspace, ['c'])
    expect(await sealAll(store.database, workspace)).toBe(1)
    expect(await sealAll(store.database, workspace)).toBe(0)
    await end(long, 'commit')
    expect(await sealAll(store.database, workspace)).toBe(2)
    expect((await sealed(store, workspace)).map(({ subject }) => subject)).toEqual(['a', 'b', 'c', 'long 1', 'long 2'])
    expect(await verifyJournal(createPorts(store.database), workspace)).toMatchObject({ ok: true, unsealed: 0 })
  })

  it('puts a row after what was committed before it was written, also when its transaction began first [JRN-1]', async () => {
    const workspace = await store.workspace()
    const first = await begin(store.database, workspace)
    await first.query('select pg_current_xact_id()')
    await append(store.database, workspace, ['cause'])
    await insert(first, workspace, 'effect')
    await end(first, 'commit')
    await sealAll(store.database, workspace)
    expect((await sealed(store, workspace)).map(({ subject }) => subject)).toEqual(['cause', 'effect'])
  })

  it('leaves a workspace to the sealer that has it [JRN-4]', async () => {
    const workspace = await store.workspace()
    await append(store.database, workspace, ['a'])
    let release = (): void => undefined
    const parked = new Promise<void>((resolve) => {
      release = resolve
    })
    let reached = (): void => undefined
    const atCommit = new Promise<void>((resolve) => {
      reached = resolve
    })
    const slow = createPorts(store.database, {
      failpoint: () => {
        reached()
        return parked
      },
    })
    const sealing = sealWorkspace(slow, workspace)
    await atCommit
    expect(await sealWorkspace(createPorts(await store.another()), workspace)).toEqual({ outcome: 'busy' })
    release()
    expect(await sealing).toMatchObject({ count: 1 })
  })

  it('keeps one chain under 8 writers and 3 sealers on connections of their own [I-31, JRN-4]', async () => {
    const workspace = await store.workspace()
    const writers = await Promise.all(Array.from({ length: 2 }, () => store.another()))
    const sealers = await Promise.all(Array.from({ length: 3 }, () => store.another()))
    let writing = true
    const written = Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        const database = writers[writer % 2] as Database
        for (let row = 0; row < 60; row += 1) await append(database, workspace, [`w${writer} ${row}`])
      }),
    ).finally(() => {
      writing = false
    })
    const sealing = sealers.map(async (database) => {
      const ports = createPorts(database)
      while (writing) await sealWorkspace(ports, workspace)
    })
    await Promise.all([written, ...sealing])
    await sealAll(store.database, workspace)
    const rows = await sealed(store, workspace)
    expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 480 }, (_, index) => index + 1))
    expect(new Set(rows.map(({ subject }) => subject)).size).toBe(480)
    for (let writer = 0; writer < 8; writer += 1) {
      const own = rows.map(({ subject }) => subject).filter((subject) => subject.startsWith(`w${writer} `))
      expect(own).toEqual(Array.from({ length: 60 }, (_, row) => `w${writer} ${row}`))
    }
    expect(await verifyJournal(createPorts(store.database), workspace)).toMatchObject({ ok: true, checked: 480 })
  })

  it('gives, in any interleaving, every committed row one place without a gap, and a rolled back one none [JRN-1]', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('insert' as const), in: fc.nat(3) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('commit' as const), in: fc.nat(3) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('rollback' as const), in: fc.nat(3) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('seal' as const), in: fc.nat(3) }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const workspace = await store.workspace()
        const open = new Map<number, { client: PoolClient; subjects: string[] }>()
        const committed: string[] = []
        const finish = async (index: number, how: 'commit' | 'rollback'): Promise<void> => {
          const transaction = open.get(index)
          if (transaction === undefined) return
          open.delete(index)
          await end(transaction.client, how)
          if (how === 'commit') committed.push(...transaction.subjects)
        }
        for (const [number, action] of steps.entries()) {
          if (action.do === 'seal') await sealWorkspace(createPorts(store.database), workspace)
          else if (action.do !== 'insert') await finish(action.in, action.do)
          else {
            const transaction = open.get(action.in) ?? { client: await begin(store.database, workspace), subjects: [] }
            open.set(action.in, transaction)
            await insert(transaction.client, workspace, `row ${number}`)
            transaction.subjects.push(`row ${number}`)
          }
        }
        for (const index of [...open.keys()]) await finish(index, index % 2 === 0 ? 'commit' : 'rollback')
        await sealAll(store.database, workspace)
        const rows = await sealed(store, workspace)
        expect(rows.map(({ sequence }) => sequence)).toEqual(committed.map((_, index) => index + 1))
        expect(rows.map(({ subject }) => subject).sort()).toEqual([...committed].sort())
      }),
      { numRuns: 40 },
    )
  })
})
