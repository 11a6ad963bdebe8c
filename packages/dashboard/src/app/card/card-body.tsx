import type { ReactNode } from 'react'
import type { ProposalCard } from '../data/card.ts'
import { counted, personText, timeText } from '../data/format.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { Activity } from './activity.tsx'

/** What stands around the action: what the agent says, how it went before, who approves, what is bound. */
export function CardBody({ card }: { readonly card: ProposalCard }): ReactNode {
  const { proposal } = card
  return (
    <>
      {proposal.context === null ? null : (
        <section className="panel" aria-labelledby="context-title">
          <h3 id="context-title" className="panel-title">
            What the agent says <span className="tag">unverified text</span>
          </h3>
          <p className="muted small">Written by the agent. It is no part of what runs.</p>
          <JsonView value={proposal.context} />
        </section>
      )}
      <div className="card-columns">
        <Approvals card={card} />
        <History card={card} />
      </div>
      <Binding card={card} />
      <Activity proposal={proposal} />
    </>
  )
}

/** Names of those who approved the present version. */
export function approversOf({ proposal }: ProposalCard): readonly string[] {
  const { version, reviews } = proposal
  return reviews
    .filter((review) => review.version === version && (review.verdict === 'approve' || review.verdict === 'edit'))
    .map(({ reviewer }) => reviewer)
}

function Approvals({ card }: { readonly card: ProposalCard }): ReactNode {
  const { requiredApprovals } = card.proposal
  const given = approversOf(card)
  return (
    <section className="panel" aria-labelledby="approvals-title">
      <h3 id="approvals-title" className="panel-title">
        Approvals
      </h3>
      <p>
        <strong>
          {given.length} of {requiredApprovals}
        </strong>
        {given.length === 0 ? '' : `: ${given.map(personText).join(', ')}`}
      </p>
      <p className="muted small">Who asked, and who owns the agent, cannot decide.</p>
    </section>
  )
}

function History({ card }: { readonly card: ProposalCard }): ReactNode {
  const { decided, approvedUnchanged, edited, rejected } = card.history
  return (
    <section className="panel" aria-labelledby="history-title">
      <h3 id="history-title" className="panel-title">
        {card.proposal.agent}, {card.proposal.action}
      </h3>
      {decided === 0 ? (
        <p className="muted">Nobody has decided on this action of this agent before.</p>
      ) : (
        <p>
          Of {counted(decided, 'earlier decision')}: <span className="good">✓ {approvedUnchanged} unchanged</span>
          {' · '}✎ {edited} edited · <span className="bad">✗ {rejected} rejected</span>
        </p>
      )}
    </section>
  )
}

function Binding({ card }: { readonly card: ProposalCard }): ReactNode {
  const { actionHash, version, policyVersion, expiresAt, executor } = card.proposal
  return (
    <details className="panel binding">
      <summary>
        Action hash <code>{actionHash.slice(0, 8)}…</code> binds a decision to exactly this
      </summary>
      <p>
        <code className="hash">{actionHash}</code> <CopyButton text={actionHash} label="Copy hash" />
      </p>
      <p className="muted small">
        SHA-256 over workspace, agent, fingerprint, action, schema, the arguments, policy version {policyVersion},
        expiry {timeText(expiresAt)} and a nonce; version {version}.{' '}
        {executor === 'caller' ? 'Who asked runs it when they come back.' : 'A worker runs it once it is approved.'}
      </p>
    </details>
  )
}
