import type { JournalVerification } from '@preceptor/client'
import type { Database } from '../database/open-database.ts'
import { inWorkspace } from '../database/transaction.ts'
import { canonicalText } from './canonical-text.ts'
import { GENESIS_HASH, hashOf } from './chain.ts'
import type { JournalHead } from './seal-store.ts'
import type { NewJournalRow } from './store.ts'
import { readSealed, type SealedRow } from './verify-store.ts'

const PAGE_ROWS = 2_000

/** What is wrong with a chain, and where. */
export type ChainProblem = NonNullable<JournalVerification['problem']>

/** Where a chain begins. */
export const CHAIN_START: JournalHead = { sequence: 0, hash: GENESIS_HASH }

/** A row that was found in order. */
export interface WalkedRow extends JournalHead {
  readonly row: NewJournalRow
}

/** A part of a chain that is gone through. */
export interface ChainWalk {
  readonly workspace: string
  /** Where it begins: the chain must hold this place. */
  readonly from: JournalHead
  /** The last row. */
  readonly to: number
  /** Rows that are held at a time. */
  readonly pageRows?: number | undefined
  /** Called with each row that is in order; what it gives is what is wrong. */
  readonly visit?: (row: WalkedRow) => ChainProblem | null
}

/**
 * Computes a part of the chain of a workspace again and compares it with what is stored.
 *
 * @throws GovernanceError the code of a fault.
 */
export async function walkChain(
  database: Database,
  { workspace, from, to, pageRows = PAGE_ROWS, visit = () => null }: ChainWalk,
): Promise<{ readonly reached: JournalHead; readonly problem: ChainProblem | null }> {
  const read = (range: { readonly from: number; readonly to: number }) =>
    inWorkspace(database, { workspace, role: readerOf(workspace) }, (tx) => readSealed(tx, range))
  let reached: Reached = { ...from, id: '' }
  if (from.sequence > 0) {
    const seal = (await read({ from: from.sequence, to: from.sequence }))[0]?.seal
    if (seal?.hash !== from.hash) return { reached: from, problem: at(from.sequence, 'another row is sealed here') }
    reached = seal
  }
  // Each page begins with the last row of the one before, so that a second row at its place is not passed over.
  const readFrom = (place: number): ReturnType<typeof read> => read({ from: place, to: Math.min(place + pageRows, to) })
  let ahead = reached.sequence < to ? readFrom(reached.sequence) : undefined
  while (ahead !== undefined) {
    const page = await ahead
    const before = reached.sequence
    // The database reads the next page while this one is gone through.
    ahead = before + pageRows < to ? readFrom(before + pageRows) : undefined
    // It may fail before it is waited for.
    ahead?.catch(() => undefined)
    const walked = walkPage({ workspace, reached, page, visit })
    reached = walked.reached
    if (walked.problem === null && reached.sequence === Math.min(before + pageRows, to)) continue
    await ahead?.catch(() => undefined)
    if (walked.problem !== null || reached.sequence === before) return { reached, problem: walked.problem }
    // Something is missing at the end of this page: what stands after it tells what.
    ahead = reached.sequence < to ? readFrom(reached.sequence) : undefined
  }
  return { reached, problem: null }
}

function walkPage(walk: {
  readonly workspace: string
  readonly reached: Reached
  readonly page: readonly SealedRow[]
  readonly visit: NonNullable<ChainWalk['visit']>
}): { readonly reached: Reached; readonly problem: ChainProblem | null } {
  const { workspace, page, visit } = walk
  let { reached } = walk
  for (const sealed of page[0]?.seal.id === reached.id ? page.slice(1) : page) {
    const next = follow(workspace, reached, sealed)
    if ('what' in next) return { reached, problem: next }
    const problem = visit(next)
    if (problem !== null) return { reached, problem }
    reached = { sequence: next.sequence, hash: next.hash, id: next.row.id }
  }
  return { reached, problem: null }
}

/** What stops everything is journalled in the workspace `*`, which only the system role may look into. */
export function readerOf(workspace: string): 'system' | 'app' {
  return workspace === '*' ? 'system' : 'app'
}

/** A problem at a place; what it is begins with a small letter. */
export function at(sequence: number, what: string): ChainProblem {
  return { sequence, what: `${what[0]?.toUpperCase()}${what.slice(1)}.` }
}

/** The last row that was found in order. */
interface Reached extends JournalHead {
  readonly id: string
}

function follow(workspace: string, reached: Reached, { seal, row, twice }: SealedRow): WalkedRow | ChainProblem {
  const sequence = reached.sequence + 1
  if (seal.sequence < sequence) return at(seal.sequence, 'two rows are sealed at this place')
  if (seal.sequence > sequence) return at(sequence, 'the row at this place was deleted')
  if (row === null) return at(sequence, 'the sealed row was deleted')
  const hash = hashOf(reached.hash, { ...row, sequence, workspace })
  if (hash !== seal.hash) return at(sequence, 'the row or its seal was changed')
  if (twice) return at(sequence, 'the row is sealed a second time')
  if (!isCanonical(row.body)) return at(sequence, 'the body is no canonical JSON')
  return { sequence, hash, row }
}

function isCanonical(body: string): boolean {
  try {
    return canonicalText(JSON.parse(body)) === body
  } catch {
    return false
  }
}
