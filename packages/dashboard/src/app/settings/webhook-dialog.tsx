import type { CreatedWebhook } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { SecretDialog } from '../ui/secret-dialog.tsx'
import { TextField } from '../ui/text-field.tsx'
import { WEBHOOKS } from './webhook-messages.ts'

const COMMON = ['proposal.created', 'proposal.expired', 'training_proposal.created', 'alert.raised', 'agent.demoted']

/** Makes a webhook and shows its secret, once. */
export function WebhookDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useText(WEBHOOKS)
  const { scope } = useSignedIn()
  const [url, setUrl] = useState('')
  const [kinds, setKinds] = useState('')
  const [created, setCreated] = useState<CreatedWebhook | null>(null)
  const events = [...new Set(kinds.split(/[\s,]+/).filter((kind) => kind !== ''))]
  const make = useAct<string, CreatedWebhook>({
    does: () => scope.webhooks.create({ url: url.trim(), events }),
    says: () => t('made'),
    onDone: setCreated,
  })
  if (created !== null) {
    return (
      <SecretDialog title={t('secretTitle')} secret={created.secret} onClose={onClose}>
        <p>{t('secretUse')}</p>
      </SecretDialog>
    )
  }
  return (
    <AskDialog
      title={t('newTitle')}
      confirm={{ label: t('make') }}
      isReady={url.trim() !== '' && events.length > 0 && events.length <= 100}
      isBusy={make.isBusy}
      error={make.error}
      onConfirm={make.run}
      onClose={onClose}
    >
      <TextField label={t('url')} value={url} onChange={setUrl} isRequired isCode />
      <TextField
        label={t('kinds')}
        hint={t('kindsHint')}
        value={kinds}
        onChange={setKinds}
        rows={6}
        isRequired
        isCode
      />
      <p>
        <Button kind="quiet" onClick={() => setKinds([...new Set([...events, ...COMMON])].join('\n'))}>
          + {t('common')}
        </Button>
      </p>
    </AskDialog>
  )
}
