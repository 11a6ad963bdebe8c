import { GovernanceError, type JournalExportQuery } from '@preceptor/client'
import { inWorkspace } from '../../database/transaction.ts'
import { isoTime } from '../../kernel/clock.ts'
import type { Journal } from '../journal.ts'
import type { JournalPorts } from '../ports.ts'
import type { JournalHead } from '../seal-store.ts'
import { EVERY_ROW, type JournalFilter, type ListedRow, listSealed, readSealedEnd } from '../store.ts'
import { readSealed } from '../verify-store.ts'
import { CHAIN_START } from '../walk-chain.ts'
import { CSV_HEADINGS, csvRow } from './csv-row.ts'
import { exportLine, headerLine } from './export-lines.ts'

const PAGE_ROWS = 200

/** An export as a reader asks for it. */
export interface JournalExporting {
  readonly workspace: string
  /** Whoever reads, for the journal. */
  readonly actor: string
  readonly query: Omit<JournalExportQuery, 'signal'>
  /** Agents whose rows the reader may see; null: all of the workspace. */
  readonly only: readonly string[] | null
  readonly signal?: AbortSignal | undefined
}

/**
 * Exports the sealed rows of a journal in the order of the chain, up to its end at the beginning, a page at a time as the
 * reader asks for them. That it was read is on record before the first row is given.
 *
 * @throws GovernanceError `INPUT_INVALID`, or the code of a fault.
 */
export async function exportJournal(
  ports: Pick<JournalPorts, 'database' | 'clock'> & { readonly journal: Journal },
  exporting: JournalExporting,
): Promise<AsyncIterable<string>> {
  const { workspace, actor, query, only, signal } = exporting
  const { format = 'jsonl', after = 0, agent = null, kind = null } = query
  const { from, to } = await inWorkspace(ports.database, { workspace }, async (tx) => {
    const end = await readSealedEnd(tx)
    const places = await readSealed(tx, { from: end, to: end })
    const first = after === end ? places : await readSealed(tx, { from: after, to: after })
    const found = { from: headAt(first[0], after), to: headAt(places[0], end) }
    const body = { actor, format, after, to: end, agent, kind, agents: only }
    await ports.journal.append(tx, { kind: 'journal.exported', subject: workspace, body })
    return found
  })
  const filter: JournalFilter = { ...EVERY_ROW, agent, kind, only }
  const pages = pagesOf(ports, { workspace, filter, after, end: to.sequence, signal })
  if (format === 'csv') return csv(pages)
  const agents = agent === null ? only : [agent]
  const header = headerLine({
    workspace,
    from,
    to,
    filter: agents === null && kind === null ? null : { agents, kind },
    exportedAt: isoTime(ports.clock.now()),
  })
  return lines(pages, { header, workspace })
}

function headAt(sealed: { readonly seal: JournalHead } | undefined, sequence: number): JournalHead {
  if (sequence === 0) return CHAIN_START
  if (sealed !== undefined) return { sequence, hash: sealed.seal.hash }
  throw new GovernanceError('INPUT_INVALID', { message: 'after: the journal has not reached that number.' })
}

async function* pagesOf(
  { database }: Pick<JournalPorts, 'database'>,
  part: {
    readonly workspace: string
    readonly filter: JournalFilter
    readonly after: number
    readonly end: number
    readonly signal: AbortSignal | undefined
  },
): AsyncGenerator<readonly ListedRow[], void, undefined> {
  const { workspace, filter, end, signal } = part
  let after = part.after
  while (after < end) {
    signal?.throwIfAborted()
    const range = { after, limit: PAGE_ROWS }
    const rows = await inWorkspace(database, { workspace }, (tx) => listSealed(tx, filter, range))
    const page = rows.filter(({ sequence }) => sequence !== null && sequence <= end)
    if (page.length > 0) yield page
    // One more than the limit comes where there is more.
    if (page.length <= PAGE_ROWS) return
    after = page.at(-1)?.sequence ?? end
  }
}

async function* csv(pages: AsyncIterable<readonly ListedRow[]>): AsyncGenerator<string, void, undefined> {
  yield CSV_HEADINGS
  for await (const page of pages) yield page.map(csvRow).join('')
}

async function* lines(
  pages: AsyncIterable<readonly ListedRow[]>,
  { header, workspace }: { readonly header: string; readonly workspace: string },
): AsyncGenerator<string, void, undefined> {
  yield `${header}\n`
  for await (const page of pages) {
    yield page
      .map((row) => `${exportLine({ ...row, sequence: row.sequence ?? 0, workspace }, row.hash ?? '')}\n`)
      .join('')
  }
}
