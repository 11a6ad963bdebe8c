import { type JsonObject, type Proposal, visibleText } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { counted } from '../data/format.ts'
import { TextField } from '../ui/text-field.tsx'
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
  const { proposal } = card
  const { risk, action, version, actionHash } = proposal
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const isGrave = needsReading(proposal)
  const missing = [
    ...(isGrave && !isPayloadSeen ? ['read the arguments to their end'] : []),
    ...(isGrave && reason.trim() === '' ? ['give a reason'] : []),
    ...(risk === 'critical' && typed !== action ? ['type the name of the action'] : []),
  ]
  const confirm = (): void => {
    const note = reason.trim() === '' ? {} : { reason: reason.trim() }
    const approval = { version, actionHash, ...note, ...(args === undefined ? {} : { args }) }
    decide.run((proposals) => proposals.approve(proposal.id, approval), approvedText)
  }
  return (
    <DecisionPanel
      title={args === undefined ? 'Approve this action' : 'Approve it with your changes'}
      decide={decide}
      confirm={{ label: 'Approve', kind: 'primary', isReady: missing.length === 0 }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p className="effect">
        <strong>{visibleText(card.summary)}</strong>{' '}
        {remaining(card) > 1
          ? `counts as one of ${counted(remaining(card), 'approval')} that it still needs.`
          : 'runs once, with exactly these arguments.'}{' '}
        <span className="tag">this call only</span>
      </p>
      {children}
      {args === undefined ? (
        <p className="muted small">
          Action hash <code className="hash">{actionHash}</code>
        </p>
      ) : null}
      {isGrave ? <TextField label="Reason" value={reason} onChange={setReason} isRequired rows={2} /> : null}
      {risk === 'critical' ? (
        <TextField label={`Type ${action} to approve`} value={typed} onChange={setTyped} isRequired />
      ) : null}
      {missing.length === 0 ? null : (
        <p role="status" className="muted small">
          To approve: {missing.join(', ')}.
        </p>
      )}
    </DecisionPanel>
  )
}

function remaining({ approvals: { required, given } }: PanelProps['card']): number {
  return required - given.length
}

function approvedText({ state, requiredApprovals, reviews, version }: Proposal): string {
  if (state !== 'pending') return 'Approved.'
  const given = reviews.filter((review) => review.version === version).length
  return `Your approval counts: ${given} of ${requiredApprovals}.`
}
