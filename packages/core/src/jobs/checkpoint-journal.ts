import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { takeCheckpoint } from '../journal/checkpoints/take-checkpoint.ts'
import { findJournals } from './store.ts'

/** Takes a checkpoint of a journal where one is due, and tells the host's log when none may be taken. */
export async function checkpointJournal(context: GovernorContext, workspace: string): Promise<void> {
  const { checkpoints } = context
  if (checkpoints?.canSign !== true) return
  const result = await takeCheckpoint(context, checkpoints, { workspace })
  if (result.outcome !== 'refused') return
  const { sequence, what } = result.problem
  const place = sequence === null ? '' : ` at sequence ${sequence}`
  const message = `No checkpoint of the journal of "${workspace}" is taken: it does not verify${place}: ${what}`
  context.report({ level: 'error', code: 'JOURNAL_BROKEN', message })
}

/** Finds the workspaces that have a journal, or had one when a checkpoint of it was taken. */
export async function findKnownJournals(
  tx: Tx,
  _at: string,
  { checkpoints }: Pick<GovernorContext, 'checkpoints'>,
): Promise<readonly string[]> {
  const present = await findJournals(tx)
  const known = (await checkpoints?.readEnd())?.last.keys() ?? []
  return [...new Set([...present, ...known])]
}
