import { type Decision, type DecisionRecord, GovernanceError, type JsonObject } from '@preceptor/client'
import type { Actor } from './access/actor.ts'
import { authorize, mayRead, visibleArgs } from './access/authorize.ts'
import { recordNotFound } from './access/record-list-query.ts'
import type { GovernorContext } from './context.ts'
import { inWorkspace } from './database/transaction.ts'
import { findExecutionRecord } from './executions/store.ts'
import { listJournal } from './journal/list-journal.ts'

/**
 * Explains a decision from the journal, with the execution that followed.
 *
 * @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function readDecision(context: GovernorContext, actor: Actor, id: string): Promise<DecisionRecord> {
  authorize(actor, 'decisions.get')
  const { workspace } = actor
  const query = { subject: id, kind: 'decision.made', limit: 1 }
  const { items } = await listJournal(context, { workspace, query, only: null })
  const [entry] = items
  if (entry === undefined || !mayRead(actor, 'decisions.get', entry)) throw recordNotFound('decision', id)
  const { decision, actor: asker, args } = entry.body
  if (!isObject(decision) || typeof asker !== 'string' || !isObject(args)) throw new GovernanceError('FACT_INVALID')
  const execution = await inWorkspace(context.database, { workspace }, (tx) => findExecutionRecord(tx, id))
  return {
    workspace,
    // The journal is written by this product alone and is sealed; the shape was checked above.
    decision: decision as unknown as Decision,
    actor: asker,
    args: visibleArgs(actor, 'decisions.get', args),
    execution: execution ?? null,
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
