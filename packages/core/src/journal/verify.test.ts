import { expect, it } from 'vitest'
import { hashOf } from './chain.ts'
import { createPorts, describeOnEachStore, type TestStore } from './each-store.test.helper.ts'
import { sealWorkspace } from './seal.ts'
import { verifyJournal } from './verify.ts'

async function write(store: TestStore, workspace: string, from: number, to: number): Promise<void> {
  await store.asOwner(
    `insert into journal (id, workspace_id, kind, subject_id, agent_id, body, recorded_at)
     select 'jrn_' || $1 || '_' || lpad(n::text, 6, '0'), $1, 'agent.changed', 's' || n, 'bot',
       '{"actor":"user:ana","n":' || n || '}', '2026-01-02T03:04:05.678Z'
     from generate_series($2::int, $3::int) as n`,
    [workspace, from, to],
  )
}

async function seal(store: TestStore, workspace: string): Promise<void> {
  for (;;) {
    const result = await sealWorkspace(createPorts(store.database), workspace)
    if (result.outcome === 'sealed' && !result.more) return
  }
}

async function sealedJournal(store: TestStore, rows: number): Promise<string> {
  const workspace = await store.workspace()
  await write(store, workspace, 1, rows)
  await seal(store, workspace)
  return workspace
}

// Pages of 4 rows, so that few rows have edges of pages.
const verify = (store: TestStore, workspace: string) =>
  verifyJournal(createPorts(store.database), workspace, { pageRows: 4 })

async function tamper(store: TestStore, statement: string): Promise<void> {
  await store.asOwner(`alter table journal disable trigger all; alter table journal_seals disable trigger all;
    ${statement};
    alter table journal enable trigger all; alter table journal_seals enable trigger all`)
}

interface Tampering {
  readonly what: string
  /** Statement for the journal of a workspace with 10 sealed rows; `id(n)` is the id of row n. */
  readonly statement: (workspace: string, id: (row: number) => string) => string
  readonly sequence: number
  readonly says: string
}

const CHANGED = 'The row or its seal was changed.'

const TAMPERINGS: readonly Tampering[] = [
  ...Object.entries({
    kind: `'agent.promoted'`,
    subject_id: `'other'`,
    agent_id: 'null',
    body: `'{"actor":"user:eve","n":4}'`,
    recorded_at: `recorded_at + interval '1 ms'`,
    'recorded_at by a microsecond': '',
  }).map(([column, value]) => ({
    what: `an edited ${column}`,
    statement: (_workspace: string, id: (row: number) => string) =>
      value === ''
        ? `update journal set recorded_at = recorded_at + interval '1 us' where id = '${id(4)}'`
        : `update journal set ${column} = ${value} where id = '${id(4)}'`,
    sequence: 4,
    says: CHANGED,
  })),
  {
    what: 'a row moved to another workspace',
    statement: (_workspace, id) => `update journal set workspace_id = 'elsewhere' where id = '${id(4)}'`,
    sequence: 4,
    says: 'The sealed row was deleted.',
  },
  {
    what: 'an edited hash',
    statement: (workspace) =>
      `update journal_seals set hash = repeat('a', 64) where workspace_id = '${workspace}' and sequence = 4`,
    sequence: 4,
    says: CHANGED,
  },
  {
    what: 'a row deleted in the middle',
    statement: (_workspace, id) => `delete from journal where id = '${id(4)}'`,
    sequence: 4,
    says: 'The sealed row was deleted.',
  },
  {
    what: 'a row deleted in the middle with its seal',
    statement: (workspace, id) => `delete from journal where id = '${id(4)}';
      delete from journal_seals where workspace_id = '${workspace}' and sequence = 4`,
    sequence: 4,
    says: 'The row at this place was deleted.',
  },
  {
    what: 'a row deleted in the middle, the others moved up',
    statement: (workspace, id) => `delete from journal where id = '${id(4)}';
      delete from journal_seals where workspace_id = '${workspace}' and sequence = 4;
      update journal_seals set sequence = sequence + 100 where workspace_id = '${workspace}' and sequence > 4;
      update journal_seals set sequence = sequence - 101 where workspace_id = '${workspace}' and sequence > 100`,
    sequence: 4,
    says: CHANGED,
  },
  {
    what: 'the tail deleted',
    statement: (workspace, id) => `delete from journal where id >= '${id(8)}' and workspace_id = '${workspace}';
      delete from journal_seals where workspace_id = '${workspace}' and sequence >= 8`,
    sequence: 8,
    says: 'The rows from this place on were deleted.',
  },
  {
    what: 'the seals of the tail deleted, their rows left',
    statement: (workspace) => `delete from journal_seals where workspace_id = '${workspace}' and sequence >= 8`,
    sequence: 8,
    says: 'The rows from this place on were deleted.',
  },
  {
    what: 'everything deleted but the head',
    statement: (workspace) => `delete from journal where workspace_id = '${workspace}';
      delete from journal_seals where workspace_id = '${workspace}'`,
    sequence: 1,
    says: 'The rows from this place on were deleted.',
  },
  {
    what: 'two rows in each other’s place',
    statement: (workspace, id) => `update journal_seals set journal_id = 'aside' where journal_id = '${id(4)}';
      update journal_seals set journal_id = '${id(4)}' where workspace_id = '${workspace}' and sequence = 5;
      update journal_seals set journal_id = '${id(5)}' where workspace_id = '${workspace}' and sequence = 4`,
    sequence: 4,
    says: CHANGED,
  },
  {
    what: 'a seal without a row after the head',
    statement: (workspace) =>
      `insert into journal_seals values ('${workspace}', 11, 'jrn_none_${workspace}', 'h', now())`,
    sequence: 11,
    says: 'There are sealed rows after the head.',
  },
  {
    what: 'an edited head',
    statement: (workspace) => `update journal_heads set hash = repeat('a', 64) where workspace_id = '${workspace}'`,
    sequence: 10,
    says: 'The head is not the hash of the last row.',
  },
  {
    what: 'a head that was moved back',
    statement: (workspace) => `update journal_heads h set sequence = s.sequence, hash = s.hash from journal_seals s
      where h.workspace_id = '${workspace}' and s.workspace_id = h.workspace_id and s.sequence = 8`,
    sequence: 9,
    says: 'There are sealed rows after the head.',
  },
  {
    what: 'a deleted head',
    statement: (workspace) => `delete from journal_heads where workspace_id = '${workspace}'`,
    sequence: 1,
    says: 'There are sealed rows and no head.',
  },
]

describeOnEachStore('verifying', (store) => {
  it('passes on an empty and on an untouched journal, over many pages [JRN-2]', async () => {
    const empty = await store.workspace()
    expect(await verify(store, empty)).toEqual({
      ok: true,
      checked: 0,
      unsealed: 0,
      head: { sequence: 0, hash: '0'.repeat(64) },
      anchor: null,
      problem: null,
    })
    for (const rows of [1, 3, 4, 5, 8, 9]) {
      const workspace = await sealedJournal(store, rows)
      const found = { ok: true, checked: rows, unsealed: 0, head: { sequence: rows }, problem: null }
      expect(await verify(store, workspace)).toMatchObject(found)
    }
    const long = await sealedJournal(store, 4_001)
    expect(await verifyJournal(createPorts(store.database), long)).toMatchObject({ ok: true, checked: 4_001 })
  })

  it('counts the rows that wait for their seal [JRN-2]', async () => {
    const workspace = await sealedJournal(store, 3)
    await write(store, workspace, 4, 7)
    expect(await verify(store, workspace)).toMatchObject({ ok: true, checked: 3, unsealed: 4 })
  })

  it.each(TAMPERINGS)('finds $what [I-31, JRN-2]', async ({ statement, sequence, says }) => {
    const workspace = await sealedJournal(store, 10)
    await tamper(
      store,
      statement(workspace, (row) => `jrn_${workspace}_${String(row).padStart(6, '0')}`),
    )
    expect(await verify(store, workspace)).toMatchObject({ ok: false, problem: { sequence, what: says } })
  })

  it('finds a body that is no canonical JSON although its hash fits [I-31]', async () => {
    const workspace = await store.workspace()
    for (const body of ['{"b":1,"a":2}', 'not JSON', '{"a": 1}', '{"a":1.0}']) {
      await store.asOwner(
        `insert into journal (id, workspace_id, kind, subject_id, body, recorded_at)
         values ('jrn_' || gen_random_uuid(), $1, 'agent.changed', 's', $2, '2026-01-02T03:04:05Z')`,
        [workspace, body],
      )
      await seal(store, workspace)
      const found = await verify(store, workspace)
      expect(found).toMatchObject({ ok: false, problem: { what: 'The body is no canonical JSON.' } })
    }
  })

  it('finds the damage at the edge of a page [I-31]', async () => {
    for (const sequence of [4, 5, 8, 9]) {
      const workspace = await sealedJournal(store, 10)
      await tamper(store, `delete from journal where id = 'jrn_${workspace}_00000${sequence}'`)
      const problem = { sequence, what: 'The sealed row was deleted.' }
      expect(await verify(store, workspace)).toMatchObject({ ok: false, checked: sequence - 1, problem })
    }
  })
})

describeOnEachStore('verifying without the constraints of the tables', (store) => {
  const second = 'The row is sealed a second time.'
  const place = 'Two rows are sealed at this place.'

  it('finds doubled rows, doubled seals and a forked chain, at the edge of a page too [I-31]', async () => {
    await store.asOwner(`alter table journal drop constraint journal_pkey;
      alter table journal_seals drop constraint journal_seals_pkey;
      alter table journal_seals drop constraint journal_seals_journal_id_key`)
    for (const sequence of [3, 4, 5, 10]) {
      const id = (workspace: string): string => `jrn_${workspace}_${String(sequence).padStart(6, '0')}`
      const doubledRow = await sealedJournal(store, 10)
      await store.asOwner(`insert into journal (id, workspace_id, kind, subject_id, agent_id, body, recorded_at)
        select id, workspace_id, kind, subject_id, agent_id, body, recorded_at from journal
        where id = '${id(doubledRow)}'`)
      expect(await verify(store, doubledRow)).toMatchObject({ ok: false, problem: { sequence, what: place } })

      const fork = await sealedJournal(store, 10)
      await store.asOwner(`insert into journal_seals
        select workspace_id, sequence, journal_id || 'x', hash, sealed_at from journal_seals
        where workspace_id = '${fork}' and sequence = ${sequence}`)
      expect(await verify(store, fork)).toMatchObject({ ok: false, problem: { sequence, what: place } })

      const doubledSeal = await sealedJournal(store, 10)
      await store.asOwner(`insert into journal_seals
        select workspace_id, 11, journal_id, 'h', sealed_at from journal_seals
        where workspace_id = '${doubledSeal}' and sequence = ${sequence}`)
      expect(await verify(store, doubledSeal)).toMatchObject({ ok: false, problem: { sequence, what: second } })
    }
  })

  it('finds a row that stands twice in a chain that was computed again [I-31]', async () => {
    const workspace = await sealedJournal(store, 3)
    const [first] = await store.asOwner(`select * from journal where workspace_id = '${workspace}' order by position`)
    const [head] = await store.asOwner(`select hash from journal_heads where workspace_id = '${workspace}'`)
    const row = {
      sequence: 4,
      id: String(first?.id),
      workspace,
      kind: String(first?.kind),
      subject: String(first?.subject_id),
      agent: String(first?.agent_id),
      body: String(first?.body),
      recordedAt: '2026-01-02T03:04:05.678Z',
    }
    const hash = hashOf(String(head?.hash), row)
    await store.asOwner(`insert into journal_seals values ('${workspace}', 4, '${row.id}', '${hash}', now())`)
    await store.asOwner(`update journal_heads set sequence = 4, hash = '${hash}' where workspace_id = '${workspace}'`)
    expect(await verify(store, workspace)).toMatchObject({ ok: false, problem: { sequence: 1, what: second } })
  })
})
