import { inWorkspace, type PluginJob, type Tx } from '@preceptor/core/plugin'
import { recordFeedback } from '../feedback/record-feedback.ts'
import type { FeedbackPorts } from '../ports/feedback-ports.ts'
import { findUncaptured, holdPlace, isCaptured, listSources, movePlace, readHead } from './capture-store.ts'
import { readSource } from './read-source.ts'

// Rows of the journal that one transaction goes through; few of them are corrections.
const ROWS = 500

/**
 * Captures corrections where core recorded them. The place in the journal moves on in the transaction that writes what
 * was found there, so that nothing is lost or captured twice, however often it is cut off and in however many processes it
 * runs.
 */
export function captureJob(ports: FeedbackPorts): PluginJob {
  return {
    pattern: '15 * * * * *',
    isReconciled: true,
    find: (tx) => findUncaptured(tx),
    run: ({ workspace }) => captureCorrections(ports, workspace),
  }
}

/** Captures what a journal holds by now. */
async function captureCorrections(ports: FeedbackPorts, workspace: string): Promise<void> {
  const { database } = ports.context
  // What comes while it is read is for the next time.
  const head = await inWorkspace(database, { workspace }, readHead)
  while (await inWorkspace(database, { workspace, retry: true }, (tx) => capturePart(ports, tx, head)));
}

/** Captures one part; whether there is more. */
async function capturePart(ports: FeedbackPorts, tx: Tx, head: number): Promise<boolean> {
  const after = await holdPlace(tx)
  if (after >= head) return false
  const to = Math.min(after + ROWS, head)
  for (const row of await listSources(tx, { after, to })) {
    const draft = (await isCaptured(tx, row.id)) ? null : await readSource(tx, row)
    if (draft !== null) await recordFeedback(ports, tx, draft)
  }
  await movePlace(tx, to)
  return to < head
}
