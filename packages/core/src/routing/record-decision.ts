import {
  type Decision,
  type DeniedDecision,
  GovernanceError,
  type GrantUse,
  type StoredOutcome,
} from '@preceptor/client'
import { isNewBuild } from '../agents/fingerprint.ts'
import type { FailpointName } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { withDeadline } from '../kernel/deadline.ts'
import type { Attempt } from './attempt.ts'
import type {
  Claim,
  ClaimFor,
  PriorAttempt,
  PriorProposal,
  RedeemRequest,
  RepeatedAnswer,
  RuledAttempt,
} from './consequences.ts'
import { currentFacts } from './current-facts.ts'
import { decideByPrior } from './decide-by-prior.ts'
import type { Decided } from './decided.ts'
import type { Facts } from './facts.ts'
import { findGrant } from './find-grant.ts'
import type { Gate } from './gate.ts'
import { decisionDraft } from './journal-decision.ts'
import { checkLimits, consumeLimits } from './limits.ts'
import {
  approvedDecision,
  decisionFacts,
  deniedDecision,
  executionDecision,
  grantedDecision,
  proposalDecision,
  queueDecision,
  supervisionDecision,
  trainingDecision,
  waitingDecision,
} from './make-decision.ts'
import { ruleWithBypasses } from './rule-with-bypasses.ts'
import { ruledAttempt } from './ruled-attempt.ts'
import { type Ruling, ruleOn } from './ruling.ts'
import { timeLeft, transactionTime } from './time-left.ts'
import { ruleByWatch } from './watched-run.ts'

/** A decision as its transaction made it. */
interface Recorded {
  readonly decision: Decision
  /** The attempt with other args, where those were approved. */
  readonly attempt?: Attempt
  readonly claim: Claim | null
  readonly replay: StoredOutcome | null
}

/**
 * Decides in one transaction on facts that cannot change before it ends, and makes what follows durable with the journal
 * row. Past the deadline the attempt is denied; a claim that still comes through afterwards is released.
 */
export async function recordDecision(
  gate: Gate,
  attempt: Attempt,
  options: { readonly claimFor: ClaimFor | null },
): Promise<Decided> {
  const { context } = gate
  const input = { attempt, claimFor: options.claimFor }
  // The same key in two transactions at once: the second one starts over and finds what the first one wrote.
  const work = decideOnce(gate, input).catch((error: unknown) => {
    if (GovernanceError.isInstance(error) && error.code === 'IDEMPOTENCY_IN_FLIGHT') return decideOnce(gate, input)
    throw error
  })
  const recorded = await withDeadline(work, {
    milliseconds: timeLeft(context, attempt),
    onLate: (late) => late.claim && gate.consequences.release(attempt, late.claim),
  })
  await context.failpoint(reached(recorded))
  return { ...recorded, attempt: recorded.attempt ?? attempt }
}

/** The place that a decision has come to once it is committed. */
function reached({ claim, decision }: Recorded): FailpointName {
  if (claim !== null) return 'claim.after_commit'
  return decision.route === 'queue' ? 'enqueue.after_commit' : 'decide.after_commit'
}

interface DecideInput {
  readonly attempt: Attempt
  readonly claimFor: ClaimFor | null
  /** The agent, where the decision changes it and so holds it alone. */
  readonly changes?: string
}

async function decideOnce(gate: Gate, input: DecideInput): Promise<Recorded> {
  const recorded =
    (await decideHolding(gate, input)) ??
    (await decideHolding(gate, { ...input, changes: input.attempt.trigger.agent }))
  if (recorded === null) throw new GovernanceError('INTERNAL')
  return recorded
}

/** Null, and nothing done, when the agent must be held alone. */
function decideHolding(gate: Gate, input: DecideInput): Promise<Recorded | null> {
  const { context } = gate
  const { workspace } = input.attempt.actor
  const deadlineMs = transactionTime(context, input.attempt)
  return inWorkspace(context.database, { workspace, deadlineMs, retry: true, named: true }, async (tx) => {
    const recorded = await decideIn(gate, tx, input)
    if (recorded !== null) await context.failpoint('decide.before_commit')
    return recorded
  })
}

async function decideIn(gate: Gate, tx: Tx, input: DecideInput): Promise<Recorded | null> {
  const { attempt } = input
  let facts = await currentFacts(gate, tx, attempt, input.changes)
  const isKnown = attempt.keyed || attempt.trigger.permit !== undefined
  const prior = isKnown ? await gate.consequences.findPrior(tx, attempt) : undefined
  // What ran has used up its share already.
  const ruled = asDecidedOn(attempt, prior)
  const limits =
    prior?.kind === 'execution'
      ? []
      : await checkLimits(tx, { context: gate.context, attempt: ruled, policy: facts.policy })
  const asked = { attempt: ruled, facts, limits }
  // What people were asked about stays with them, and is ruled on by what the agent earned.
  const first = prior === undefined ? await ruleWithBypasses(gate, tx, asked) : ruleOn(ruled, facts, limits)
  const ruling = await ruleByWatch(gate, tx, { attempt: ruled, ruling: first })
  if (ruling.agent !== null && isNewBuild(ruling.agent, attempt.trigger.fingerprint)) {
    // Two decisions that hold an agent together could never both change it.
    if (input.changes === undefined) return null
    await gate.consequences.noteFingerprint(tx, { attempt, agent: ruling.agent })
    // What is claimed below is claimed by the agent as it is after that.
    facts = await currentFacts(gate, tx, attempt, input.changes)
  }
  if (prior !== undefined && prior.kind !== 'execution' && ruling.route !== 'denied') {
    return followPrior(gate, tx, { ...input, ruling, prior, facts })
  }
  const recorded = await follow(gate, tx, {
    ...input,
    facts,
    ruling,
    answer: prior?.kind === 'execution' ? prior.answer : null,
  })
  await gate.context.journal.append(tx, decisionDraft(attempt, recorded.decision, ruling.agent))
  return recorded
}

/** What people decide on is ruled on: a reviewer may have made other args of it. */
function asDecidedOn(attempt: Attempt, prior: PriorAttempt | undefined): Attempt {
  const { resolution } = attempt
  if (prior?.kind !== 'proposal' || resolution.status !== 'resolved') return attempt
  return { ...attempt, resolution: { ...resolution, args: prior.args, argsHash: prior.versionHash } }
}

interface PriorInput extends DecideInput {
  readonly facts: Facts
  readonly ruling: Ruling
  readonly prior: Exclude<PriorAttempt, { kind: 'execution' }>
}

async function followPrior(gate: Gate, tx: Tx, input: PriorInput): Promise<Recorded> {
  const { attempt, claimFor, prior, ruling, facts } = input
  const answer = decideByPrior(input)
  const { decision } = answer
  const { journal } = gate.context
  const watched = isWatchable(input, decision) ? await watchQueued(gate, tx, input) : null
  if (watched !== null) return watched
  const mayRun = prior.kind === 'proposal' && isClaimable(prior, decision)
  if (!mayRun || claimFor === null) {
    // The same decision again is on record already.
    if (decision.id === attempt.decisionId) await journal.append(tx, decisionDraft(attempt, decision, ruling.agent))
    return { ...answer, claim: null }
  }
  const recorded = await runApproved(gate, tx, { attempt, claimFor, facts, ruling, proposalId: prior.proposal.id })
  await journal.append(tx, decisionDraft(recorded.attempt ?? attempt, recorded.decision, ruling.agent))
  return recorded
}

/** Whoever comes back for what waits in the queue runs it, as soon as somebody can watch. */
function isWatchable({ prior, claimFor, ruling }: PriorInput, { route }: Decision): boolean {
  if (prior.kind !== 'queue' || prior.state !== 'pending' || route !== 'queue' || claimFor !== 'guard') return false
  return ruling.route === 'supervision' || ruling.route === 'execution'
}

async function watchQueued(
  gate: Gate,
  tx: Tx,
  { attempt, ruling, facts }: Pick<FollowInput, 'attempt' | 'ruling' | 'facts'>,
): Promise<Recorded | null> {
  const sessionId = await gate.consequences.watch(tx, { ruled: ruledAttempt(attempt, ruling, facts), isAwaited: true })
  if (sessionId === null) return null
  const decision = supervisionDecision(decisionFacts(attempt, ruling, facts.policy.version), sessionId)
  await gate.context.journal.append(tx, decisionDraft(attempt, decision, ruling.agent))
  return only(decision)
}

function isClaimable({ state }: PriorProposal, decision: Decision): boolean {
  if (state === 'approved') return decision.route === 'proposal' && decision.proposal.runnableAt === undefined
  // The claim looks at whether it may run twice.
  return state === 'outcome_unknown'
}

async function runApproved(gate: Gate, tx: Tx, input: RedeemRequest & { readonly ruling: Ruling }): Promise<Recorded> {
  const { attempt, ruling, facts } = input
  const redeemed = await gate.consequences.redeem(tx, input)
  const stated = decisionFacts(attempt, ruling, facts.policy.version)
  switch (redeemed.result) {
    case 'refused':
      return only(deniedDecision(stated, redeemed.code, redeemed.reason))
    case 'waiting':
      return only(waitingDecision(stated, redeemed))
    case 'returned':
      return only(proposalDecision({ ...stated, reason: redeemed.reason }, redeemed.proposal))
    case 'answered':
      return { ...answerToClaim(redeemed.answer, stated), attempt: redeemed.attempt }
    case 'claimed': {
      const { rule } = redeemed.ruling
      await consumeLimits(tx, { context: gate.context, attempt: redeemed.attempt, rule, claim: redeemed.claim })
      const approved = decisionFacts(redeemed.attempt, redeemed.ruling, facts.policy.version)
      const { claim, approval } = redeemed
      return { decision: approvedDecision(approved, approval), claim, replay: null, attempt: redeemed.attempt }
    }
    default:
      return redeemed satisfies never
  }
}

interface FollowInput extends DecideInput {
  readonly facts: Facts
  readonly ruling: Ruling
  /** What the same attempt, claimed before, answers: never another claim, which the rules may not allow any more. */
  readonly answer: RepeatedAnswer | null
}

async function follow(gate: Gate, tx: Tx, input: FollowInput): Promise<Recorded> {
  const { attempt, ruling, facts, answer } = input
  const stated = decisionFacts(attempt, ruling, facts.policy.version)
  if (ruling.route === 'denied') return only(deniedDecision(stated, ruling.code ?? 'INTERNAL', ruling.reason))
  if (answer !== null) return answerToClaim(answer, stated)
  const ruled = ruledAttempt(attempt, ruling, facts)
  switch (ruling.route) {
    case 'execution':
      return input.claimFor === null
        ? only(executionDecision(stated, ruling))
        : claimAndAnswer(gate, tx, { ...input, ruled, claimFor: input.claimFor, grant: null })
    case 'training':
      return only(trainingDecision(stated, await gate.consequences.train(tx, ruled)))
    case 'proposal': {
      const { claimFor } = input
      const grant = facts.anyGrant === false ? undefined : await findGrant(gate, tx, { ruled, hold: claimFor !== null })
      if (grant !== undefined) {
        return claimFor === null
          ? only(grantedDecision(stated, grant))
          : claimAndAnswer(gate, tx, { ...input, ruled: { ...ruled, grantId: grant.id }, claimFor, grant })
      }
      const isAwaited = claimFor !== null
      return only(proposalDecision(stated, await gate.consequences.propose(tx, { ruled, isAwaited })))
    }
    case 'supervision': {
      const supervised = await gate.consequences.supervise(tx, { ruled, isAwaited: input.claimFor !== null })
      if (supervised.result === 'session') return only(supervisionDecision(stated, supervised.sessionId))
      const reason = `${stated.reason} Nobody can watch it now.`
      return only(queueDecision({ ...stated, reason }, supervised.queueEntry))
    }
    default:
      return ruling.route satisfies never
  }
}

function only<Kind extends Decision>(decision: Kind): Recorded & { readonly decision: Kind } {
  return { decision, claim: null, replay: null }
}

async function claimAndAnswer(
  gate: Gate,
  tx: Tx,
  input: FollowInput & {
    readonly ruled: RuledAttempt
    readonly claimFor: ClaimFor
    readonly grant: GrantUse | null
  },
): Promise<Recorded> {
  const { attempt, ruling, ruled, facts, claimFor, grant } = input
  const stated = decisionFacts(attempt, ruling, facts.policy.version)
  // Reading twice does no harm and is not worth a row.
  if (ruled.risk === 'safe' && grant === null) {
    await consumeLimits(tx, { context: gate.context, attempt, rule: ruling.rule, claim: null })
    return only(executionDecision(stated, ruling))
  }
  const result = await gate.consequences.claim(tx, { ruled, claimFor })
  if (result.result === 'claimed') {
    await consumeLimits(tx, { context: gate.context, attempt, rule: ruling.rule, claim: result.claim })
    const decision =
      grant === null
        ? executionDecision(stated, ruling)
        : grantedDecision(stated, await gate.consequences.useGrant(tx, grant.id))
    return { decision, claim: result.claim, replay: null }
  }
  return answerToClaim(result, stated)
}

/** What a claim that failed means for the decision. */
export function answerToClaim(
  result: RepeatedAnswer,
  stated: Parameters<typeof deniedDecision>[0],
): Recorded & { readonly decision: DeniedDecision } {
  switch (result.result) {
    case 'settled': {
      const reason = `The same attempt was executed by decision ${result.decisionId}.`
      return { decision: deniedDecision(stated, 'ALREADY_EXECUTED', reason), claim: null, replay: result.outcome }
    }
    case 'in_progress':
      return only(deniedDecision(stated, 'EXECUTION_IN_PROGRESS', 'The same attempt is being executed now.'))
    case 'unknown':
      return only(deniedDecision(stated, 'OUTCOME_UNKNOWN', 'The same attempt was started and its outcome is unknown.'))
    case 'other_args':
      return only(
        deniedDecision(
          stated,
          'IDEMPOTENCY_KEY_REUSED',
          'The idempotency key was used with another action or other arguments.',
        ),
      )
    default:
      return result satisfies never
  }
}
