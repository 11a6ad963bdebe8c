import { GovernanceError, type TrainingDecision } from '@preceptor/client'
import { actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { isoTime } from '../kernel/clock.ts'
import type { RuledAttempt } from '../routing/consequences.ts'
import type { PastTraining } from './estimate.ts'
import { planTraining } from './plan-training.ts'
import { pastTrainings } from './session-store.ts'
import { insertBlockedTrigger, type NewTrainingProposal, openTrainingProposal } from './store.ts'

/** Blocks an attempt of a student: a blocked trigger, and one open training proposal per agent and gap set. */
export async function block(
  context: GovernorContext,
  tx: Tx,
  ruled: RuledAttempt,
): Promise<Pick<TrainingDecision, 'blockedTrigger' | 'trainingProposal'>> {
  const history = await pastTrainings(tx, ruled.agent.category)
  const wanted = newProposal(context, ruled, history)
  const trainingProposal = await openTrainingProposal(tx, wanted)
  const id = await writeBlock(context, tx, { ruled, trainingProposalId: trainingProposal.id })
  if (trainingProposal.id === wanted.id) {
    await context.journal.append(tx, {
      kind: 'training_proposal.created',
      subject: wanted.id,
      agent: wanted.agent,
      body: {
        actor: actorName(ruled.attempt.actor),
        decisionId: ruled.attempt.decisionId,
        capability: wanted.capability,
        gaps: [...wanted.gaps],
        title: wanted.title,
      },
    })
  }
  return { blockedTrigger: { id }, trainingProposal }
}

function newProposal(
  context: GovernorContext,
  { agent, action, attempt }: RuledAttempt,
  history: readonly PastTraining[],
): NewTrainingProposal {
  const { gaps, title, plan } = planTraining({
    agent,
    capability: action.capability,
    type: attempt.trigger.type ?? null,
    history,
  })
  return {
    id: context.ids.next('trp'),
    agent: agent.id,
    capability: action.capability,
    gaps,
    gapKey: hashCanonical([...gaps].sort()),
    title,
    plan,
    at: isoTime(context.clock.now()),
  }
}

async function writeBlock(
  context: GovernorContext,
  tx: Tx,
  { ruled, trainingProposalId }: { readonly ruled: RuledAttempt; readonly trainingProposalId: string },
): Promise<string> {
  const { attempt, agent, action, args, argsHash, ruling } = ruled
  const { trigger } = attempt
  const id = context.ids.next('blk')
  const written = await insertBlockedTrigger(tx, {
    id,
    agent: agent.id,
    decisionId: attempt.decisionId,
    idempotencyKey: attempt.idempotencyKey,
    source: attempt.actor.source,
    type: trigger.type ?? null,
    action: action.name,
    args,
    sensitive: action.sensitivePaths,
    argsHash,
    context: trigger.context ?? null,
    resource: trigger.resource ?? null,
    maturity: ruling.maturity ?? agent.maturity,
    confidence: agent.confidence,
    route: 'training',
    trainingProposalId,
    askedBy: actorName(attempt.actor),
    delegation: trigger.delegation ?? [],
    at: isoTime(context.clock.now()),
  })
  // The same key in two transactions at once: the second one starts over and finds what the first one wrote.
  if (!written) throw new GovernanceError('IDEMPOTENCY_IN_FLIGHT')
  return id
}
