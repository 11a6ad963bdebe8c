import type { JournalHead } from '../seal-store.ts'
import { at, type ChainProblem, type WalkedRow } from '../walk-chain.ts'
import type { ExaminedCheckpoints } from './checkpoint-log.ts'
import type { JournalCheckpoint } from './journal-checkpoint.ts'

/** Kind of the journal row that says that a checkpoint was taken. */
export const CHECKPOINTED = 'journal.checkpointed'

/** Compares a chain with the checkpoints of its workspace, row by row. */
export interface CheckpointComparison {
  /** Looks at a row that is in order; gives what is wrong. */
  readonly visit: (row: WalkedRow) => ChainProblem | null
  /** What is wrong when the chain ends here; `again` are the checkpoints as they stand now. */
  readonly end: (reached: JournalHead, again: () => Promise<ExaminedCheckpoints>) => Promise<ChainProblem | null>
  /** The last checkpoint that the chain agreed with. */
  readonly agreed: () => JournalCheckpoint | undefined
}

/** Begins to compare. */
export function compareCheckpoints({ checkpoints, problem }: ExaminedCheckpoints): CheckpointComparison {
  const order = [...checkpoints].sort((one, other) => one.sequence - other.sequence)
  const told = new Map<string, number>()
  let next = 0
  let agreed: JournalCheckpoint | undefined

  return {
    visit({ sequence, hash, row }) {
      for (let due = order[next]; due?.sequence === sequence; due = order[next]) {
        if (due.hash !== hash) return forked(due, agreed)
        agreed = due
        next += 1
      }
      if (row.kind === CHECKPOINTED) {
        const digest = digestIn(row.body)
        if (digest !== undefined) told.set(digest, sequence)
      }
      return null
    },
    async end(reached, again) {
      const missing = order[next]
      if (missing !== undefined) return ended(missing, reached)
      if (problem !== null) return { sequence: null, what: problem }
      if (checkpoints.every(({ count, sequence }) => count === sequence)) return lost(told, checkpoints, again)
      return { sequence: null, what: 'A checkpoint counts other rows than its chain has.' }
    },
    agreed: () => agreed,
  }
}

/** The journal tells of each checkpoint, so that those at the end of the store cannot be cut off unseen. */
async function lost(
  told: ReadonlyMap<string, number>,
  checkpoints: readonly JournalCheckpoint[],
  again: () => Promise<ExaminedCheckpoints>,
): Promise<ChainProblem | null> {
  const isLost = (known: readonly JournalCheckpoint[]): boolean => {
    const digests = new Set(known.map(({ digest }) => digest))
    return [...told.keys()].some((digest) => !digests.has(digest))
  }
  // One may have been taken since the store was read.
  if (!isLost(checkpoints)) return null
  const { checkpoints: present } = await again()
  if (!isLost(present)) return null
  const digests = new Set(present.map(({ digest }) => digest))
  const [, sequence = null] = [...told].find(([digest]) => !digests.has(digest)) ?? []
  return {
    sequence,
    what: 'The row tells of a checkpoint that the store does not have: checkpoints were deleted there.',
  }
}

function forked(due: JournalCheckpoint, agreed: JournalCheckpoint | undefined): ChainProblem {
  const from = (agreed?.sequence ?? 0) + 1
  const what = `the chain was computed again or forked here or later: at ${due.sequence} it is not the one of ${nameOf(due)}`
  return at(from, what)
}

function ended(missing: JournalCheckpoint, { sequence }: JournalHead): ChainProblem {
  const what = sequence === 0 ? 'the journal was wiped' : 'the rows from this place on were deleted'
  return at(sequence + 1, `${what}: ${nameOf(missing)} holds ${missing.sequence} rows`)
}

function nameOf({ number, takenAt }: JournalCheckpoint): string {
  return `checkpoint ${number} of ${takenAt}`
}

function digestIn(body: string): string | undefined {
  const value: unknown = JSON.parse(body)
  if (typeof value !== 'object' || value === null) return undefined
  const digest = Reflect.get(value, 'checkpoint')
  return typeof digest === 'string' ? digest : undefined
}
