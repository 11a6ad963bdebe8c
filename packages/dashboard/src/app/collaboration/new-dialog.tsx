import {
  COLLABORATION_MODES,
  type CollaborationMemberRequest,
  type CollaborationMode,
} from '@preceptor/orchestration/client'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { useOrchestration } from '../workflows/use-orchestration.ts'
import { COLLABORATION } from './collaboration-messages.ts'
import { MODE_KEYS } from './collaboration-words.ts'
import { readMembers } from './read-members.ts'

/** Makes a collaboration; members join and leave until it begins. */
export function NewDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useText(COLLABORATION)
  const { collaborations } = useOrchestration()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [mode, setMode] = useState<CollaborationMode>('sequential')
  const [task, setTask] = useState('')
  const [lines, setLines] = useState('')
  const members = readMembers(lines)
  const act = useAct({
    does: (list: readonly CollaborationMemberRequest[]) =>
      collaborations.create({ mode, task: task.trim(), members: list }),
    says: () => t('createdSaid'),
    onDone: ({ id }) => {
      void client.invalidateQueries({ queryKey: ['collaborations'] })
      void navigate({ to: '/collab/$sessionId', params: { sessionId: id } })
    },
  })
  const wrong = members.wrong === undefined ? undefined : t('memberWrong', { line: members.wrong })
  return (
    <AskDialog
      title={t('create')}
      description={t('createWhat')}
      confirm={{ label: t('create') }}
      isReady={task.trim() !== '' && members.members.length > 0 && wrong === undefined}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={() => act.run(members.members)}
      onClose={onClose}
    >
      <SelectField
        label={t('mode')}
        value={mode}
        options={COLLABORATION_MODES.map((one) => [one, t(MODE_KEYS[one])] as const)}
        onChange={setMode}
      />
      <TextField label={t('task')} value={task} onChange={setTask} rows={3} isRequired />
      <TextField
        label={t('members')}
        hint={t('membersHint')}
        value={lines}
        onChange={setLines}
        rows={4}
        isRequired
        isCode
        problem={wrong}
      />
    </AskDialog>
  )
}
