import type { JournalVerification } from '@preceptor/client'
import { inWorkspace } from '../database/transaction.ts'
import type { CheckpointLog } from './checkpoints/checkpoint-log.ts'
import { compareCheckpoints } from './checkpoints/compare-checkpoints.ts'
import type { JournalPorts } from './ports.ts'
import type { JournalHead } from './seal-store.ts'
import { type JournalExtent, readExtent } from './verify-store.ts'
import { at, CHAIN_START, type ChainProblem, readerOf, walkChain } from './walk-chain.ts'

// All rows are counted: a hundred million of them must not keep a journal from being verified.
const COUNTED_WITHIN_MS = 600_000

/** How a journal is verified. */
export interface VerifyOptions {
  /** Rows that are held at a time. */
  readonly pageRows?: number
  /** The checkpoints that are kept outside the database; without them a chain that was computed again looks true. */
  readonly checkpoints?: CheckpointLog | undefined
}

/**
 * Computes the chain of a workspace again and compares it with what is stored, up to the head at the start, and with the
 * checkpoints that are kept elsewhere. It finds what was edited, deleted, moved, doubled or inserted; only checkpoints
 * tell a journal that was wiped, cut off or replaced as a whole from the true one.
 *
 * @throws GovernanceError `CHECKPOINTS_UNAVAILABLE`, or the code of a fault.
 */
export async function verifyJournal(
  { database }: Pick<JournalPorts, 'database'>,
  workspace: string,
  { pageRows, checkpoints }: VerifyOptions = {},
): Promise<JournalVerification> {
  // Before the extent, so that the journal holds whatever was checkpointed.
  const examined = await checkpoints?.examine(workspace)
  const comparison = compareCheckpoints(examined ?? { checkpoints: [], problem: null })
  const scope = { workspace, role: readerOf(workspace), deadlineMs: COUNTED_WITHIN_MS }
  const extent = await inWorkspace(database, scope, readExtent)
  const head = extent.head ?? CHAIN_START
  const { visit } = comparison
  const walked = await walkChain(database, { workspace, from: CHAIN_START, to: head.sequence, pageRows, visit })
  const { reached } = walked
  let problem = walked.problem ?? verifyExtent(extent, head, reached)
  if (checkpoints !== undefined) problem ??= await comparison.end(reached, () => checkpoints.examine(workspace))
  const agreed = comparison.agreed()
  return {
    ok: problem === null,
    checked: reached.sequence,
    unsealed: Math.max(0, extent.rows - extent.seals),
    head: { sequence: head.sequence, hash: head.hash },
    anchor:
      examined === undefined
        ? null
        : {
            checkpoints: examined.checkpoints.length,
            sequence: agreed?.sequence ?? 0,
            takenAt: agreed?.takenAt ?? null,
          },
    problem,
  }
}

function verifyExtent(
  { head: stored, seals }: JournalExtent,
  head: JournalHead,
  reached: JournalHead,
): ChainProblem | null {
  if (stored === null && seals > 0) return at(1, 'there are sealed rows and no head')
  if (reached.sequence < head.sequence) return at(reached.sequence + 1, 'the rows from this place on were deleted')
  if (reached.hash !== head.hash) return at(head.sequence, 'the head is not the hash of the last row')
  if (seals > head.sequence) return at(head.sequence + 1, 'there are sealed rows after the head')
  return null
}
