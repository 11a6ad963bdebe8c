import type { JournalVerification } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import { verifyJournal } from '../journal/verify.ts'

/** Verifies the journal of a workspace and tells the host's log when it is broken. */
export async function checkJournal(context: GovernorContext, workspace: string): Promise<JournalVerification> {
  const verification = await verifyJournal(context, workspace)
  if (verification.problem !== null) {
    const { sequence, what } = verification.problem
    const message = `The journal of "${workspace}" does not verify at sequence ${sequence}: ${what}`
    context.report({ level: 'error', code: 'JOURNAL_BROKEN', message })
  }
  return verification
}
