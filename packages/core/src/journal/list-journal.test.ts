import type { JournalEntry, JournalQuery } from '@preceptor/client'
import { expect, it } from 'vitest'
import { createPorts, describeOnEachStore, type TestStore } from './each-store.test.helper.ts'
import { listJournal } from './list-journal.ts'
import { sealWorkspace } from './seal.ts'

/** Rows s1 to s12: agents a and b in turn, every third of another kind; `sealed` of them are sealed. */
async function journalOf(store: TestStore, sealed: number): Promise<string> {
  const workspace = await store.workspace()
  const write = (from: number, to: number) =>
    store.asOwner(
      `insert into journal (id, workspace_id, kind, subject_id, agent_id, body, recorded_at)
       select 'jrn_' || gen_random_uuid(), $1, case n % 3 when 0 then 'run.failed' else 'run.completed' end, 's' || n,
         case n % 2 when 0 then 'a' else 'b' end, '{"actor":"user:ana","n":' || n || '}', '2026-01-02T03:04:05.678Z'
       from generate_series($2::int, $3::int) as n`,
      [workspace, from, to],
    )
  await write(1, sealed)
  await sealWorkspace(createPorts(store.database), workspace)
  await write(sealed + 1, 12)
  return workspace
}

async function readAll(
  store: TestStore,
  workspace: string,
  query: JournalQuery,
  only: readonly string[] | null = null,
): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const asked: JournalQuery = cursor === undefined ? query : { ...query, cursor }
    const page = await listJournal(createPorts(store.database), { workspace, query: asked, only })
    expect(page.items.length).toBeLessThanOrEqual(query.limit ?? 50)
    entries.push(...page.items)
    cursor = page.next
  }
  return entries
}

const numbers = (entries: readonly JournalEntry[]): readonly number[] =>
  entries.map(({ subjectId }) => Number(subjectId.slice(1)))

describeOnEachStore('listing the journal', (store) => {
  it('goes from the newest row to the oldest, sealed or not, in pages without gap or repetition [AGENT-6]', async () => {
    const workspace = await journalOf(store, 9)
    for (const limit of [1, 5, 12, 50]) {
      expect(numbers(await readAll(store, workspace, { limit }))).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    }
    const [newest, , , sealed] = await readAll(store, workspace, {})
    expect(newest).toMatchObject({
      sequence: null,
      hash: null,
      kind: 'run.failed',
      agent: 'a',
      body: { actor: 'user:ana', n: 12 },
    })
    expect(sealed).toMatchObject({
      sequence: 9,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      recordedAt: '2026-01-02T03:04:05.678Z',
    })
  })

  it('filters by agent, subject, kind, and by what the reader may see', async () => {
    const workspace = await journalOf(store, 6)
    expect(numbers(await readAll(store, workspace, { agent: 'a', limit: 2 }))).toEqual([12, 10, 8, 6, 4, 2])
    expect(numbers(await readAll(store, workspace, { subject: 's7' }))).toEqual([7])
    expect(numbers(await readAll(store, workspace, { kind: 'run.failed', limit: 3 }))).toEqual([12, 9, 6, 3])
    expect(numbers(await readAll(store, workspace, { kind: 'run.failed', agent: 'b' }))).toEqual([9, 3])
    expect(numbers(await readAll(store, workspace, { limit: 4 }, ['b']))).toEqual([11, 9, 7, 5, 3, 1])
    expect(await readAll(store, workspace, { agent: 'a' }, ['b'])).toEqual([])
    expect(await readAll(store, workspace, {}, [])).toEqual([])
  })

  it('filters by who did it and by when, in pages of either order [DASH-63]', async () => {
    const workspace = await store.workspace()
    // In canonical JSON other names may stand before the actor, its name may be escaped, and nothing need be said of it.
    const bodies = [
      '{"actor":"user:ana","n":1}',
      '{"about":{"actor":"user:ben"},"actor":"user:ana"}',
      '{"actor":"agent:ana"}',
      String.raw`{"actor":"user:a\"na"}`,
      '{"args":{"actor":"user:ana"}}',
      '{"actor":"user:ben","args":{"actor":"user:ana"},"zero":"\\u0000"}',
      '{"actor":"service:ana"}',
      '{"actor":"user:an"}',
      // What the database knows no text for keeps no row out, and hides nobody.
      String.raw`{"about":"\u0000","actor":"user:zed"}`,
      String.raw`{"about":"\\u0000 \ud800\udc00 \udead","actor":"user:zed"}`,
    ]
    for (const [index, body] of bodies.entries()) {
      await store.asOwner(
        `insert into journal (id, workspace_id, kind, subject_id, agent_id, body, recorded_at)
         values ('jrn_' || gen_random_uuid(), $1, 'stop.set', $2, null, $3, $4)`,
        [workspace, `s${index + 1}`, body, `2026-01-${String(index + 1).padStart(2, '0')}T00:00:00.000Z`],
      )
    }
    await sealWorkspace(createPorts(store.database), workspace)
    const found = async (query: JournalQuery) => numbers(await readAll(store, workspace, { limit: 1, ...query }))
    expect(await found({ actor: 'user:ana' })).toEqual([2, 1])
    expect(await found({ actor: 'user:ana', after: 0 })).toEqual([1, 2])
    expect(await found({ actor: 'ana' })).toEqual([7, 3, 2, 1])
    expect(await found({ actor: 'user:a"na' })).toEqual([4])
    expect(await found({ actor: 'user:ben' })).toEqual([6])
    expect(await found({ actor: 'nobody' })).toEqual([])
    expect(await found({ actor: 'user:zed' })).toEqual([10, 9])
    expect(await found({ from: '2026-01-03T00:00:00Z', to: '2026-01-06T00:00:00.000Z' })).toEqual([5, 4, 3])
    expect(await found({ from: '2026-01-07T01:00:00+01:00', after: 0 })).toEqual([7, 8, 9, 10])
    expect(await found({ actor: 'ana', to: '2026-01-02T00:00:00.001Z' })).toEqual([2, 1])
  })

  it('replays sealed rows once, in order, from any point [JRN-3]', async () => {
    const workspace = await journalOf(store, 9)
    for (const [after, limit] of [
      [0, 2],
      [0, 9],
      [4, 3],
      [8, 50],
      [9, 50],
      [40, 50],
    ] as const) {
      const expected = [1, 2, 3, 4, 5, 6, 7, 8, 9].slice(after)
      const entries = await readAll(store, workspace, { after, limit })
      expect(numbers(entries)).toEqual(expected)
      expect(entries.map(({ sequence }) => sequence)).toEqual(expected)
    }
    expect(numbers(await readAll(store, workspace, { after: 2, agent: 'a', limit: 1 }))).toEqual([4, 6, 8])
    await sealWorkspace(createPorts(store.database), workspace)
    expect(numbers(await readAll(store, workspace, { after: 9 }))).toEqual([10, 11, 12])
  })

  it('shows nothing of another workspace', async () => {
    const workspace = await journalOf(store, 12)
    const other = await store.workspace()
    expect(await readAll(store, other, {})).toEqual([])
    expect(await readAll(store, other, { after: 0 })).toEqual([])
    expect(await readAll(store, workspace, {})).toHaveLength(12)
  })

  it.each([{ after: -1 }, { after: 1.5 }, { after: Number.NaN }, { limit: 0 }, { limit: 101 }, { cursor: 'x' }])(
    'refuses %o',
    async (query) => {
      const workspace = await store.workspace()
      await expect(listJournal(createPorts(store.database), { workspace, query, only: null })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      })
    },
  )
})
