import type { ProposalCard } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { STATES } from '../data/data-messages.ts'
import { personText, timeText } from '../data/format.ts'
import type { Decision } from '../decide/use-decision.ts'
import { readInboxSearch } from '../inbox/inbox-search.ts'
import { useText } from '../text/use-text.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { Activity } from './activity.tsx'
import { AdviceNote } from './advice-note.tsx'
import { CARD_PAGE } from './card-page-messages.ts'
import { SimilarCalls } from './similar-calls.tsx'

/** What stands around the action: what the agent says, how it went before, who approves, what is bound. */
export function CardBody({ card, decision }: { readonly card: ProposalCard; readonly decision: Decision }): ReactNode {
  const { proposal } = card
  const t = useText(CARD_PAGE)
  return (
    <>
      {proposal.context === null ? null : (
        <section className="panel" aria-labelledby="context-title">
          <h3 id="context-title" className="panel-title">
            {t('says')} <span className="tag">{t('unverified')}</span>
          </h3>
          <p className="muted small">{t('saysHint')}</p>
          <JsonView value={proposal.context} />
        </section>
      )}
      <AdviceNote card={card} decision={decision} />
      <div className="card-columns">
        <Approvals card={card} />
        <History card={card} />
      </div>
      <SimilarCalls card={card} />
      <Binding card={card} />
      <Activity proposal={proposal} />
    </>
  )
}

function Approvals({ card }: { readonly card: ProposalCard }): ReactNode {
  const { given, required } = card.approvals
  const t = useText(CARD_PAGE)
  const names = given.length === 0 ? '' : `: ${given.map(personText).join(', ')}`
  return (
    <section className="panel" aria-labelledby="approvals-title">
      <h3 id="approvals-title" className="panel-title">
        {t('approvals')}
      </h3>
      <p>{t.rich('given', { given: given.length, required, names, b: (parts) => <strong>{parts}</strong> })}</p>
      <p className="muted small">{t('separation')}</p>
    </section>
  )
}

function History({ card }: { readonly card: ProposalCard }): ReactNode {
  const { decided, approvedUnchanged: unchanged, edited, rejected, last } = card.history
  const { agent, action } = card.proposal
  const t = useText(CARD_PAGE)
  const states = useText(STATES)
  return (
    <section className="panel" aria-labelledby="history-title">
      <h3 id="history-title" className="panel-title">
        {t('history', { agent, action })}
      </h3>
      {decided === 0 ? (
        <p className="muted">{t('noHistory')}</p>
      ) : (
        <>
          <p>
            {t.rich('historyLine', {
              decided,
              unchanged,
              edited,
              rejected,
              good: (parts) => <span className="good">{parts}</span>,
              bad: (parts) => <span className="bad">{parts}</span>,
            })}
          </p>
          <details>
            <summary>{t('which')}</summary>
            <ul>
              {last.map(({ proposalId, state, decidedAt }) => (
                <li key={proposalId} className="earlier">
                  <Link to="/inbox/$proposalId" params={{ proposalId }} search={readInboxSearch}>
                    {timeText(decidedAt)}
                  </Link>{' '}
                  {states(state).toLowerCase()}
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
  const t = useText(CARD_PAGE)
  const { agent, fingerprint, action, digest, policyVersion, expiresAt, nonce, version } = card.bound
  const parts = { agent, fingerprint: { ...fingerprint }, action, digest, policyVersion, expiresAt, nonce }
  return (
    <details className="panel binding">
      <summary>{t.rich('binding', { hash: () => <code>{actionHash.slice(0, 8)}…</code> })}</summary>
      <p>
        <code className="hash">{actionHash}</code> <CopyButton text={actionHash} label={t('copyHash')} />
      </p>
      <p className="muted small">{t('bindingHint', { version, executor })}</p>
      <JsonView value={parts} />
    </details>
  )
}
