import { REJECTION_CATEGORIES, type RejectionCategory } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { CATEGORIES } from '../data/data-messages.ts'
import { useText } from '../text/use-text.ts'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { TextField } from '../ui/text-field.tsx'
import { DECIDE } from './decide-messages.ts'
import { DecisionPanel } from './panel.tsx'
import type { PanelProps } from './panel-props.ts'

/** Rejects it for good: the category and the reason reach the agent, and teach. */
export function RejectPanel({ card, decide, onClose }: PanelProps): ReactNode {
  const t = useText(DECIDE)
  const wrong = useText(CATEGORIES)
  const categories = REJECTION_CATEGORIES.map((name) => [name, wrong(name)] as const)
  const [category, setCategory] = useState<RejectionCategory>()
  const [reason, setReason] = useState('')
  const { id, version, actionHash } = card.proposal
  const text = reason.trim()
  const confirm = (): void => {
    if (category === undefined) return
    const rejection = { version, actionHash, category, reason: text }
    decide.run(
      (proposals) => proposals.reject(id, rejection),
      () => t('rejectedSaid'),
    )
  }
  return (
    <DecisionPanel
      title={t('rejectTitle')}
      decide={decide}
      confirm={{ label: t('reject'), kind: 'danger', isReady: category !== undefined && text !== '' }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <ChoiceChips legend={t('whatIsWrong')} options={categories} value={category} onChange={setCategory} />
      <TextField label={t('reasonForAgent')} value={reason} onChange={setReason} isRequired rows={2} />
    </DecisionPanel>
  )
}
