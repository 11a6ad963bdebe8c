import type { JournalVerification } from '@preceptor/client'
import { inWorkspace } from '../database/transaction.ts'
import { canonicalText } from './canonical-text.ts'
import { GENESIS_HASH, hashOf } from './chain.ts'
import type { JournalPorts } from './ports.ts'
import type { JournalHead } from './seal-store.ts'
import { type JournalExtent, readExtent, readSealed, type SealedRow } from './verify-store.ts'

const PAGE_ROWS = 2_000

type Problem = NonNullable<JournalVerification['problem']>

/**
 * Computes the chain of a workspace again and compares it with what is stored, up to the head at the start. It finds
 * what was edited, deleted, moved, doubled or inserted; a journal that was replaced as a whole can only be told from the
 * true one by a copy of a head that is kept elsewhere. `pageRows` is the number of rows that are held at a time.
 *
 * @throws GovernanceError the code of a fault.
 */
export async function verifyJournal(
  ports: Pick<JournalPorts, 'database'>,
  workspace: string,
  { pageRows = PAGE_ROWS }: { readonly pageRows?: number } = {},
): Promise<JournalVerification> {
  // What stops everything is journalled in the workspace `*`, which only the system role may look into.
  const scope = { workspace, role: workspace === '*' ? 'system' : 'app' } as const
  const extent = await inWorkspace(ports.database, scope, readExtent)
  const head = extent.head ?? { sequence: 0, hash: GENESIS_HASH }
  let reached: Reached = { sequence: 0, hash: GENESIS_HASH, id: '' }
  let problem: Problem | null = null
  while (problem === null && reached.sequence < head.sequence) {
    // Each page begins with the last row of the one before, so that a second row at its place is not passed over.
    const range = { from: reached.sequence, to: Math.min(reached.sequence + pageRows, head.sequence) }
    const page = await inWorkspace(ports.database, scope, (tx) => readSealed(tx, range))
    const result = verifyPage(workspace, reached, page[0]?.seal.id === reached.id ? page.slice(1) : page)
    problem = result.problem
    if (result.reached.sequence === reached.sequence) break
    reached = result.reached
  }
  problem ??= verifyExtent(extent, head, reached)
  return {
    ok: problem === null,
    checked: reached.sequence,
    unsealed: Math.max(0, extent.rows - extent.seals),
    head: { sequence: head.sequence, hash: head.hash },
    problem,
  }
}

/** The last row that was found in order. */
interface Reached extends JournalHead {
  readonly id: string
}

/** Goes on with the chain over rows in the order of their seals. */
function verifyPage(
  workspace: string,
  from: Reached,
  page: readonly SealedRow[],
): { readonly reached: Reached; readonly problem: Problem | null } {
  let reached = from
  for (const { seal, row, twice } of page) {
    const sequence = reached.sequence + 1
    if (seal.sequence < sequence) return { reached, problem: at(seal.sequence, 'two rows are sealed at this place') }
    if (seal.sequence > sequence) return { reached, problem: at(sequence, 'the row at this place was deleted') }
    if (row === null) return { reached, problem: at(sequence, 'the sealed row was deleted') }
    const hash = hashOf(reached.hash, { ...row, sequence, workspace })
    if (hash !== seal.hash) return { reached, problem: at(sequence, 'the row or its seal was changed') }
    if (twice) return { reached, problem: at(sequence, 'the row is sealed a second time') }
    if (!isCanonical(row.body)) return { reached, problem: at(sequence, 'the body is no canonical JSON') }
    reached = { sequence, hash, id: row.id }
  }
  return { reached, problem: null }
}

function verifyExtent({ head: stored, seals }: JournalExtent, head: JournalHead, reached: JournalHead): Problem | null {
  if (stored === null && seals > 0) return at(1, 'there are sealed rows and no head')
  if (reached.sequence < head.sequence) return at(reached.sequence + 1, 'the rows from this place on were deleted')
  if (reached.hash !== head.hash) return at(head.sequence, 'the head is not the hash of the last row')
  if (seals > head.sequence) return at(head.sequence + 1, 'there are sealed rows after the head')
  return null
}

function isCanonical(body: string): boolean {
  try {
    return canonicalText(JSON.parse(body)) === body
  } catch {
    return false
  }
}

function at(sequence: number, what: string): Problem {
  return { sequence, what: `${what[0]?.toUpperCase()}${what.slice(1)}.` }
}
