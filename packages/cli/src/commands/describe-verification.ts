import { ERROR_CODES, type JournalVerification } from '@preceptor/client'
import { plain } from '../table.ts'

/** What a verification found, for people. */
export function describeVerification(workspace: string, found: JournalVerification): string {
  const { ok, checked, unsealed, head, problem } = found
  const rows = `${checked} rows checked, ${unsealed} wait to be sealed\nAnchor     ${describeAnchor(found)}`
  if (ok) return `Journal    ${workspace}: verified\n           ${rows}\nHead       ${head.sequence} ${head.hash}`
  const where = problem?.sequence == null ? '' : ` at ${problem.sequence}`
  const what = plain(problem?.what ?? 'unknown')
  return `Journal    ${workspace}: BROKEN${where}: ${what}\n           ${rows}\n${ERROR_CODES.JOURNAL_BROKEN.advice}`
}

function describeAnchor({ anchor }: JournalVerification): string {
  if (anchor === null) return 'not anchored: no checkpoints are kept outside the database'
  const { checkpoints, sequence, takenAt } = anchor
  if (takenAt === null) return `${checkpoints} checkpoints, none that the journal agrees with`
  return `${checkpoints} checkpoints, up to ${sequence} of ${takenAt}`
}
