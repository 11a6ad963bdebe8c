import { type QueueEntry, visibleText } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useSignedIn } from '../../data/session-context.ts'
import { type Act, useAct } from '../../data/use-act.ts'
import { useText } from '../../text/use-text.ts'
import { AskDialog } from '../../ui/ask-dialog.tsx'
import { ChoiceChips } from '../../ui/choice-chips.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { LIVE } from './live-messages.ts'

/** What is asked about an entry. */
export interface QueueQuestion {
  readonly kind: 'cancel' | 'prioritize' | 'resolve'
  readonly entry: QueueEntry
}

interface QueueDialogsProps {
  readonly question: QueueQuestion
  readonly onClose: () => void
}

const DIALOGS = { cancel: CancelDialog, prioritize: PriorityDialog, resolve: ResolveDialog } as const

/** Asks before an entry is cancelled or moved, or what came of one that was lost. */
export function QueueDialogs({ question, onClose }: QueueDialogsProps): ReactNode {
  const Dialog = DIALOGS[question.kind]
  return <Dialog entry={question.entry} onClose={onClose} />
}

interface EntryDialogProps {
  readonly entry: QueueEntry
  readonly onClose: () => void
}

function useQueueAct<Given>(
  does: (given: Given) => Promise<QueueEntry>,
  { said, onClose }: { readonly said: string; readonly onClose: () => void },
): Act<Given> {
  const client = useQueryClient()
  return useAct({
    does,
    says: () => said,
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['queue'] })
      onClose()
    },
  })
}

function CancelDialog({ entry, onClose }: EntryDialogProps): ReactNode {
  const t = useText(LIVE)
  const { scope } = useSignedIn()
  const act = useQueueAct((reason: string) => scope.queue.cancel(entry.id, reason), { said: t('cancelDone'), onClose })
  return (
    <AskDialog
      title={t('cancelTitle', { action: visibleText(entry.action) })}
      description={t('cancelNote')}
      confirm={{ label: t('cancelDo'), kind: 'danger' }}
      asksReason
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    >
      <JsonView value={entry.args} />
    </AskDialog>
  )
}

function ResolveDialog({ entry, onClose }: EntryDialogProps): ReactNode {
  const t = useText(LIVE)
  const { scope } = useSignedIn()
  const [outcome, setOutcome] = useState<'succeeded' | 'failed'>()
  const act = useQueueAct((reason: string) => scope.queue.resolve(entry.id, { outcome: outcome ?? 'failed', reason }), {
    said: t('resolved'),
    onClose,
  })
  return (
    <AskDialog
      title={t('resolveTitle', { action: visibleText(entry.action) })}
      description={t('resolveNote')}
      confirm={{ label: t('resolveDo') }}
      asksReason
      isReady={outcome !== undefined}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    >
      <JsonView value={entry.args} />
      <ChoiceChips
        legend={t('outcome')}
        options={[
          ['succeeded', t('succeeded')],
          ['failed', t('failedOutcome')],
        ]}
        value={outcome}
        onChange={setOutcome}
      />
    </AskDialog>
  )
}

const PRIORITIES = Array.from({ length: 10 }, (_, priority) => [String(priority), String(priority)] as const).reverse()

function PriorityDialog({ entry, onClose }: EntryDialogProps): ReactNode {
  const t = useText(LIVE)
  const { scope } = useSignedIn()
  const [priority, setPriority] = useState(String(entry.priority))
  const act = useQueueAct(
    (reason: string) => scope.queue.prioritize(entry.id, { priority: Number(priority), reason }),
    { said: t('prioritized', { priority }), onClose },
  )
  return (
    <AskDialog
      title={t('prioritizeTitle', { action: visibleText(entry.action) })}
      description={t('prioritizeNote')}
      confirm={{ label: t('prioritizeDo') }}
      asksReason
      isReady={Number(priority) !== entry.priority}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    >
      <SelectField label={t('priority')} value={priority} options={PRIORITIES} onChange={setPriority} />
    </AskDialog>
  )
}
