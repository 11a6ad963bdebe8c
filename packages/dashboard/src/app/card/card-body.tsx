import type { ProposalCard } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { counted, personText, STATE_WORDS, timeText } from '../data/format.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { Activity } from './activity.tsx'
import { AdviceNote } from './advice-note.tsx'

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
      <AdviceNote card={card} />
      <div className="card-columns">
        <Approvals card={card} />
        <History card={card} />
      </div>
      <Binding card={card} />
      <Activity proposal={proposal} />
    </>
  )
}

function Approvals({ card }: { readonly card: ProposalCard }): ReactNode {
  const { given, required } = card.approvals
  return (
    <section className="panel" aria-labelledby="approvals-title">
      <h3 id="approvals-title" className="panel-title">
        Approvals
      </h3>
      <p>
        <strong>
          {given.length} of {required}
        </strong>
        {given.length === 0 ? '' : `: ${given.map(personText).join(', ')}`}
      </p>
      <p className="muted small">Who asked, and who owns the agent, cannot decide.</p>
    </section>
  )
}

function History({ card }: { readonly card: ProposalCard }): ReactNode {
  const { decided, approvedUnchanged, edited, rejected, last } = card.history
  return (
    <section className="panel" aria-labelledby="history-title">
      <h3 id="history-title" className="panel-title">
        {card.proposal.agent}, {card.proposal.action}
      </h3>
      {decided === 0 ? (
        <p className="muted">Nobody has decided on this action of this agent before.</p>
      ) : (
        <>
          <p>
            Of the last {counted(decided, 'decision')}: <span className="good">✓ {approvedUnchanged} unchanged</span>
            {' · '}✎ {edited} edited · <span className="bad">✗ {rejected} rejected</span>
          </p>
          <details>
            <summary>Which</summary>
            <ul>
              {last.map(({ proposalId, state, decidedAt }) => (
                <li key={proposalId} className="earlier">
                  <Link to="/inbox/$proposalId" params={{ proposalId }} search={(search) => search}>
                    {timeText(decidedAt)}
                  </Link>{' '}
                  {STATE_WORDS[state].toLowerCase()}
                </li>
              ))}
            </ul>
          </details>
        </>
      )}
    </section>
  )
}

function Binding({ card }: { readonly card: ProposalCard }): ReactNode {
  const { actionHash, executor } = card.proposal
  const { agent, fingerprint, action, digest, policyVersion, expiresAt, nonce, version } = card.bound
  const parts = { agent, fingerprint: { ...fingerprint }, action, digest, policyVersion, expiresAt, nonce }
  return (
    <details className="panel binding">
      <summary>
        Action hash <code>{actionHash.slice(0, 8)}…</code> binds a decision to exactly this
      </summary>
      <p>
        <code className="hash">{actionHash}</code> <CopyButton text={actionHash} label="Copy hash" />
      </p>
      <p className="muted small">
        SHA-256 over the canonical JSON of the workspace, the arguments and this; version {version}.{' '}
        {executor === 'caller' ? 'Who asked runs it when they come back.' : 'A worker runs it once it is approved.'}
      </p>
      <JsonView value={parts} />
    </details>
  )
}
