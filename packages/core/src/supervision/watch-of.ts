import type { Tx } from '../database/transaction.ts'
import type { RunWatch } from '../routing/consequences.ts'
import { findRunSession } from './store.ts'

/** What watching over a run means for its next attempt: a run that was terminated makes none. */
export async function watchOf(tx: Tx, run: { readonly agent: string; readonly run: string }): Promise<RunWatch> {
  const session = await findRunSession(tx, run)
  if (session === undefined) return 'unwatched'
  return session.state === 'terminated' ? 'terminated' : 'watched'
}
