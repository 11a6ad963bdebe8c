import type { Tx } from '../database/transaction.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { GENESIS_HASH, hashOf } from './chain.ts'
import type { JournalPorts } from './ports.ts'
import {
  type JournalHead,
  type JournalPlace,
  readHead,
  readPassage,
  readUnsealed,
  type Seal,
  trySealerLock,
  type UnsealedRow,
  writeSeals,
} from './seal-store.ts'
import { cutSnapshot, EMPTY_SNAPSHOT, type Snapshot } from './snapshot.ts'

const BATCH = 1_000
const PASSAGE = 4_000
const DEADLINE_MS = 10_000

/** What one pass over a workspace did. */
export type SealResult =
  | {
      readonly outcome: 'sealed'
      readonly count: number
      /** More rows may be waiting: call again. */
      readonly more: boolean
    }
  /** Another sealer works on this workspace; what it did not see needs another call. */
  | { readonly outcome: 'busy' }

/**
 * Gives the next rows of a workspace their place in the chain, at most 1,000 at a time. A row is sealed after every row
 * that was committed before it was written; rows of concurrent transactions stand in the order in which they were written.
 *
 * @throws GovernanceError the code of a fault.
 */
export async function sealWorkspace(ports: JournalPorts, workspace: string): Promise<SealResult> {
  const result = await asSealer(ports, workspace, async (tx, { head, now }) => {
    const seen = head?.snapshot ?? EMPTY_SNAPSHOT
    if (seen.end > now.end) return { outcome: 'restored', now } as const
    const rows = await readUnsealed(tx, { seen, now, limit: BATCH })
    const last = rows.at(-1)
    if (last === undefined) return { outcome: 'sealed', count: 0, more: false } as const
    const more = rows.length === BATCH
    const snapshot = more ? cutSnapshot(now, last.xid) : now
    if (!(await appendSeals(ports, tx, { head, rows, snapshot }))) return { outcome: 'busy' } as const
    return { outcome: 'sealed', count: rows.length, more } as const
  })
  return result.outcome === 'restored' ? sealRestored(ports, workspace, result.now) : result
}

/**
 * A head that has seen transactions which this cluster has yet to reach came here with a dump. Transaction numbers say
 * nothing then, so the whole journal is gone through once; the head takes the present snapshot only at the end, so that
 * a crash on the way starts over.
 */
async function sealRestored(ports: JournalPorts, workspace: string, since: Snapshot): Promise<SealResult> {
  let after: JournalPlace = { xid: 0n, position: 0 }
  let count = 0
  for (;;) {
    const step = await asSealer(ports, workspace, async (tx, { head }) => {
      const { unsealed, last } = await readPassage(tx, { after, limit: PASSAGE })
      const snapshot = last === null ? since : (head?.snapshot ?? since)
      if (last !== null && unsealed.length === 0) return { outcome: 'moved', last, sealed: 0 } as const
      if (!(await appendSeals(ports, tx, { head, rows: unsealed, snapshot }))) return { outcome: 'busy' } as const
      return { outcome: 'moved', last, sealed: unsealed.length } as const
    })
    if (step.outcome === 'busy') return step
    count += step.sealed
    if (step.last === null) return { outcome: 'sealed', count, more: true }
    after = step.last
  }
}

type KnownHead = Awaited<ReturnType<typeof readHead>>

async function asSealer<Result extends { readonly outcome: string }>(
  ports: JournalPorts,
  workspace: string,
  work: (tx: Tx, known: KnownHead) => Promise<Result>,
): Promise<Result | { readonly outcome: 'busy' }> {
  return inWorkspace(
    ports.database,
    { workspace, role: 'system', deadlineMs: DEADLINE_MS, named: true },
    async (tx) => {
      // The lock is taken by its own statement, so that the one behind it sees what the sealer before committed.
      const [isMine, known] = await Promise.all([trySealerLock(tx), readHead(tx)])
      if (!isMine) return { outcome: 'busy' }
      const result = await work(tx, known)
      await ports.failpoint('seal.before_commit')
      return result
    },
  )
}

async function appendSeals(
  ports: JournalPorts,
  tx: Tx,
  { head, rows, snapshot }: { head: JournalHead | null; rows: readonly UnsealedRow[]; snapshot: Snapshot },
): Promise<boolean> {
  let { sequence, hash }: JournalHead = head ?? { sequence: 0, hash: GENESIS_HASH }
  const seals: Seal[] = []
  for (const row of [...rows].sort((one, other) => one.position - other.position)) {
    sequence += 1
    hash = hashOf(hash, { ...row, sequence, workspace: tx.workspace })
    seals.push({ sequence, id: row.id, hash })
  }
  const at = isoTime(ports.clock.now())
  return writeSeals(tx, { from: head, to: { sequence, hash }, seals, snapshot, at })
}
