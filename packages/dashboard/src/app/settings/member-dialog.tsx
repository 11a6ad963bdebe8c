import { type Membership, type Role, visibleText } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { CheckField } from '../ui/check-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { MEMBERS } from './member-messages.ts'

interface MemberDialogProps {
  /** Null adds one. */
  readonly member: Membership | null
  readonly onClose: () => void
}

/** Adds a member, or changes name and roles of one. */
export function MemberDialog({ member, onClose }: MemberDialogProps): ReactNode {
  const t = useText(MEMBERS)
  const { scope } = useSignedIn()
  const [userId, setUserId] = useState(member?.userId ?? '')
  const [displayName, setName] = useState(member?.displayName ?? '')
  const [roles, setRoles] = useState<readonly Role[]>(member?.roles ?? ['viewer'])
  const save = useAct<string, Membership>({
    does: () => scope.members.put(userId.trim(), { displayName: displayName.trim(), roles }),
    says: () => t('saved'),
    onDone: onClose,
  })
  return (
    <AskDialog
      title={member === null ? t('addTitle') : t('changeTitle', { name: visibleText(member.displayName) })}
      confirm={{ label: t('save') }}
      isReady={userId.trim() !== '' && displayName.trim() !== '' && roles.length > 0}
      isBusy={save.isBusy}
      error={save.error}
      onConfirm={save.run}
      onClose={onClose}
    >
      {member === null ? (
        <TextField label={t('id')} hint={t('idHint')} value={userId} onChange={setUserId} isRequired isCode />
      ) : null}
      <TextField label={t('name')} value={displayName} onChange={setName} isRequired />
      <CheckField<Role>
        legend={t('roles')}
        options={[
          ['admin', t('adminDoes')],
          ['supervisor', t('supervisorDoes')],
          ['viewer', t('viewerDoes')],
        ]}
        value={roles}
        onChange={setRoles}
      />
    </AskDialog>
  )
}
