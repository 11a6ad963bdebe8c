import type { Effect, History, JournalRow, ProposalRow } from '../history.ts'
import { ASKERS, REPEATABLE } from '../workload.ts'
import { type Findings, groupBy, groupOf } from './verdict.ts'

const OPEN = ['pending', 'approved', 'executing']

/** What was approved ran at most once, after its approval, and came to an end; and what people were told is kept. */
export function checkApprovals(history: History, findings: Findings): void {
  const rows = groupBy(history.journal, ({ kind, subject }) => [kind, subject])
  const effects = groupBy(history.effects, ({ workspace, agent, key }) => [workspace, agent, key])
  for (const proposal of history.proposals) {
    checkProposal(proposal, groupOf(effects, proposal.workspace, proposal.agent, proposal.key), findings)
  }
  checkEffectsWereApproved(history, rows, findings)
  for (const review of history.reviews) {
    if (review.code !== null) continue
    const kind = REVIEWED[review.verdict]
    const kept = groupOf(rows, kind, review.proposal).filter(({ body }) => body.actor === review.reviewer)
    if (kept.length === 0) {
      findings.violate('review-not-kept', 'A decision that a person was told is not in the journal.', review)
    } else if (review.verdict !== 'edit' && !kept.some(({ body }) => body.actionHash === review.actionHash)) {
      findings.violate('decided-on-unseen', 'A person decided on a version that was not shown.', { review, kept })
    }
  }
}

const REVIEWED = {
  approve: 'proposal.reviewed',
  edit: 'proposal.reviewed',
  reject: 'proposal.rejected',
  respond: 'proposal.responded',
} as const

function checkProposal(proposal: ProposalRow, had: readonly Effect[], findings: Findings): void {
  const { action, state } = proposal
  if (OPEN.includes(state)) findings.violate('proposal-without-end', `A proposal stays ${state}.`, proposal)
  if (had.length > 1 && !REPEATABLE.has(action)) {
    findings.violate('approved-twice-run', 'What was approved once ran twice.', { proposal, had })
  }
  if (state === 'succeeded' && had.length === 0) {
    findings.violate('success-without-effect', 'A proposal succeeded without an effect.', proposal)
  }
}

/** Each effect of an agent that must ask was claimed under one approval, given before by as many as it needed. */
function checkEffectsWereApproved(
  { effects, journal }: History,
  rows: ReadonlyMap<string, readonly JournalRow[]>,
  findings: Findings,
): void {
  const redeemed = journal.filter(({ kind }) => kind === 'permit.redeemed')
  const byDecision = groupBy(redeemed, ({ workspace, body }) => [workspace, String(body.decisionId)])
  for (const effect of effects) {
    if (!ASKERS.some((asker) => asker === effect.agent)) continue
    const claims = groupOf(byDecision, effect.workspace, effect.decision)
    const [claim] = claims
    if (claim === undefined || claims.length > 1) {
      findings.violate('effect-without-approval', `An effect has ${claims.length} claims of an approval.`, effect)
      continue
    }
    const isOfClaim = ({ body, position }: JournalRow): boolean =>
      body.version === claim.body.version && position < claim.position
    const approved = groupOf(rows, 'proposal.approved', claim.subject).filter(isOfClaim)
    const reviews = groupOf(rows, 'proposal.reviewed', claim.subject).filter(isOfClaim)
    const people = new Set(reviews.map(({ body }) => body.actor))
    const required = Math.max(1, ...reviews.map(({ body }) => Number(body.requiredApprovals)))
    if (approved.length !== 1 || people.size < required) {
      const evidence = { effect, claim, approved, reviews }
      findings.violate('effect-without-approval', 'An effect was not approved before it by enough people.', evidence)
    }
  }
}
