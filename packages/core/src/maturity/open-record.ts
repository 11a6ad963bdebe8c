import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { STARTING_CONFIDENCE } from './levels.ts'
import { WHOLE_AGENT } from './record-capability.ts'
import { insertRecord, lockRecord, type MaturityRecord } from './store.ts'

/** A record that is needed, and who needs it. */
export interface RecordRequest {
  readonly agent: string
  readonly capability: string
  readonly actor: string
}

/**
 * Reads a record and holds it; that of a capability which the agent has not shown yet is opened, as that of a student.
 * Undefined when there is no such agent.
 */
export async function openRecord(
  context: GovernorContext,
  tx: Tx,
  request: RecordRequest,
): Promise<MaturityRecord | undefined> {
  const { agent, capability, actor } = request
  const known = await lockRecord(tx, request)
  if (known !== undefined || capability === WHOLE_AGENT) return known
  const entryId = context.ids.next('cfe')
  const at = isoTime(context.clock.now())
  const confidence = STARTING_CONFIDENCE
  if (await insertRecord(tx, { agent, capability, confidence, entryId, actor, at })) {
    const body = { actor, capability, kind: 'registration', requested: confidence, applied: confidence, confidence }
    const source = `registration:${capability}`
    await context.journal.append(tx, { kind: 'confidence.changed', subject: entryId, agent, body: { ...body, source } })
  }
  return lockRecord(tx, request)
}
