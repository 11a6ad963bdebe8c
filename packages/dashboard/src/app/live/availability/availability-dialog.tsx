import type { Presence, PresenceState } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { timeText } from '../../data/format.ts'
import { useSignedIn } from '../../data/session-context.ts'
import { useAct } from '../../data/use-act.ts'
import { presenceKey } from '../../data/use-user-activity.ts'
import { useText } from '../../text/use-text.ts'
import { AskDialog } from '../../ui/ask-dialog.tsx'
import { ChoiceChips } from '../../ui/choice-chips.tsx'
import { AVAILABILITY } from './availability-messages.ts'

type Choice = PresenceState | 'auto'

const HOUR = 3_600_000
const HOURS = [1, 4, 8] as const

interface AvailabilityDialogProps {
  readonly presence: Presence
  readonly onClose: () => void
}

/** Sets presence by hand, until a time or until it is changed. */
export function AvailabilityDialog({ presence, onClose }: AvailabilityDialogProps): ReactNode {
  const t = useText(AVAILABILITY)
  const { scope, clockOffset } = useSignedIn()
  const client = useQueryClient()
  const { userId, override } = presence
  const [choice, setChoice] = useState<Choice>(override?.state ?? 'auto')
  const [hours, setHours] = useState(0)
  // Online without an end lasts 8 h by itself.
  const spans = HOURS.map((count) => [count, t('hours', { count })] as const)
  const options = choice === 'online' ? spans : ([[0, t('open')], ...spans] as const)
  const span = choice === 'online' && hours === 0 ? 8 : hours
  const act = useAct({
    does: () => {
      if (choice === 'auto') return scope.presence.clearOverride(userId)
      const until = span === 0 ? null : new Date(Date.now() + clockOffset + span * HOUR).toISOString()
      return scope.presence.override(userId, { state: choice, until })
    },
    says({ state, override: set }) {
      if (set === null) return t('cleared')
      const word = t(state).toLowerCase()
      return set.until === null ? t('set', { state: word }) : t('setUntil', { state: word, time: timeText(set.until) })
    },
    onDone(after) {
      client.setQueryData(presenceKey(userId), after)
      void client.invalidateQueries({ queryKey: ['presence'] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('title')}
      description={<Present override={override} />}
      confirm={{ label: t('save') }}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={() => act.run()}
      onClose={onClose}
    >
      <ChoiceChips<Choice>
        legend={t('which')}
        options={[
          ['auto', t('auto')],
          ['online', t('online')],
          ['away', t('away')],
          ['offline', t('offline')],
        ]}
        value={choice}
        onChange={setChoice}
      />
      {choice === 'auto' ? null : (
        <ChoiceChips legend={t('until')} options={options} value={span} onChange={setHours} />
      )}
    </AskDialog>
  )
}

/** What was set by hand before. */
function Present({ override }: Pick<Presence, 'override'>): ReactNode {
  const t = useText(AVAILABILITY)
  return (
    <>
      <p>{t('note')}</p>
      {override === null ? null : (
        <p>{override.until === null ? t('byHand') : t('byHandUntil', { time: timeText(override.until) })}</p>
      )}
    </>
  )
}
