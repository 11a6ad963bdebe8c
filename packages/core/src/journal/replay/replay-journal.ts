import { GovernanceError } from '@preceptor/client'
import { readExportLine, readHeader } from '../export/export-lines.ts'
import { linesOf } from '../export/lines-of.ts'
import { replayRow } from './replay-row.ts'
import type { ReplayedWorkspace, Replaying } from './replayed-state.ts'

/**
 * Builds the final state of a workspace from an export of its journal alone (`jsonl`, whole, in pieces of any length): no
 * database is asked. Verify the export first; here it is believed.
 *
 * @throws GovernanceError `INPUT_INVALID` for what is no whole export.
 * @example
 * ```ts
 * import { createReadStream } from 'node:fs'
 * import { replayJournal } from '@preceptor/core'
 *
 * export async function openProposals(path: string): Promise<number> {
 *   const { proposals } = await replayJournal(createReadStream(path, 'utf8'))
 *   return [...proposals.values()].filter(({ state }) => state === 'pending').length
 * }
 * ```
 */
export async function replayJournal(text: AsyncIterable<string>): Promise<ReplayedWorkspace> {
  const lines = linesOf(text)
  const first = (await lines.next()).value
  const header = typeof first === 'string' ? readHeader(first) : undefined
  if (header === undefined || header.filter !== null || header.from.sequence !== 0) {
    throw new GovernanceError('INPUT_INVALID', {
      message: 'It is no export of a whole journal.',
      hint: 'Export without after, agent and kind.',
    })
  }
  const state: Replaying = {
    agents: new Map(),
    proposals: new Map(),
    executions: new Map(),
    trainingProposals: new Map(),
    trainingSessions: new Map(),
    supervisionSessions: new Map(),
    queueEntries: new Map(),
    stops: new Map(),
    grants: new Map(),
  }
  let sequence = 0
  for await (const line of lines) {
    const row = readExportLine(line)?.row
    if (row?.sequence !== sequence + 1) {
      throw new GovernanceError('INPUT_INVALID', {
        message: `Row ${sequence + 1} of the export is missing or damaged.`,
      })
    }
    replayRow(state, row)
    sequence = row.sequence
  }
  if (sequence === header.to.sequence) return state
  throw new GovernanceError('INPUT_INVALID', { message: `The export ends at row ${sequence}, before its end.` })
}
