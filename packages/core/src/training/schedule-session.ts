import { type Agent, GovernanceError, type TrainingApproval, type TrainingProposal } from '@preceptor/client'
import { z } from 'zod'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { chooseScenarios } from './choose-scenarios.ts'
import { listBlockedCalls, listReviewedCalls } from './own-scenario-store.ts'
import { ownScenarios } from './own-scenarios.ts'
import { scenarioCatalogue } from './scenario-catalogue.ts'
import { insertRuns } from './scenario-run-store.ts'
import { insertSession } from './session-store.ts'
import type { TrainingDependencies } from './training-dependencies.ts'

/** An approved course, and how it is to be held. */
export interface Scheduling {
  readonly proposal: TrainingProposal
  readonly agent: Agent
  readonly approval: TrainingApproval
  /** Who approved it. */
  readonly by: string
}

const HOURS_PER_DAY = 8
const MOST_HOURS = 400
const DAY_MS = 86_400_000

const planned = z.looseObject({
  estimate: z.looseObject({ hours: z.number() }),
  // What the meta-agent chose.
  scenarios: z.array(z.string()).default([]),
})

/**
 * Schedules the session of a course from now on, with the scenarios as they are now and those of the agent's own calls;
 * gives its id.
 */
export async function scheduleSession(
  dependencies: TrainingDependencies,
  tx: Tx,
  { proposal, agent, approval, by }: Scheduling,
): Promise<string> {
  const { context } = dependencies
  const { gaps, capability } = proposal
  const plan = planned.parse(proposal.plan)
  const catalogue = await scenarioCatalogue(dependencies, tx)
  const calls = [...(await listReviewedCalls(tx, agent.id)), ...(await listBlockedCalls(tx, proposal.id))]
  const beside = chooseScenarios({ gaps, catalogue, wanted: plan.scenarios })
  const chosen = [...beside, ...ownScenarios({ gaps, calls, beside })]
  if (chosen.length === 0) {
    throw new GovernanceError('CONFLICT', { message: 'There is no scenario for any of the gaps.' })
  }
  const now = context.clock.now()
  const durationHours = approval.durationHours ?? Math.min(MOST_HOURS, plan.estimate.hours)
  const hoursPerDay = approval.hoursPerDay ?? HOURS_PER_DAY
  const session = {
    id: context.ids.next('trs'),
    agent: agent.id,
    trainingProposalId: proposal.id,
    capability,
    category: agent.category?.toLowerCase() ?? null,
    gaps,
    durationHours,
    hoursPerDay,
    startsAt: isoTime(now),
    endsAt: isoTime(now + Math.ceil(durationHours / hoursPerDay) * DAY_MS),
    approvedBy: by,
    at: isoTime(now),
  }
  await insertSession(tx, session)
  await insertRuns(tx, session.id, chosen)
  const { startsAt, endsAt } = session
  await context.journal.append(tx, {
    kind: 'training_session.scheduled',
    subject: session.id,
    agent: agent.id,
    body: {
      actor: by,
      trainingProposal: proposal.id,
      durationHours,
      hoursPerDay,
      startsAt,
      endsAt,
      scenarios: chosen.map(({ id, version }) => `${id} ${version}`),
    },
  })
  return session.id
}
