import { GovernanceError } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { EffectiveRule, Policy } from '../policy/policy.ts'
import type { Limit } from '../policy/policy-document.ts'
import { type Attempt, agentsOf } from './attempt.ts'
import type { Claim } from './consequences.ts'
import { checkLimit, costOf, countersOf, inOneOrder, type LimitedAttempt, type LimitUse } from './limit-rule.ts'
import { consumeLimit, readLimitUse } from './limit-store.ts'
import type { LimitCheck } from './ruling.ts'

/** Looks at how much of some limits is used, and needed now. */
export async function readLimitUses(tx: Tx, asked: LimitedAttempt): Promise<readonly LimitUse[]> {
  const uses: LimitUse[] = []
  for (const { limit, counter } of countersOf(asked)) {
    const cost = counter === null ? null : costOf(limit, asked.args)
    uses.push({ limit, counter, cost, used: counter === null ? 0 : await readLimitUse(tx, counter) })
  }
  return uses
}

interface LimitQuestion {
  readonly context: Pick<GovernorContext, 'clock'>
  readonly attempt: Attempt
}

/** Looks at what is left of the limits of an attempt, without using any of it. */
export async function checkLimits(
  tx: Tx,
  question: LimitQuestion & { readonly policy: Policy },
): Promise<readonly LimitCheck[]> {
  const { attempt, policy } = question
  const limits = attempt.resolution.status === 'resolved' ? policy.ruleFor(attempt.resolution.action).limits : []
  const uses = await readLimitUses(tx, limitedAttempt(question, limits))
  return uses.map(checkLimit)
}

/**
 * Uses up the limits of an attempt that is about to run, in the transaction that lets it run. Under shadow they are
 * counted as far as they reach.
 *
 * @throws GovernanceError `LIMIT_EXCEEDED` when another attempt used up the rest meanwhile.
 */
export async function consumeLimits(
  tx: Tx,
  use: LimitQuestion & { readonly rule: EffectiveRule | null; readonly claim: Claim | null },
): Promise<void> {
  const { attempt, rule, claim } = use
  const limited = limitedAttempt(use, rule?.limits ?? [])
  for (const { limit, counter } of inOneOrder(countersOf(limited))) {
    const cost = costOf(limit, limited.args) ?? Number.POSITIVE_INFINITY
    const { most } = limit
    if ((counter !== null && (await consumeLimit(tx, { ...counter, most, cost, claim }))) || rule?.shadow) continue
    throw new GovernanceError('LIMIT_EXCEEDED', {
      message: `The limit "${limit.name}" of ${limit.most} per ${limit.per} was used up before ${attempt.trigger.action}.`,
    })
  }
}

function limitedAttempt({ context, attempt }: LimitQuestion, limits: readonly Limit[]): LimitedAttempt {
  const { trigger, resolution } = attempt
  return {
    agents: agentsOf(trigger),
    args: resolution.status === 'resolved' ? resolution.args : {},
    resource: trigger.resource ?? null,
    limits,
    // What waited for a supervisor or an approval counts for the window in which it runs.
    at: isoTime(context.clock.now()),
  }
}
