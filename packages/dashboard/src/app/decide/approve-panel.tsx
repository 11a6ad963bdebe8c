import { type JsonObject, type Proposal, visibleText } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { listText } from '../data/format.ts'
import { textOf, useText } from '../text/use-text.ts'
import { TextField } from '../ui/text-field.tsx'
import { DECIDE } from './decide-messages.ts'
import { DecisionPanel } from './panel.tsx'
import { needsReading, type PanelProps } from './panel-props.ts'

interface ApprovePanelProps extends PanelProps {
  readonly isPayloadSeen: boolean
  /** Approves these args instead. */
  readonly args?: JsonObject
  readonly children?: ReactNode
}

/** The last look before an action may run: its exact effect, its scope, its hash, and what its risk asks for. */
export function ApprovePanel({ card, decide, onClose, isPayloadSeen, args, children }: ApprovePanelProps): ReactNode {
  const t = useText(DECIDE)
  const { proposal } = card
  const { risk, action, version, actionHash } = proposal
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const isGrave = needsReading(proposal)
  const missing = [
    ...(isGrave && !isPayloadSeen ? [t('readToEnd')] : []),
    ...(isGrave && reason.trim() === '' ? [t('giveReason')] : []),
    ...(risk === 'critical' && typed !== action ? [t('typeName')] : []),
  ]
  const confirm = (): void => {
    const note = reason.trim() === '' ? {} : { reason: reason.trim() }
    const approval = { version, actionHash, ...note, ...(args === undefined ? {} : { args }) }
    decide.run((proposals) => proposals.approve(proposal.id, approval), approvedText)
  }
  return (
    <DecisionPanel
      title={t(args === undefined ? 'approveTitle' : 'approveEditedTitle')}
      decide={decide}
      confirm={{ label: t('approve'), kind: 'primary', isReady: missing.length === 0 }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p className="effect">
        {t.rich(remaining(card) > 1 ? 'countsAsOne' : 'runsOnce', {
          summary: visibleText(card.summary),
          count: remaining(card),
          b: (parts) => <strong>{parts}</strong>,
          tag: (parts) => <span className="tag">{parts}</span>,
        })}
      </p>
      {children}
      {args === undefined ? (
        <p className="muted small">{t.rich('actionHash', { hash: <code className="hash">{actionHash}</code> })}</p>
      ) : null}
      {isGrave ? <TextField label={t('reason')} value={reason} onChange={setReason} isRequired rows={2} /> : null}
      {risk === 'critical' ? (
        <TextField label={t('typeAction', { action })} value={typed} onChange={setTyped} isRequired />
      ) : null}
      {missing.length === 0 ? null : (
        <p role="status" className="muted small">
          {t('toApprove', { missing: listText(missing) })}
        </p>
      )}
    </DecisionPanel>
  )
}

function remaining({ approvals: { required, given } }: PanelProps['card']): number {
  return required - given.length
}

function approvedText({ state, requiredApprovals, reviews, version }: Proposal): string {
  const t = textOf(DECIDE)
  if (state !== 'pending') return t('approvedSaid')
  const given = reviews.filter((review) => review.version === version).length
  return t('approvalCounts', { given, required: requiredApprovals })
}
