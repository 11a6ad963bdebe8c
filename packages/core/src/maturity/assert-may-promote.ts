import { GovernanceError, type Maturity } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { hasHadHandIn } from '../agents/store.ts'
import type { Tx } from '../database/transaction.ts'
import type { Policy } from '../policy/policy.ts'
import { countOpenIncidents } from './incident-store.ts'
import { hasVouched, type MaturityRecord } from './store.ts'

/** A promotion that a person wants. */
export interface WantedPromotion {
  readonly record: MaturityRecord
  readonly to: Maturity
  readonly policy: Policy['promotion']
}

/**
 * Whether a person may promote an agent: nobody who has had a hand in it; to autonomous nobody who vouched for what it has
 * shown either; and nobody while an incident is open. Gives the rules that a workspace of one person relaxes.
 *
 * @throws GovernanceError `PERMISSION_DENIED`, `CONFLICT`.
 */
export async function assertMayPromote(
  tx: Tx,
  actor: Actor,
  { record, to, policy }: WantedPromotion,
): Promise<{ readonly relaxed: readonly 'hand'[] }> {
  const { agent, capability } = record
  const open = await countOpenIncidents(tx, agent)
  if (open > 0) {
    throw new GovernanceError('CONFLICT', {
      message: `The agent "${agent}" has ${open === 1 ? 'an open incident' : `${open} open incidents`}: it is not promoted meanwhile.`,
      hint: 'Close what was dealt with first.',
      details: { openIncidents: open },
    })
  }
  const hasHand = await hasHadHandIn(tx, agent, actor.principal.id)
  if (hasHand && !(policy.onePerson && to !== 'autonomous')) {
    throw denied(`Who owns the agent "${agent}", has owned it or has changed its owner cannot promote it.`)
  }
  if (to === 'autonomous' && (await hasVouched(tx, { agent, capability, by: actorName(actor) }))) {
    throw denied(
      `Who rated or decided what the agent "${agent}" has shown since it is supervised does not sign it off.`,
    )
  }
  return { relaxed: hasHand ? ['hand'] : [] }
}

function denied(message: string): GovernanceError {
  return new GovernanceError('PERMISSION_DENIED', { message, hint: 'Ask another administrator.' })
}
