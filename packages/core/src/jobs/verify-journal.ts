import type { JournalVerification } from '@preceptor/client'
import { writeJournalCheck } from '../alerts/journal-alert-store.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { verifyJournal } from '../journal/verify.ts'
import { isoTime } from '../kernel/clock.ts'

const EVERYTHING = '*'

/** Verifies the journal of a workspace, notes what was found, and tells the host's log when it is broken. */
export async function checkJournal(context: GovernorContext, workspace: string): Promise<JournalVerification> {
  const verification = await verifyJournal(context, workspace, { checkpoints: context.checkpoints })
  const problem = verification.problem === null ? null : verification.problem.what
  // That of everything together belongs to no workspace that could be told.
  if (workspace !== EVERYTHING) await noteCheck(context, workspace, problem)
  if (verification.problem !== null) {
    const { sequence, what } = verification.problem
    const place = sequence === null ? '' : ` at sequence ${sequence}`
    const message = `The journal of "${workspace}" does not verify${place}: ${what}`
    context.report({ level: 'error', code: 'JOURNAL_BROKEN', message })
  }
  return verification
}

function noteCheck(context: GovernorContext, workspace: string, problem: string | null): Promise<void> {
  const check = { at: isoTime(context.clock.now()), problem }
  return inWorkspace(context.database, { workspace }, (tx) => writeJournalCheck(tx, check))
}
