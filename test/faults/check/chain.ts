import type { History } from '../history.ts'
import { type Findings, groupBy } from './verdict.ts'

/** The journal verified after every crash, every row is sealed, and the numbers have no gap. */
export function checkJournalIsWhole({ journal, verifications, workspaces }: History, findings: Findings): void {
  for (const { workspace, after, result } of verifications) {
    if (!result.ok)
      findings.violate('journal-broken', `The journal does not verify after ${after}.`, { workspace, result })
  }
  for (const workspace of workspaces) {
    if (!verifications.some((one) => one.workspace === workspace)) {
      findings.violate('journal-broken', 'A journal was never verified.', { workspace })
    }
  }
  for (const rows of groupBy(journal, ({ workspace }) => [workspace]).values()) {
    const workspace = rows[0]?.workspace
    // What stops everything stands in a journal that all rounds share.
    if (workspace === '*') continue
    const numbers = rows.map(({ sequence }) => sequence ?? 0).sort((one, other) => one - other)
    const wrong = numbers.findIndex((sequence, index) => sequence !== index + 1)
    if (wrong !== -1) {
      const what = 'The numbers of a journal have a gap, or a row has none.'
      findings.violate('sequence-gap', what, { workspace, at: wrong + 1, rows: rows.length })
    }
  }
}

/** No process ended by itself. */
export function checkProcessesLive({ ends }: History, findings: Findings): void {
  for (const end of ends) {
    if (end.how === 'died') findings.violate('process-died', 'A process ended by itself.', end)
  }
}
