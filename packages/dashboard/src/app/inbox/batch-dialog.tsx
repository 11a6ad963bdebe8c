import type { Proposal, RejectionCategory } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { CATEGORY_WORDS } from '../card/activity.tsx'
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
          options={Object.entries(CATEGORY_WORDS) as [RejectionCategory, string][]}
          value={category}
          onChange={setCategory}
        />
      ) : null}
    </AskDialog>
  )
}
