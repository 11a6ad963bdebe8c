import { type ReactNode, useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { AskDialog } from '../../ui/ask-dialog.tsx'
import { ChoiceChips } from '../../ui/choice-chips.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { ACTS } from './acts-messages.ts'
import type { SessionDialogProps } from './dialog-props.ts'
import { useSessionAct } from './use-session-act.ts'

/** Completes a run that has nothing under way, and rates it once. */
export function RateDialog({ session, isOver, onClose }: SessionDialogProps & { readonly isOver: boolean }): ReactNode {
  const t = useText(ACTS)
  const [rating, setRating] = useState<number>()
  const [feedback, setFeedback] = useState('')
  const { inFlight } = session
  const isUnderWay = !isOver && inFlight > 0
  const act = useSessionAct({
    does: (sessions, given: number) =>
      sessions.complete(session.id, {
        rating: given,
        ...(feedback.trim() === '' ? {} : { feedback: feedback.trim() }),
      }),
    says: (given) => t('rated', { rating: given }),
    onDone: onClose,
  })
  return (
    <AskDialog
      title={t('rateTitle')}
      description={
        isUnderWay ? t('underWay', { inFlight }) : `${isOver ? '' : `${t('completeNote')} `}${t('rateNote')}`
      }
      confirm={{ label: t(isOver ? 'rate' : 'complete') }}
      isReady={rating !== undefined && !isUnderWay}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={() => rating !== undefined && act.run(rating)}
      onClose={onClose}
    >
      <ChoiceChips
        legend={t('rating')}
        options={[
          [1, t('stars1')],
          [2, t('stars2')],
          [3, t('stars3')],
          [4, t('stars4')],
          [5, t('stars5')],
        ]}
        value={rating}
        onChange={setRating}
      />
      <TextField label={t('feedback')} hint={t('feedbackHint')} value={feedback} onChange={setFeedback} rows={3} />
    </AskDialog>
  )
}
