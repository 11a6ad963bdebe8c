import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../kernel/canonical-json.ts'
import { canonicalText } from '../canonical-text.ts'
import { seal, take, useFiles, write } from '../checkpoints/checkpoints.test.helper.ts'
import { createFileCheckpoints } from '../checkpoints/file-checkpoints.ts'
import { createPorts, describeOnEachStore, type TestStore } from '../each-store.test.helper.ts'
import { createJournal } from '../journal.ts'
import type { ListedRow } from '../store.ts'
import { CSV_HEADINGS, csvRow } from './csv-row.ts'
import { exportJournal, type JournalExporting } from './export-journal.ts'
import { verifyExportedJournal } from './verify-export.ts'

const newFile = useFiles()

async function exported(
  store: TestStore,
  workspace: string,
  query: JournalExporting['query'] = {},
  only: readonly string[] | null = null,
): Promise<string> {
  const ports = createPorts(store.database)
  const journal = createJournal(ports)
  try {
    const pieces = await exportJournal({ ...ports, journal }, { workspace, actor: 'user:ana', query, only })
    let text = ''
    for await (const piece of pieces) text += piece
    return text
  } finally {
    await journal.close()
  }
}

async function* inPieces(text: string, length = 7): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length)
}

/** Reads CSV as RFC 4180 says, and takes the first apostrophe of a cell away. */
function readCsv(text: string): readonly (readonly string[])[] {
  const records: string[][] = parse(text, { record_delimiter: '\r\n', relax_column_count: false })
  return records.map((cells) => cells.map((cell) => (cell.startsWith("'") ? cell.slice(1) : cell)))
}

const HARD = [
  '=1+1',
  '+1',
  '-1',
  '@x',
  '\t=1',
  '\r=1',
  "'=1",
  ' =1',
  '"=1',
  '＝1',
  '\u200b=1',
  '\u2028',
  '%0A',
  'a,b\r\n"c"',
]
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(...HARD),
  fc.tuple(fc.constantFrom(...HARD), fc.string({ unit: 'binary-ascii', maxLength: 6 })).map((parts) => parts.join('')),
)

describe('CSV', () => {
  it('is read back to the same rows by another reader, whatever is in them, and no cell is a formula [I-32-EXPORT]', () => {
    const row = fc.record({ kind: text, subject: text, agent: fc.option(text.filter((id) => id !== '')), note: text })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), (rows) => {
        const listed = rows.map((one, index): ListedRow => {
          const { kind, subject, agent, note } = one
          const place = { id: `jrn_${index}`, position: index, sequence: index + 1, hash: 'a'.repeat(64) }
          return { ...place, kind, subject, agent, body: canonicalText({ note }), recordedAt: '2026-01-02T03:04:05Z' }
        })
        const csv = CSV_HEADINGS + listed.map(csvRow).join('')
        const [headings, ...records] = readCsv(csv)
        expect(headings).toEqual(CSV_HEADINGS.trimEnd().split(','))
        expect(records).toEqual(
          listed.map(({ sequence, recordedAt, kind, subject, agent, id, hash, body }) => [
            `${sequence}`,
            recordedAt,
            kind,
            subject,
            agent ?? '',
            id,
            `${hash}`,
            body,
          ]),
        )
        const raw: string[][] = parse(csv, { record_delimiter: '\r\n' })
        for (const cell of raw.flat()) expect(cell).not.toMatch(/^[\s"]*[=+\-@＝＋－＠\t\r]/)
      }),
      { numRuns: 300 },
    )
  })
})

describeOnEachStore('exporting a journal', (store) => {
  it('gives every sealed row in order over many pages, and puts on record who read it [I-32, I-32-EXPORT]', async () => {
    const workspace = await store.workspace()
    await write(store, workspace, 1, 450)
    expect(readCsv(await exported(store, workspace, { format: 'csv', after: 440 }))).toHaveLength(11)
    await seal(store, workspace)
    const jsonl = await exported(store, workspace)
    const [header, ...rows] = jsonl
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(header).toMatchObject({ workspace, from: { sequence: 0 }, to: { sequence: 451 }, filter: null })
    expect(rows.map(({ row }) => row.sequence)).toEqual(Array.from({ length: 451 }, (_, index) => index + 1))
    expect(rows.at(-1)?.row).toMatchObject({
      kind: 'journal.exported',
      body: { actor: 'user:ana', after: 440, agent: null, agents: null, format: 'csv', kind: null, to: 450 },
    })
  })

  it('is refused when it cannot be put on record who read it [I-30, I-32]', async () => {
    const workspace = await store.workspace()
    await write(store, workspace, 1, 3)
    await store.asOwner(`create function no_rows() returns trigger language plpgsql as $$ begin raise 'full'; end $$;
      create trigger no_rows before insert on journal for each row execute function no_rows()`)
    await expect(exported(store, workspace)).rejects.toThrow()
    await store.asOwner('drop trigger no_rows on journal; drop function no_rows')
  })

  it('leaves out what the reader may not see, and says so [I-34]', async () => {
    const workspace = await store.workspace()
    await write(store, workspace, 1, 3)
    const none = await exported(store, workspace, {}, ['other'])
    expect(none.trimEnd().split('\n')).toHaveLength(1)
    await expect(verifyExportedJournal(inPieces(none))).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(exported(store, workspace, { after: 9 })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('verifies without the database, as a whole and from a row on [I-31, I-32-EXPORT]', async () => {
    const workspace = await store.workspace()
    await write(store, workspace, 1, 9)
    await store.asOwner(
      `insert into journal (id, workspace_id, kind, subject_id, agent_id, body, recorded_at)
       values ('jrn_${workspace}_x', $1, 'agent.changed', $2, null, $3, now())`,
      [workspace, 'a\u2028b\u0085c', canonicalText({ note: '\u2028 \u2029 \r \n ＝1' })],
    )
    await seal(store, workspace)
    const whole = await exported(store, workspace)
    expect(await verifyExportedJournal(inPieces(whole))).toMatchObject({
      workspace,
      ok: true,
      checked: 10,
      anchor: null,
    })
    const part = await exported(store, workspace, { after: 4 })
    // The row that tells of the first export is the eleventh.
    expect(await verifyExportedJournal(inPieces(part))).toMatchObject({ ok: true, checked: 7, head: { sequence: 11 } })
  })

  it('finds in a file what was changed, moved, deleted and cut off [I-31, I-32]', async () => {
    const workspace = await store.workspace()
    await write(store, workspace, 1, 6)
    const lines = (await exported(store, workspace)).trimEnd().split('\n')
    const check = async (changed: readonly string[]) =>
      (await verifyExportedJournal(inPieces(changed.join('\n')))).problem
    const edit = lines.map((line, index) => (index === 3 ? line.replace('user:ana', 'user:eve') : line))
    expect(await check(edit)).toEqual({ sequence: 3, what: 'The row or its hash was changed.' })
    expect(await check(lines.toSpliced(3, 1))).toMatchObject({ sequence: 3, what: expect.stringMatching(/missing/) })
    expect(await check(lines.slice(0, -1))).toMatchObject({
      sequence: 6,
      what: expect.stringMatching(/^The rows from/),
    })
    expect(await check([...lines, lines[6] ?? ''])).toMatchObject({ sequence: 7 })
    expect(await check(lines.toSpliced(3, 1, 'x'))).toMatchObject({ sequence: 3 })
    await expect(check(lines.slice(1))).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('is compared with the checkpoints, so that a file that was computed again is found [I-31-ANCHOR]', async () => {
    const [workspace, file] = [await store.workspace(), newFile()]
    await write(store, workspace, 1, 4)
    await take(store, file.open(), workspace)
    await write(store, workspace, 5, 8)
    const checkpoints = { store: createFileCheckpoints(file.path), publicKeys: [file.publicKey] }
    const whole = await exported(store, workspace)
    const found = await verifyExportedJournal(inPieces(whole), { checkpoints })
    expect(found).toMatchObject({ ok: true, anchor: { checkpoints: 1, sequence: 4 } })
    const other = await store.workspace()
    await write(store, other, 1, 9)
    const forged = (await exported(store, other)).replaceAll(other, workspace).replaceAll('user:ana', 'user:eve')
    const again = await verifyExportedJournal(inPieces(rechained(forged)), { checkpoints })
    expect(again).toMatchObject({
      ok: false,
      problem: { sequence: 1, what: expect.stringMatching(/computed again or forked/) },
    })
  })
})

/** The export of another history with hashes that fit it. */
function rechained(jsonl: string): string {
  const [first = '', ...lines] = jsonl.trimEnd().split('\n')
  let hash = '0'.repeat(64)
  const rows = lines.map((line) => {
    const row = line.slice('{"hash":"","row":'.length + 64, -1)
    hash = sha256Hex(`${hash}\n${row}`)
    return `{"hash":"${hash}","row":${row}}`
  })
  const header = JSON.parse(first)
  return [canonicalText({ ...header, to: { ...header.to, hash } }), ...rows].join('\n')
}
