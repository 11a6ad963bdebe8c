import { GovernanceError, type JsonObject, type Maturity } from '@preceptor/client'
import { bumpEpoch } from '../agents/store.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { compareMaturity, stepUp } from './levels.ts'
import { insertTransition, type MaturityRecord } from './store.ts'

/** Why maturity changes. */
export type TransitionCause = 'band' | 'evidence' | 'person' | 'incident' | 'confidence' | 'change'

/** One change of maturity, asked for. */
export interface TransitionRequest {
  readonly record: MaturityRecord
  readonly to: Maturity
  readonly cause: TransitionCause
  readonly actor: string
  readonly reason: string
  /** Ids of the ledger entries that carry it. */
  readonly evidence: readonly string[]
  /** What the journal says of it besides. */
  readonly details?: JsonObject
}

/**
 * Changes the maturity of an agent: the only writer of that fact. One step up at a time, any number of steps down. A
 * step down bumps the epoch of the agent in the same transaction, which cancels what was decided before.
 *
 * @throws GovernanceError `CONFLICT` for no step, more than one step up, or a record that changed meanwhile.
 */
export async function transition(
  context: GovernorContext,
  tx: Tx,
  request: TransitionRequest,
): Promise<MaturityRecord> {
  const { record, to } = request
  const direction = compareMaturity(to, record.maturity)
  if (direction === 0 || (direction > 0 && stepUp(record.maturity) !== to)) {
    throw new GovernanceError('CONFLICT', {
      message: `The agent "${record.agent}" is ${record.maturity}: it cannot become ${to} in one step.`,
      details: { maturity: record.maturity },
    })
  }
  const at = isoTime(context.clock.now())
  const id = context.ids.next('mtr')
  const row = {
    ...request,
    id,
    agent: record.agent,
    capability: record.capability,
    from: record.maturity,
    createdAt: at,
  }
  if (!(await insertTransition(tx, row))) throw new GovernanceError('CONFLICT')
  if (direction < 0) await bumpEpoch(tx, record.agent, at)
  await context.journal.append(tx, {
    kind: direction > 0 ? 'agent.promoted' : 'agent.demoted',
    subject: id,
    agent: record.agent,
    body: {
      ...request.details,
      actor: request.actor,
      capability: record.capability,
      from: record.maturity,
      to,
      cause: request.cause,
      reason: redactText(request.reason),
      evidence: [...request.evidence],
      confidence: record.confidence,
    },
  })
  return { ...record, maturity: to, detector: null }
}
