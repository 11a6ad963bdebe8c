import type { Collaboration, MemberName } from '@preceptor/orchestration/client'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { personText } from '../data/format.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { useOrchestration } from '../workflows/use-orchestration.ts'
import { COLLABORATION } from './collaboration-messages.ts'

interface DelegateDialogProps {
  readonly session: Collaboration
  readonly onClose: () => void
}

/** Gives a part of the task to a member. */
export function DelegateDialog({ session: { id, members }, onClose }: DelegateDialogProps): ReactNode {
  const t = useText(COLLABORATION)
  const { delegations } = useOrchestration()
  const client = useQueryClient()
  const others = members.filter(({ role }) => role !== 'lead')
  const [to, setTo] = useState<MemberName | ''>(others[0]?.name ?? '')
  const [task, setTask] = useState('')
  const act = useAct({
    does: (member: MemberName) => delegations.create({ collaboration: id, to: member, task: task.trim() }),
    says: () => t('delegatedSaid'),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['collaboration', id] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('delegate')}
      confirm={{ label: t('delegate') }}
      isReady={to !== '' && task.trim() !== ''}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={() => to !== '' && act.run(to)}
      onClose={onClose}
    >
      <SelectField
        label={t('to')}
        value={to}
        options={others.map(({ name }) => [name, personText(name)] as const)}
        onChange={setTo}
      />
      <TextField label={t('task')} value={task} onChange={setTask} rows={3} isRequired />
    </AskDialog>
  )
}
