import type { ErrorCode, ProposalState, Risk } from '@preceptor/client'

// What should happen, told a second time in as few words as possible and without a look at the code that is tested.

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
const PROPOSAL_TTL = 24 * HOUR
/** Who claims with a decision reports within this time. */
export const REPORT_WITHIN = 10 * MINUTE
/** What may run twice is tried so often at most. */
const MOST_ATTEMPTS = 3
/** A guard renews its claim within this time. */
export const GUARD_LEASE = 30_000

/** The actions of the model: risk, and whether running twice does no harm. */
export const MODEL_ACTIONS = {
  'refund.create': { risk: 'high', idempotent: false },
  'refund.retry': { risk: 'high', idempotent: true },
  'ledger.close': { risk: 'critical', idempotent: false },
  'mail.post': { risk: 'high', idempotent: false },
} as const satisfies Record<string, { readonly risk: Risk; readonly idempotent: boolean }>

export type ModelAction = keyof typeof MODEL_ACTIONS

/** The policy documents that are put in force. */
export const POLICIES = {
  plain: {},
  doubled: { actions: { 'refund.create': { requiredApprovals: 2 }, 'mail.post': { requiredApprovals: 2 } } },
  relaxed: { separationOfDuties: false },
  critical: { actions: { 'refund.create': { risk: 'critical' } } },
} as const

export type PolicyName = keyof typeof POLICIES

/** A claim that was not settled. */
export interface ModelClaim {
  readonly lapsesAt: number
  /** Who may report it; null for a claim of a guard that crashed. */
  readonly decision: string | null
  acted: boolean
}

/** A proposal as it should be. */
export interface ModelProposal {
  readonly index: number
  readonly key: string
  readonly action: ModelAction
  readonly executor: 'caller' | 'registered'
  readonly expiresAt: number
  /** What was asked for. */
  readonly requested: number
  /** What the present version would run with. */
  args: number
  risk: Risk
  required: number
  version: number
  state: ProposalState
  policyVersion: number
  approvals: { readonly person: string; readonly epoch: number }[]
  claim: ModelClaim | null
  /** The last decision that claimed it for a host, whether or not the claim still stands. */
  lastClaim: string | null
  /** Claims so far, also those under which nothing ran. */
  attempts: number
  effects: number
}

/** Everything that decides what may happen. */
export interface Model {
  now: number
  epoch: number
  isStudent: boolean
  isPaused: boolean
  isStopped: boolean
  owner: string
  readonly hands: Set<string>
  readonly lostMembers: Set<string>
  policy: PolicyName
  policyVersion: number
  keys: number
  readonly proposals: ModelProposal[]
}

/** What a rule says of an action now. */
function rule({ policy, isStudent }: Model, action: ModelAction): { risk: Risk; required: number } {
  const isCritical = action === 'ledger.close' || (policy === 'critical' && action === 'refund.create')
  const isDoubled = policy === 'doubled' && (action === 'refund.create' || action === 'mail.post')
  return { risk: isCritical ? 'critical' : 'high', required: isStudent ? 0 : isCritical || isDoubled ? 2 : 1 }
}

/** Whether nothing of the agent may run or be asked for. */
const isHalted = ({ isPaused, isStopped }: Model): boolean => isPaused || isStopped

const isOver = ({ now }: Model, { expiresAt }: ModelProposal): boolean => expiresAt <= now

/** A new proposal, unless the agent is halted or must be trained. */
export function propose(
  model: Model,
  asked: { readonly key: string; readonly action: ModelAction; readonly args: number; readonly isAwaited: boolean },
): ModelProposal | null {
  if (isHalted(model) || model.isStudent) return null
  const { key, action, args } = asked
  const proposal: ModelProposal = {
    ...rule(model, action),
    index: model.proposals.length,
    key,
    action,
    executor: action === 'mail.post' && !asked.isAwaited ? 'registered' : 'caller',
    expiresAt: model.now + PROPOSAL_TTL,
    requested: args,
    args,
    version: 1,
    state: 'pending',
    policyVersion: model.policyVersion,
    approvals: [],
    claim: null,
    lastClaim: null,
    attempts: 0,
    effects: 0,
  }
  model.proposals.push(proposal)
  return proposal
}

/** What a reviewer was shown. */
export type Shown = 'present' | 'an old version' | 'another hash'

function isInvolved(model: Model, { risk }: Pick<ModelProposal, 'risk'>, person: string): boolean {
  if (model.policy === 'relaxed' && risk !== 'critical') return false
  return model.owner === person || model.hands.has(person)
}

/** Why a person may not decide on a proposal; null when that person may. */
function mayReview(
  model: Model,
  proposal: ModelProposal,
  { person, shown }: { readonly person: string; readonly shown: Shown },
): ErrorCode | null {
  if (person === 'vic' || person === 'agent') return 'PERMISSION_DENIED'
  if (proposal.state !== 'pending' || isOver(model, proposal)) return 'PROPOSAL_DECIDED'
  if (shown !== 'present') return 'PROPOSAL_CHANGED'
  return isInvolved(model, proposal, person) ? 'PERMISSION_DENIED' : null
}

/** Approves, with other args where they are given; gives why not. */
export function approve(
  model: Model,
  proposal: ModelProposal,
  review: { readonly person: string; readonly shown: Shown; readonly args: number | null },
): ErrorCode | null {
  const refusal = mayReview(model, proposal, review)
  if (refusal !== null) return refusal
  const { person, args } = review
  if (args !== null && args !== proposal.args) {
    if (isHalted(model)) return haltedCode(model)
    const { risk } = rule(model, proposal.action)
    if (isInvolved(model, { risk }, person)) return 'PERMISSION_DENIED'
    nextVersion(model, proposal)
    proposal.args = args
  } else if (wouldNotHold(model, proposal)) {
    const isRuledAnew = model.policyVersion !== proposal.policyVersion
    if (isRuledAnew && isHalted(model)) return haltedCode(model)
    if (isRuledAnew) nextVersion(model, proposal)
    else Object.assign(proposal, { version: proposal.version + 1, approvals: [] })
    return 'PROPOSAL_CHANGED'
  } else if (proposal.approvals.some((approval) => approval.person === person)) {
    return 'PROPOSAL_DECIDED'
  }
  proposal.approvals.push({ person, epoch: model.epoch })
  if (proposal.approvals.length >= proposal.required) proposal.state = 'approved'
  return null
}

const haltedCode = ({ isStopped }: Model): ErrorCode => (isStopped ? 'STOPPED' : 'AGENT_PAUSED')

/** Whether what is proposed, or was approved of it so far, rests on something that is another by now. */
function wouldNotHold(model: Model, { policyVersion, approvals }: ModelProposal): boolean {
  const isStale = approvals.some(({ person, epoch }) => epoch !== model.epoch || model.lostMembers.has(person))
  return policyVersion !== model.policyVersion || isStale
}

function nextVersion(model: Model, proposal: ModelProposal): void {
  const { risk, required } = rule(model, proposal.action)
  proposal.version += 1
  proposal.state = 'pending'
  proposal.risk = risk
  proposal.required = Math.max(proposal.required, required)
  proposal.policyVersion = model.policyVersion
  proposal.approvals = []
}

/** Says what came of a run of unknown outcome, or why that person may not. */
export function resolve(
  model: Model,
  proposal: ModelProposal,
  { person, outcome }: { readonly person: string; readonly outcome: 'succeeded' | 'failed' },
): ErrorCode | null {
  if (person === 'agent' || isInvolved(model, proposal, person)) return 'PERMISSION_DENIED'
  if (proposal.state !== 'outcome_unknown') return 'CONFLICT'
  proposal.state = outcome
  return null
}

/** Ends what was not decided yet, or says why not. */
export function endByReview(
  model: Model,
  proposal: ModelProposal,
  review: { readonly person: string; readonly shown: Shown; readonly to: 'rejected' | 'responded' },
): ErrorCode | null {
  const refusal = mayReview(model, proposal, review)
  if (refusal === null) proposal.state = review.to
  return refusal
}

/** How an attempt comes to its approval. */
export interface Redemption {
  /** The args that the attempt brings. */
  readonly args: number
  /** It cannot run with other args than those. */
  readonly isFixed: boolean
}

/** Whether the approval lets the attempt run now; takes it back where what it rests on has changed. */
export function redeem(model: Model, proposal: ModelProposal, { args, isFixed }: Redemption): boolean {
  const { state, action } = proposal
  const isAgain = state === 'outcome_unknown' && MODEL_ACTIONS[action].idempotent && proposal.attempts < MOST_ATTEMPTS
  if (isHalted(model) || isOver(model, proposal)) return false
  if (state !== 'approved' && !isAgain) return false
  if (args !== proposal.requested && args !== proposal.args) return false
  if (isFixed && args !== proposal.args) return false
  if (hasChanged(model, proposal)) {
    if (state === 'approved') nextVersion(model, proposal)
    return false
  }
  proposal.state = 'executing'
  proposal.attempts += 1
  return true
}

function hasChanged(model: Model, { action, approvals, policyVersion }: ModelProposal): boolean {
  const people = approvals.map(({ person }) => person)
  const { risk, required } = rule(model, action)
  const isOneInvolved = people.some((person) => isInvolved(model, { risk }, person))
  return (
    model.policyVersion !== policyVersion ||
    model.isStudent ||
    isOneInvolved ||
    required > people.length ||
    approvals.some(({ epoch }) => epoch !== model.epoch) ||
    people.some((person) => model.lostMembers.has(person))
  )
}

/** The oldest approval that stands for whatever has these args. */
export function matching(model: Model, action: ModelAction, args: number): ModelProposal | undefined {
  return model.proposals.find(
    (proposal) =>
      proposal.state === 'approved' &&
      proposal.action === action &&
      !isOver(model, proposal) &&
      (proposal.requested === args || proposal.args === args),
  )
}

/** Ends what was not run in time. */
export function expire(model: Model): void {
  for (const proposal of model.proposals) {
    const isOpen = proposal.state === 'pending' || proposal.state === 'approved'
    if (isOpen && isOver(model, proposal)) proposal.state = 'expired'
  }
}

/** Says of claims that lapsed that nobody knows what came of them. */
export function settleLost(model: Model): void {
  for (const proposal of model.proposals) {
    if (proposal.state !== 'executing' || proposal.claim === null || proposal.claim.lapsesAt >= model.now) continue
    proposal.state = 'outcome_unknown'
    proposal.claim = null
  }
}
