import { appendFileSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { expect, it } from 'vitest'
import { inWorkspace } from '../../database/transaction.ts'
import { findKnownJournals } from '../../jobs/checkpoint-journal.ts'
import { createPorts, describeOnEachStore, describeOnPostgres, type TestStore } from '../each-store.test.helper.ts'
import { verifyJournal } from '../verify.ts'
import type { CheckpointLog } from './checkpoint-log.ts'
import {
  type ForgedRow,
  foreignLine,
  forge,
  makeKeys,
  openPorts,
  seal,
  type TestFile,
  take,
  useFiles,
  wipe,
  write,
} from './checkpoints.test.helper.ts'
import { takeCheckpoint } from './take-checkpoint.ts'

const newFile = useFiles()

// Pages of 4 rows, so that few rows have edges of pages.
const verify = (store: TestStore, workspace: string, checkpoints: CheckpointLog) =>
  verifyJournal(createPorts(store.database), workspace, { pageRows: 4, checkpoints })

interface Anchored {
  readonly workspace: string
  readonly file: TestFile
  readonly log: CheckpointLog
}

/** A journal of 12 rows, with checkpoints at 4, 8 and 11; row 5, 9 and 12 tell of them. */
async function anchored(store: TestStore): Promise<Anchored> {
  const [workspace, file] = [await store.workspace(), newFile()]
  const log = file.open()
  for (const [from, to] of [
    [1, 4],
    [5, 7],
    [8, 9],
  ] as const) {
    await write(store, workspace, from, to)
    expect(await take(store, log, workspace)).toMatchObject({ outcome: 'taken' })
  }
  return { workspace, file, log }
}

const edited = (row: ForgedRow): ForgedRow => ({ ...row, body: '{"actor":"user:eve","n":0}' })
const extra: ForgedRow = {
  id: '',
  kind: 'agent.changed',
  subject_id: 's',
  agent_id: 'bot',
  body: '{"actor":"user:eve"}',
  recorded_at: '2026-01-02T03:04:05.678000Z',
}

interface Forgery {
  readonly what: string
  readonly change: (rows: readonly ForgedRow[], workspace: string) => readonly ForgedRow[]
  /** Rows that are written and sealed after it, as if nothing had been. */
  readonly on?: number
  readonly sequence: number
  readonly says: RegExp
}

const REWRITTEN =
  /^The chain was computed again or forked here or later: at \d+ it is not the one of checkpoint \d+ of /

const FORGERIES: readonly Forgery[] = [
  {
    what: 'an edit, the whole chain computed again',
    change: (rows) => rows.map((row, index) => (index === 5 ? edited(row) : row)),
    sequence: 5,
    says: REWRITTEN,
  },
  {
    what: 'a row deleted in the middle, the whole chain computed again',
    change: (rows) => rows.filter((_, index) => index !== 9),
    sequence: 9,
    says: REWRITTEN,
  },
  {
    what: 'rows in another order, the whole chain computed again',
    change: ([first, second, ...rest]) => [second, first, ...rest].filter((row) => row !== undefined),
    sequence: 1,
    says: REWRITTEN,
  },
  {
    what: 'a row inserted, the whole chain computed again',
    change: (rows, workspace) => [...rows.slice(0, 6), { ...extra, id: `jrn_${workspace}_x` }, ...rows.slice(6)],
    sequence: 5,
    says: REWRITTEN,
  },
  {
    what: 'the tail cut off with its seals and its head',
    change: (rows) => rows.slice(0, 10),
    sequence: 11,
    says: /^The rows from this place on were deleted: checkpoint 3 of .* holds 11 rows\.$/,
  },
  {
    what: 'a fork: a database that was restored from a backup and written on',
    change: (rows) => rows.slice(0, 6),
    on: 20,
    sequence: 5,
    says: REWRITTEN,
  },
  {
    what: 'a fork that is shorter than the chain was',
    change: (rows) => rows.slice(0, 8),
    on: 1,
    sequence: 10,
    says: /^The rows from this place on were deleted/,
  },
  {
    what: 'everything wiped: rows, seals and head',
    change: () => [],
    sequence: 1,
    says: /^The journal was wiped: checkpoint 1 of .* holds 4 rows\.$/,
  },
  {
    what: 'everything wiped, and another history written',
    change: () => [],
    on: 20,
    sequence: 1,
    says: REWRITTEN,
  },
]

interface Meddling {
  readonly what: string
  readonly change: (lines: readonly string[], file: TestFile) => readonly string[]
  readonly says: RegExp
}

const MEDDLINGS: readonly Meddling[] = [
  {
    what: 'a deleted line in the middle',
    change: ([first = '', , ...rest]) => [first, ...rest],
    says: /^Checkpoint 2 is missing: number 3 stands at its place/,
  },
  { what: 'a deleted first line', change: ([, ...rest]) => rest, says: /^Checkpoint 1 is missing: number 2/ },
  { what: 'a deleted last line', change: (lines) => lines.slice(0, -1), says: /checkpoints were deleted there/ },
  { what: 'every line deleted', change: () => [], says: /checkpoints were deleted there/ },
  {
    what: 'an edited line',
    change: (lines) => lines.map((line, index) => (index === 1 ? line.replace('"sequence":8', '"sequence":7') : line)),
    says: /^Checkpoint 2 was changed/,
  },
  {
    what: 'a line that is written another way',
    change: (lines) => lines.map((line, index) => (index === 1 ? line.replace('{', '{ ') : line)),
    says: /^Line 2 of the checkpoints was changed/,
  },
  { what: 'a line that is none', change: (lines) => [...lines, 'x'], says: /^Line 4 of the checkpoints was changed/ },
  {
    what: 'lines in another order',
    change: ([first = '', second = '', ...rest]) => [second, first, ...rest],
    says: /^Checkpoint 1 is missing: number 2 stands/,
  },
  { what: 'a line twice', change: (lines) => [...lines, lines[2] ?? ''], says: /^Checkpoint 4 is missing: number 3/ },
  {
    what: 'an edited time',
    change: (lines) =>
      lines.map((line, index) => (index === 0 ? line.replace(/"takenAt":"..../, '"takenAt":"1999') : line)),
    says: /^Checkpoint 1 was changed|^Checkpoint 2 does not follow/,
  },
]

describeOnEachStore('a journal with checkpoints', (store) => {
  it('verifies, and says up to where it is anchored [I-31-ANCHOR]', async () => {
    const { workspace, log, file } = await anchored(store)
    const found = await verify(store, workspace, log)
    const takenAt = expect.stringMatching(/^\d{4}-.*Z$/)
    expect(found).toMatchObject({ ok: true, checked: 12, anchor: { checkpoints: 3, sequence: 11, takenAt } })
    const verifier = file.open()
    await write(store, workspace, 10, 30)
    expect(await verify(store, workspace, verifier)).toMatchObject({ ok: true, anchor: { sequence: 11 } })
    expect(await verifyJournal(createPorts(store.database), workspace)).toMatchObject({ ok: true, anchor: null })
  })

  it.each(FORGERIES)('finds $what [I-31-ANCHOR]', async ({ change, on, sequence, says }) => {
    const { workspace, file } = await anchored(store)
    await forge(store, workspace, (rows) => change(rows, workspace))
    if (on !== undefined) await write(store, workspace, 1_001, 1_000 + on)
    // Without checkpoints it passes for a true one: they are what finds it.
    expect(await verifyJournal(createPorts(store.database), workspace)).toMatchObject({ ok: true })
    const found = await verify(store, workspace, file.open())
    expect(found).toMatchObject({ ok: false, problem: { sequence, what: expect.stringMatching(says) } })
    expect(await take(store, file.open(), workspace)).toMatchObject({ outcome: 'refused' })
    expect(file.lines()).toHaveLength(3)
  })

  it.each(MEDDLINGS)('finds $what [I-31-ANCHOR]', async ({ change, says }) => {
    const { workspace, file } = await anchored(store)
    file.write(change(file.lines(), file))
    const found = await verify(store, workspace, file.open())
    expect(found).toMatchObject({ ok: false, problem: { what: expect.stringMatching(says) } })
  })

  it('finds a file that a foreign key signed, from its first line on or at its end [I-31-ANCHOR]', async () => {
    const { workspace, file } = await anchored(store)
    const foreign = makeKeys().key
    expect(await verify(store, workspace, file.open({ key: foreign }))).toMatchObject({
      ok: false,
      problem: { sequence: null, what: expect.stringMatching(/^Checkpoint 1 was changed, or a foreign key signed it/) },
    })
    file.write([...file.lines(), foreignLine(file.lines(), foreign)])
    expect(await verify(store, workspace, file.open())).toMatchObject({
      ok: false,
      problem: { what: expect.stringMatching(/^Checkpoint 4 was changed, or a foreign key signed it/) },
    })
    await write(store, workspace, 10, 12)
    expect(await take(store, file.open(), workspace)).toMatchObject({ outcome: 'refused' })
  })

  it('goes on after a line that was never finished, and with a key that replaced another [I-31-ANCHOR]', async () => {
    const { workspace, file } = await anchored(store)
    await write(store, workspace, 10, 12)
    appendFileSync(file.path, '{"count":15,"has')
    expect(await verify(store, workspace, file.open())).toMatchObject({ ok: true })
    const log = file.open({ key: makeKeys().key, publicKeys: [file.publicKey] })
    expect(await take(store, log, workspace)).toMatchObject({ outcome: 'taken', checkpoint: { number: 4 } })
    expect(await verify(store, workspace, log)).toMatchObject({ ok: true, anchor: { checkpoints: 4, sequence: 15 } })
    expect(statSync(file.path).mode & 0o777).toBe(0o600)
  })

  it('gets one only when there is something new, and never one of a chain that does not compute [I-31-ANCHOR]', async () => {
    const { workspace, file, log } = await anchored(store)
    const ports = openPorts(store.database)
    expect(await take(store, log, workspace)).toMatchObject({ outcome: 'not_due', last: { number: 3 } })
    await write(store, workspace, 10, 12)
    expect(await takeCheckpoint(ports, log, { workspace })).toMatchObject({ outcome: 'not_due' })
    const late = { ...ports, clock: { ...ports.clock, now: () => ports.clock.now() + 600_000 } }
    await store.asOwner(`alter table journal disable trigger all;
      update journal set body = '{"actor":"user:eve"}' where id = 'jrn_${workspace}_000011';
      alter table journal enable trigger all`)
    const refused = await takeCheckpoint(late, log, { workspace })
    expect(refused).toEqual({
      outcome: 'refused',
      problem: { sequence: 14, what: 'The row or its seal was changed.' },
    })
    expect(file.lines()).toHaveLength(3)
  })

  it('finds a workspace of which only checkpoints are left [I-31-ANCHOR]', async () => {
    const { workspace, file } = await anchored(store)
    await wipe(store, workspace)
    const database = { ...createPorts(store.database), checkpoints: file.open() }
    const scope = { workspace: '*', role: 'system' } as const
    const known = await inWorkspace(store.database, scope, (tx) => findKnownJournals(tx, '', database))
    expect(known).toContain(workspace)
  })

  it('says so when its checkpoints cannot be read, and does not pass [I-31-ANCHOR]', async () => {
    const { workspace, file } = await anchored(store)
    rmSync(file.path)
    mkdirSync(file.path)
    const fault = { code: 'CHECKPOINTS_UNAVAILABLE' }
    await expect(verify(store, workspace, file.open())).rejects.toMatchObject(fault)
    await write(store, workspace, 10, 12)
    await expect(take(store, file.open(), workspace)).rejects.toMatchObject(fault)
  })

  it('keeps what was added although the process ended before the journal told of it [I-31-ANCHOR]', async () => {
    const { workspace, file, log } = await anchored(store)
    await write(store, workspace, 10, 12)
    const ports = openPorts(store.database)
    const failing = { ...ports, journal: { ...ports.journal, append: () => Promise.reject(new Error('gone')) } }
    await expect(takeCheckpoint(failing, log, { workspace, now: true })).rejects.toThrow('gone')
    expect(file.lines()).toHaveLength(4)
    expect(await verify(store, workspace, file.open())).toMatchObject({ ok: true, anchor: { sequence: 15 } })
    await write(store, workspace, 13, 20)
    expect(await take(store, file.open(), workspace)).toMatchObject({ checkpoint: { number: 5 } })
    expect(await verify(store, workspace, file.open())).toMatchObject({ ok: true, anchor: { checkpoints: 5 } })
  })
})

describeOnPostgres('checkpoints of several processes', (store) => {
  it('are taken once, however many try, and form one chain over all workspaces [I-31-ANCHOR]', async () => {
    const file = newFile()
    const workspaces = [await store.workspace(), await store.workspace()]
    const databases = await Promise.all(Array.from({ length: 4 }, () => store.another()))
    const takers = databases.map((database) => ({ ports: openPorts(database), log: file.open() }))
    for (let round = 0; round < 5; round += 1) {
      for (const workspace of workspaces) await write(store, workspace, round * 10 + 1, round * 10 + 10)
      const results = await Promise.all(
        takers.flatMap(({ ports, log }) =>
          workspaces.map(
            async (workspace) => [workspace, await takeCheckpoint(ports, log, { workspace, now: true })] as const,
          ),
        ),
      )
      for (const workspace of workspaces) {
        const taken = results.filter(([of, { outcome }]) => of === workspace && outcome === 'taken')
        expect(taken.length).toBeLessThanOrEqual(1)
        if (taken.length === 0) await take(store, file.open(), workspace)
        await seal(store, workspace)
      }
    }
    expect(file.lines()).toHaveLength(10)
    for (const workspace of workspaces) {
      expect(await verify(store, workspace, file.open())).toMatchObject({ ok: true, anchor: { checkpoints: 5 } })
    }
  })
})
