import { type ApiKey, type CreatedApiKey, visibleText } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { duration } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { SecretDialog } from '../ui/secret-dialog.tsx'
import { API_KEYS } from './key-messages.ts'

const HOUR_MS = 3_600_000
const OVERLAPS = [0, HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS] as const

/** Makes the next key of a principal and shows its secret, once. */
export function KeyRotationDialog(props: { readonly apiKey: ApiKey; readonly onClose: () => void }): ReactNode {
  const t = useText(API_KEYS)
  const { scope } = useSignedIn()
  const { apiKey, onClose } = props
  const name = visibleText(apiKey.displayName)
  const [overlapMs, setOverlap] = useState<number>(24 * HOUR_MS)
  const [created, setCreated] = useState<CreatedApiKey | null>(null)
  const rotate = useAct<string, CreatedApiKey>({
    does: () => scope.keys.rotate(apiKey.id, { overlapMs }),
    says: () => t('made'),
    onDone: setCreated,
  })
  if (created !== null) {
    return <SecretDialog title={t('secretTitle', { name })} secret={created.secret} onClose={onClose} />
  }
  return (
    <AskDialog
      title={t('rotateTitle', { name })}
      description={t('rotateEffect')}
      confirm={{ label: t('rotate') }}
      isBusy={rotate.isBusy}
      error={rotate.error}
      onConfirm={rotate.run}
      onClose={onClose}
    >
      <ChoiceChips
        legend={t('overlap')}
        options={OVERLAPS.map((ms) => [ms as number, ms === 0 ? t('atOnce') : duration(ms)] as const)}
        value={overlapMs}
        onChange={setOverlap}
      />
    </AskDialog>
  )
}
