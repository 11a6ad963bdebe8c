import { type Proposal, REJECTION_CATEGORIES, type RejectionCategory } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { CATEGORIES } from '../data/data-messages.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { INBOX } from './inbox-messages.ts'
import type { Batch } from './use-batch.ts'

interface BatchDialogProps {
  readonly decision: 'approve' | 'reject'
  readonly proposals: readonly Proposal[]
  readonly batch: Batch
  readonly onClose: () => void
}

/** The last look before several proposals are decided. */
export function BatchDialog({ decision, proposals, batch, onClose }: BatchDialogProps): ReactNode {
  const t = useText(INBOX)
  const wrong = useText(CATEGORIES)
  const [category, setCategory] = useState<RejectionCategory>()
  const isRejection = decision === 'reject'
  const confirm = (reason: string): void =>
    batch.run({ decision, proposals, reason, ...(category === undefined ? {} : { category }) })
  return (
    <AskDialog
      title={t(isRejection ? 'rejectTitle' : 'approveTitle', { count: proposals.length })}
      description={t(isRejection ? 'rejectText' : 'approveText')}
      confirm={{ label: t(decision), kind: isRejection ? 'danger' : 'primary' }}
      asksReason
      isReady={!isRejection || category !== undefined}
      isBusy={batch.isBusy}
      error={batch.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      {isRejection ? (
        <ChoiceChips
          legend={t('category')}
          options={REJECTION_CATEGORIES.map((name) => [name, wrong(name)] as const)}
          value={category}
          onChange={setCategory}
        />
      ) : null}
    </AskDialog>
  )
}
