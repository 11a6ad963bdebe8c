import { type Alert, visibleText } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { duration } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { ALERTS } from './alerts-messages.ts'

const HOUR_MS = 3_600_000
const SPANS = [HOUR_MS, 8 * HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS] as const

/** Lets the same not be raised again for a while. */
export function MuteDialog({ alert, onClose }: { readonly alert: Alert; readonly onClose: () => void }): ReactNode {
  const t = useText(ALERTS)
  const { scope, clockOffset } = useSignedIn()
  const [span, setSpan] = useState<number>(SPANS[0])
  const mute = useAct<string, Alert>({
    does: () => scope.alerts.mute(alert.id, new Date(Date.now() + clockOffset + span).toISOString()),
    says: () => t('mutedSaid'),
    onDone: onClose,
  })
  return (
    <AskDialog
      title={t('muteTitle')}
      description={t('muteEffect')}
      confirm={{ label: t('mute') }}
      isBusy={mute.isBusy}
      error={mute.error}
      onConfirm={mute.run}
      onClose={onClose}
    >
      <p className="agent-text">{visibleText(alert.message)}</p>
      <ChoiceChips
        legend={t('muteFor')}
        options={SPANS.map((ms) => [ms as number, duration(ms)] as const)}
        value={span}
        onChange={setSpan}
      />
    </AskDialog>
  )
}
