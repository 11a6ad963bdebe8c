import type { GovernorContext } from '../../context.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { isoTime } from '../../kernel/clock.ts'
import { type JournalHead, readHead, tryCheckpointLock } from '../seal-store.ts'
import { at, CHAIN_START, type ChainProblem, readerOf, walkChain } from '../walk-chain.ts'
import type { CheckpointLog } from './checkpoint-log.ts'
import { CHECKPOINTED } from './compare-checkpoints.ts'
import type { JournalCheckpoint } from './journal-checkpoint.ts'

/** What an attempt to take a checkpoint came to. */
export type CheckpointResult =
  | { readonly outcome: 'taken'; readonly checkpoint: JournalCheckpoint }
  /** Nothing was sealed since the last one, or not enough yet. */
  | { readonly outcome: 'not_due'; readonly last: JournalCheckpoint | null }
  /** Another process takes one. */
  | { readonly outcome: 'busy' }
  /** What would be signed does not follow from what was signed before: nothing is. */
  | { readonly outcome: 'refused'; readonly problem: ChainProblem }

/** What taking a checkpoint stands on. */
export type CheckpointPorts = Pick<GovernorContext, 'database' | 'clock' | 'journal'>

/**
 * Takes a checkpoint of the journal of a workspace where one is due, or with `now` where anything was sealed. Only a
 * chain that leads on from the last checkpoint, and computes, is signed.
 *
 * @throws GovernanceError `CHECKPOINTS_UNAVAILABLE`, or the code of a fault.
 */
export async function takeCheckpoint(
  ports: CheckpointPorts,
  log: CheckpointLog,
  { workspace, now = false }: { readonly workspace: string; readonly now?: boolean },
): Promise<CheckpointResult> {
  const { last: known, problem: broken } = await log.readEnd()
  if (broken !== null) return { outcome: 'refused', problem: { sequence: null, what: broken } }
  const last = known.get(workspace) ?? null
  const head = await readHeadOf(ports, workspace)
  const behind = isBehind(head, last)
  if (behind !== null) return { outcome: 'refused', problem: behind }
  const due = isDue(head, last, { now, at: ports.clock.now(), log })
  const from = last ?? CHAIN_START
  // That the journal still holds what was signed last is looked at whether or not one is due.
  const walk = { workspace, from, to: due ? head.sequence : from.sequence }
  const { reached, problem } = await walkChain(ports.database, walk)
  if (problem !== null) return { outcome: 'refused', problem }
  if (!due) return { outcome: 'not_due', last }
  if (reached.hash !== head.hash) {
    return { outcome: 'refused', problem: at(reached.sequence, 'the head is not the hash of the last row') }
  }
  return add(ports, log, { workspace, head, last })
}

function isBehind(head: JournalHead, last: JournalCheckpoint | null): ChainProblem | null {
  if (last === null || head.sequence >= last.sequence) return null
  const what = `checkpoint ${last.number} holds ${last.sequence} rows, and the journal has ${head.sequence}`
  return at(head.sequence + 1, what)
}

function isDue(
  head: JournalHead,
  last: JournalCheckpoint | null,
  { now, at: time, log }: { readonly now: boolean; readonly at: number; readonly log: CheckpointLog },
): boolean {
  const rows = head.sequence - (last?.sequence ?? 0)
  // The row that tells of the last checkpoint is no reason for another one.
  if (last !== null && rows <= 1) return false
  if (rows === 0) return false
  return now || last === null || rows >= log.everyRows || time >= Date.parse(last.takenAt) + log.everyMs
}

async function add(
  ports: CheckpointPorts,
  log: CheckpointLog,
  facts: { readonly workspace: string; readonly head: JournalHead; readonly last: JournalCheckpoint | null },
): Promise<CheckpointResult> {
  const { workspace, head, last } = facts
  const takenAt = isoTime(ports.clock.now())
  return inWorkspace(ports.database, { workspace, role: 'system' }, async (tx) => {
    if (!(await tryCheckpointLock(tx))) return { outcome: 'busy' }
    // The one before was added by whoever held the lock until now.
    const present = await log.readEnd()
    if (present.problem !== null) return { outcome: 'refused', problem: { sequence: null, what: present.problem } }
    if (present.last.get(workspace)?.number !== last?.number) return { outcome: 'busy' }
    const { sequence, hash } = head
    const checkpoint = await log.add({ workspace, sequence, hash, count: sequence, takenAt })
    const { number, digest, keyId } = checkpoint
    const body = { actor: 'system:checkpoints', number, sequence, hash, keyId, checkpoint: digest }
    await ports.journal.append(tx, { kind: CHECKPOINTED, subject: workspace, body })
    return { outcome: 'taken', checkpoint }
  })
}

async function readHeadOf({ database }: CheckpointPorts, workspace: string): Promise<JournalHead> {
  const { head } = await inWorkspace(database, { workspace, role: readerOf(workspace) }, readHead)
  return head ?? CHAIN_START
}
