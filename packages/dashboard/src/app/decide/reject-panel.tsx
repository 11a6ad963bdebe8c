import type { RejectionCategory } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { CATEGORY_WORDS } from '../card/activity.tsx'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { TextField } from '../ui/text-field.tsx'
import { DecisionPanel } from './panel.tsx'
import type { PanelProps } from './panel-props.ts'

const CATEGORIES = Object.entries(CATEGORY_WORDS) as readonly (readonly [RejectionCategory, string])[]

/** Rejects it for good: the category and the reason reach the agent, and teach. */
export function RejectPanel({ card, decide, onClose }: PanelProps): ReactNode {
  const [category, setCategory] = useState<RejectionCategory>()
  const [reason, setReason] = useState('')
  const { id, version, actionHash } = card.proposal
  const text = reason.trim()
  const confirm = (): void => {
    if (category === undefined) return
    const rejection = { version, actionHash, category, reason: text }
    decide.run(
      (proposals) => proposals.reject(id, rejection),
      () => 'Rejected. It will not run.',
    )
  }
  return (
    <DecisionPanel
      title="Reject this action"
      decide={decide}
      confirm={{ label: 'Reject', kind: 'danger', isReady: category !== undefined && text !== '' }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <ChoiceChips legend="What is wrong with it" options={CATEGORIES} value={category} onChange={setCategory} />
      <TextField label="Reason, which the agent reads" value={reason} onChange={setReason} isRequired rows={2} />
    </DecisionPanel>
  )
}
