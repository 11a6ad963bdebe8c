import { GovernanceError, type Trigger } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Attempt } from '../routing/attempt.ts'
import type { Facts } from '../routing/facts.ts'
import type { Gate } from '../routing/gate.ts'
import { checkLimits } from '../routing/limits.ts'
import { assertResolved } from '../routing/resolve-action.ts'
import { type Ruling, ruleOn } from '../routing/ruling.ts'
import type { BoundProposal } from './approval-store.ts'

/** A proposal, to be ruled on as if it were attempted now. */
export interface ProposalRuling {
  readonly actor: Actor
  readonly proposal: BoundProposal
  readonly facts: Facts
  readonly resolution: Attempt['resolution'] | null
  /** Whether a limit that is used up now denies it; else that is looked at when it runs. */
  readonly isLimited: boolean
}

/**
 * Rules on what was proposed by what holds now; it is still of the source that it came from, not of the reviewer.
 *
 * @throws GovernanceError `ACTION_UNKNOWN`, `ARGS_INVALID`, or the code by which the rules deny it.
 */
export async function ruleOnProposal(
  gate: Gate,
  tx: Tx,
  input: ProposalRuling,
): Promise<{ readonly ruling: Ruling; readonly resolved: ReturnType<typeof assertResolved> }> {
  const { resolution, facts, proposal } = input
  if (resolution === null) {
    throw new GovernanceError('ACTION_UNKNOWN', {
      message: `The action "${proposal.action}" is not registered in this process, which cannot rule on it.`,
    })
  }
  if (resolution.status === 'unresolved') throw new GovernanceError(resolution.code, { message: resolution.reason })
  const attempt = attemptOf(gate, input, resolution)
  const asked = { context: gate.context, attempt, policy: facts.policy }
  const ruling = ruleOn(attempt, facts, input.isLimited ? await checkLimits(tx, asked) : [])
  if (ruling.route === 'denied') throw new GovernanceError(ruling.code ?? 'CONFLICT', { message: ruling.reason })
  return { ruling, resolved: assertResolved(resolution) }
}

function attemptOf(gate: Gate, { actor, proposal }: ProposalRuling, resolution: Attempt['resolution']): Attempt {
  const { agent, action, type, resource, delegation, idempotencyKey } = proposal
  const resolved = assertResolved(resolution)
  const trigger: Trigger = {
    agent,
    action,
    digest: resolved.action.digest,
    args: resolved.args,
    ...(type === null ? {} : { type }),
    ...(resource === null ? {} : { resource }),
    ...(delegation.length === 0 ? {} : { delegation }),
  }
  const { clock } = gate.context
  return {
    actor: { ...actor, source: proposal.source },
    trigger,
    keyed: true,
    idempotencyKey,
    decisionId: proposal.decisionId,
    decidedAt: isoTime(clock.now()),
    startedAt: clock.monotonic(),
    resolution,
  }
}
