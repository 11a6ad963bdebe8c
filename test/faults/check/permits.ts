import type { History, JournalRow } from '../history.ts'
import { OWNER, QUORUM } from '../workload.ts'
import type { DecisionRow } from './decision-rows.ts'
import { MOVES } from './trust.ts'
import { type Findings, groupBy, groupOf } from './verdict.ts'

type Rows = ReadonlyMap<string, readonly JournalRow[]>

/** An approval was given by enough people who may give it, and holds only for as long as what it rests on. */
export function checkPermits(history: History, decisions: readonly DecisionRow[], findings: Findings): void {
  const rows = groupBy(history.journal, ({ kind, subject }) => [kind, subject])
  checkReviewers(history, rows, findings)
  const decided = groupBy(decisions, ({ row, id }) => [row.workspace, id])
  const expiry = new Map(
    history.versions.map(({ proposal, version, expiresAt }) => [`${proposal}/${version}`, expiresAt]),
  )
  const tampered = new Set(history.tampered.map(({ proposal, version }) => `${proposal}/${version}`))
  for (const claim of history.journal.filter(({ kind }) => kind === 'permit.redeemed')) {
    const version = `${claim.subject}/${claim.body.version}`
    if (tampered.has(version)) {
      findings.violate('claimed-what-was-not-shown', 'What was changed after its approval was claimed.', claim)
    }
    const [decision] = groupOf(decided, claim.workspace, String(claim.body.decisionId))
    const expiresAt = expiry.get(version) ?? Number.POSITIVE_INFINITY
    if (!history.jumps && decision !== undefined && decision.decidedAt > expiresAt) {
      findings.violate('claimed-after-expiry', 'An approval was used after its time.', { claim, expiresAt })
    }
    checkAgentIsTheSame(history, { claim, rows }, findings)
  }
}

/** The owner of the agent decided on nothing, and what is approved was approved by as many as it takes. */
function checkReviewers({ journal, proposals }: History, rows: Rows, findings: Findings): void {
  for (const review of journal.filter(({ kind }) => kind === 'proposal.reviewed')) {
    if (review.body.actor !== `user:${OWNER}`) continue
    findings.violate('approved-by-owner', 'The owner of an agent decided on what it asked for.', review)
  }
  const actions = new Map(proposals.map(({ id, action }) => [id, action]))
  for (const approval of journal.filter(({ kind }) => kind === 'proposal.approved')) {
    const reviews = reviewsOf(rows, approval)
    const required = QUORUM[actions.get(approval.subject) ?? ''] ?? 1
    if (new Set(reviews.map(({ body }) => body.actor)).size >= required) continue
    findings.violate('approved-by-too-few', `An approval that takes ${required} people had fewer.`, {
      approval,
      reviews,
    })
  }
}

function reviewsOf(rows: Rows, { subject, body, position }: JournalRow): readonly JournalRow[] {
  return groupOf(rows, 'proposal.reviewed', subject).filter(
    (review) => review.body.version === body.version && review.position < position,
  )
}

/** Rows of one agent are written under its lock: their positions give the order in which it changed and was used. */
function checkAgentIsTheSame(
  { journal }: History,
  { claim, rows }: { readonly claim: JournalRow; readonly rows: Rows },
  findings: Findings,
): void {
  const from = Math.min(...reviewsOf(rows, claim).map(({ position }) => position))
  const change = journal.find(
    ({ workspace, agent, kind, position }) =>
      workspace === claim.workspace &&
      agent === claim.agent &&
      position > from &&
      position < claim.position &&
      (kind === 'agent.demoted' || Object.hasOwn(MOVES, kind)),
  )
  if (change === undefined) return
  findings.violate('claimed-by-changed-agent', 'An approval outlived a change of its agent.', { claim, change })
}
