import type { JournalVerification } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import { verifyJournal } from '../journal/verify.ts'

/** Verifies the journal of a workspace and tells the host's log when it is broken. */
export async function checkJournal(context: GovernorContext, workspace: string): Promise<JournalVerification> {
  const verification = await verifyJournal(context, workspace, { checkpoints: context.checkpoints })
  if (verification.problem !== null) {
    const { sequence, what } = verification.problem
    const place = sequence === null ? '' : ` at sequence ${sequence}`
    const message = `The journal of "${workspace}" does not verify${place}: ${what}`
    context.report({ level: 'error', code: 'JOURNAL_BROKEN', message })
  }
  return verification
}
