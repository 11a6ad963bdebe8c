import { inWorkspace, type Tx } from '../database/transaction.ts'
import { Bus } from './bus.ts'
import { type JournalDraft, toJournalRow } from './journal-draft.ts'
import { LastRows } from './last-rows.ts'
import type { JournalPorts } from './ports.ts'
import { Sealer } from './sealer.ts'
import { insertJournalRows } from './store.ts'
import { type LaterDraft, WriteBuffer } from './write-buffer.ts'

const FLUSH_DEADLINE_MS = 2_000

export type { JournalDraft } from './journal-draft.ts'

/** Writes what happens, and says when it can be read in order. */
export interface Journal {
  /**
   * Writes a row in the transaction of what it reports: just before the commit, in one statement with every other row of
   * it, so that nothing in the transaction reads it. It is sealed after the commit. Gives its id.
   */
  append(tx: Tx, draft: JournalDraft): Promise<string>
  /** Writes several rows in their order, as `append` writes one. */
  appendAll(tx: Tx, drafts: readonly JournalDraft[]): Promise<void>
  /**
   * Hands over a row that is committed with the next group, within about 10 ms: only for safe runs of autonomous agents. It
   * may be made as late as its group is written, from what does not change any more.
   *
   * @throws GovernanceError `JOURNAL_UNHEALTHY` while groups cannot be committed or too many rows wait; the gate denies.
   */
  buffer(workspace: string, draft: LaterDraft): void
  /**
   * Waits until every row that was handed over so far is committed.
   *
   * @throws GovernanceError `JOURNAL_UNHEALTHY`
   */
  flushed(): Promise<void>
  /** Whether the last group was committed. */
  readonly healthy: boolean
  /** Whether so many rows wait that whoever can should wait for `flushed()` first. */
  readonly nearlyFull: boolean
  /** Calls the listener after rows of the workspace were sealed: a hint to look again. Gives the function that ends it. */
  subscribe(workspace: string, listener: () => void): () => void
}

/** A journal that was opened here. */
export interface OpenJournal extends Journal {
  /** Commits and seals what waits, and ends. */
  close(): Promise<void>
}

/** How a journal is opened. */
export interface JournalOptions {
  /** Rows that may wait for their commit at once; default 16,384. */
  readonly bufferCapacity?: number
  /** What tells of seals, where others use it, too; it is closed with the journal. */
  readonly bus?: Bus
  /** Told of every draft whose row was committed; it must not throw. `recordedAt` is in milliseconds since the epoch. */
  readonly onCommitted?: (workspace: string, draft: JournalDraft, recordedAt: number) => void
}

/** Opens the journal on a database: its write buffer, its sealer and its bus. */
export function createJournal(ports: JournalPorts, options: JournalOptions = {}): OpenJournal {
  const { database, clock, ids } = ports
  const bus = options.bus ?? new Bus(ports)
  const told = options.onCommitted ?? (() => undefined)
  const sealer = new Sealer({ ...ports, sealed: (workspace) => bus.publish('journal', workspace) })
  const buffer = new WriteBuffer({
    write: async (workspace, drafts) => {
      const rows = drafts.map(({ draft, id, recordedAt }) => toJournalRow(draft, id, recordedAt))
      await inWorkspace(database, { workspace, deadlineMs: FLUSH_DEADLINE_MS, named: true }, async (tx) =>
        insertJournalRows(tx, rows),
      )
      sealer.wake(workspace)
      for (const { draft, recordedAt } of drafts) told(workspace, draft, recordedAt)
    },
    now: () => clock.now(),
    nextId: () => ids.next('jrn'),
    onHealth: (healthy, cause) => reportHealth(ports, healthy, cause),
    ...(options.bufferCapacity === undefined ? {} : { capacity: options.bufferCapacity }),
  })
  const lastRows = new LastRows()
  const add = (tx: Tx, draft: JournalDraft): string => {
    const now = clock.now()
    const row = toJournalRow(draft, ids.next('jrn'), now)
    if (lastRows.add(tx, row)) tx.afterCommit(() => sealer.wake(tx.workspace))
    tx.afterCommit(() => told(tx.workspace, draft, now))
    return row.id
  }

  return {
    append: async (tx, draft) => add(tx, draft),
    async appendAll(tx, drafts) {
      for (const draft of drafts) add(tx, draft)
    },
    buffer: (workspace, draft) => buffer.add(workspace, draft),
    flushed: () => buffer.flushed(),
    get healthy() {
      return buffer.healthy
    },
    get nearlyFull() {
      return buffer.nearlyFull
    },
    subscribe: (workspace, listener) => bus.subscribe('journal', workspace, listener),
    async close() {
      try {
        await buffer.close()
      } finally {
        await sealer.close()
        await bus.close()
      }
    },
  }
}

function reportHealth({ report }: JournalPorts, healthy: boolean, cause: unknown): void {
  if (healthy) report({ level: 'warn', code: 'NOTICE', message: 'The journal is written again.' })
  else report({ level: 'error', code: 'JOURNAL_UNHEALTHY', message: `The journal cannot be written: ${textOf(cause)}` })
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'the database did not take it.'
}
