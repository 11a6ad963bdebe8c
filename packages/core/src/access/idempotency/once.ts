import { GovernanceError, type OnceRequest, type StoredAnswer } from '@preceptor/client'
import { z } from 'zod'
import type { GovernorContext } from '../../context.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { redactName } from '../../journal/redact-name.ts'
import { isoTime } from '../../kernel/clock.ts'
import { actorName } from '../actor.ts'
import { parseInput } from '../parse-input.ts'
import { dropClaim, findClaim, insertClaim, type OnceClaim, type OnceRow, settleClaim, takeClaim } from './store.ts'

const RETENTION_MS = 24 * 3_600_000
// Whoever claimed a key and has not answered after this time is taken for dead.
const ABANDONED_AFTER_MS = 60_000

const input = z.object({
  operation: z.string().min(1).max(100),
  key: z.string().min(1).max(200).transform(redactName),
  requestHash: z.string().regex(/^[0-9a-f]{64}$/),
})

/**
 * Runs `work` once for an idempotency key of a principal and operation, and answers a repeat within 24 h with the answer
 * of the first call. The claim is committed before `work` runs, the answer after. Work that throws changed nothing that
 * a repeat must not try again: its claim is given up. A claim that was left behind by a crash may be taken over after
 * 60 s by the same request.
 *
 * @throws GovernanceError `INPUT_INVALID`, `IDEMPOTENCY_KEY_REUSED`, `IDEMPOTENCY_IN_FLIGHT`, `IDEMPOTENCY_SECRET`, the
 * code of a fault, or what `work` throws.
 */
export async function once(
  context: GovernorContext,
  request: OnceRequest,
  work: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const { operation, key, requestHash } = parseInput(input, request, 'request')
  const now = context.clock.now()
  const claim: OnceClaim = {
    principal: actorName(request.identity),
    operation,
    key,
    requestHash,
    at: isoTime(now),
    expiresAt: isoTime(now + RETENTION_MS),
  }
  const scope = { workspace: request.identity.workspace }
  const known = await inWorkspace(context.database, scope, async (tx) => {
    if (await insertClaim(tx, claim)) return null
    const row = await findClaim(tx, claim)
    // Given up or cleaned away since the insertion saw it.
    if (row === undefined) throw new GovernanceError('IDEMPOTENCY_IN_FLIGHT')
    if (!mayTake(row, claim)) return answerOf(row, claim)
    if (!(await takeClaim(tx, claim, row))) throw new GovernanceError('IDEMPOTENCY_IN_FLIGHT')
    return null
  })
  if (known !== null) return known
  let answer: StoredAnswer
  try {
    answer = await work()
  } catch (error) {
    await giveUp(context, request, claim)
    throw error
  }
  await settle(context, request, { claim, answer })
  await context.failpoint('reply.before_send')
  return answer
}

function mayTake(row: OnceRow, claim: OnceClaim): boolean {
  if (row.expiresAt <= claim.at) return true
  const isAbandoned = Date.parse(claim.at) - Date.parse(row.claimedAt) >= ABANDONED_AFTER_MS
  return row.state === 'in_flight' && isAbandoned && row.requestHash === claim.requestHash
}

function answerOf(row: OnceRow, claim: OnceClaim): StoredAnswer {
  if (row.requestHash !== claim.requestHash) throw new GovernanceError('IDEMPOTENCY_KEY_REUSED')
  if (row.state === 'secret') throw new GovernanceError('IDEMPOTENCY_SECRET')
  if (row.answer === null) throw new GovernanceError('IDEMPOTENCY_IN_FLIGHT')
  return row.answer
}

/** The work is done and stands: that its answer could not be stored must not turn it into an error. */
async function settle(
  context: GovernorContext,
  request: OnceRequest,
  { claim, answer }: { readonly claim: OnceClaim; readonly answer: StoredAnswer },
): Promise<void> {
  try {
    const scope = { workspace: request.identity.workspace }
    await inWorkspace(context.database, scope, (tx) => settleClaim(tx, claim, answer))
  } catch (error) {
    report(context, 'The answer to an idempotency key could not be stored', error)
  }
}

async function giveUp(context: GovernorContext, request: OnceRequest, claim: OnceClaim): Promise<void> {
  try {
    await inWorkspace(context.database, { workspace: request.identity.workspace }, (tx) => dropClaim(tx, claim))
  } catch (error) {
    report(context, 'An idempotency key whose call failed could not be released', error)
  }
}

function report(context: GovernorContext, what: string, error: unknown): void {
  const code = GovernanceError.isInstance(error) ? error.code : 'INTERNAL'
  context.report({ level: 'warn', code, message: `${what}; a repeat is possible after 60 s.` })
}
