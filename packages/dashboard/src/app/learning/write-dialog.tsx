import type { PlaybookVersion } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { TextField } from '../ui/text-field.tsx'
import { LEARNING } from './learning-messages.ts'

interface WriteDialogProps {
  /** The version that is changed; none for the first one of a type. */
  readonly from?: PlaybookVersion
  readonly onClose: () => void
}

/** Writes the next version of a playbook, or the first one of a type; examples stay as they are. */
export function WriteDialog({ from, onClose }: WriteDialogProps): ReactNode {
  const t = useText(LEARNING)
  const { scope } = useSignedIn()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [agentType, setType] = useState(from?.agentType ?? '')
  const [instructions, setInstructions] = useState(from?.instructions ?? '')
  const [note, setNote] = useState('')
  const act = useAct({
    does: () =>
      scope.playbooks.write({
        agentType: agentType.trim(),
        instructions,
        ...(note.trim() === '' ? {} : { note: note.trim() }),
        ...(from === undefined
          ? { basedOn: 0 }
          : { examples: from.examples, parent: from.version, basedOn: from.version }),
      }),
    says: ({ version }: PlaybookVersion) => t('writtenSaid', { version }),
    onDone: ({ playbook }) => {
      void client.invalidateQueries({ queryKey: ['playbooks'] })
      onClose()
      void navigate({ to: '/learning/playbooks/$playbookId', params: { playbookId: playbook }, search: {} })
    },
  })
  return (
    <AskDialog
      title={t('write')}
      description={t('writeWhat')}
      confirm={{ label: t('write') }}
      isReady={agentType.trim() !== '' && instructions.trim() !== ''}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={() => act.run()}
      onClose={onClose}
    >
      {from === undefined ? (
        <TextField label={t('agentType')} hint={t('typeHint')} value={agentType} onChange={setType} isRequired />
      ) : null}
      <TextField label={t('instructions')} value={instructions} onChange={setInstructions} rows={10} isRequired />
      <TextField label={t('note')} value={note} onChange={setNote} />
    </AskDialog>
  )
}
