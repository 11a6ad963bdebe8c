import type { PlaybookTier } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { TextField } from '../ui/text-field.tsx'
import { LEARNING } from './learning-messages.ts'

interface DeployDialogProps {
  readonly playbook: string
  readonly version: number
  readonly isTested: boolean
  readonly onClose: () => void
}

/** Deploys a version: for whom, to which part of them, and why. */
export function DeployDialog({ playbook, version, isTested, onClose }: DeployDialogProps): ReactNode {
  const t = useText(LEARNING)
  const { scope } = useSignedIn()
  const client = useQueryClient()
  const [tier, setTier] = useState<PlaybookTier>('system')
  const [target, setTarget] = useState('')
  const [percent, setPercent] = useState('100')
  const [force, setForce] = useState(false)
  const share = Number(percent) / 100
  const isShare = percent.trim() !== '' && share > 0 && share <= 1
  const act = useAct({
    does: (reason: string) =>
      scope.playbooks.deploy(playbook, {
        version,
        tier,
        share,
        reason,
        ...(tier === 'system' ? {} : { target: target.trim() }),
        ...(force ? { force } : {}),
      }),
    says: () => t('deployedSaid', { version }),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['playbooks'] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('deployTitle', { version })}
      description={t('deployWhat')}
      confirm={{ label: t('deploy') }}
      asksReason
      isReady={isShare && (isTested || force) && (tier === 'system' || target.trim() !== '')}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    >
      <TierFields tier={tier} target={target} onTier={setTier} onTarget={setTarget} />
      <TextField
        label={t('share')}
        hint={t('shareHint')}
        value={percent}
        onChange={setPercent}
        inputMode="decimal"
        problem={isShare ? undefined : t('shareWrong')}
      />
      {isTested ? null : (
        <label className="check">
          <input type="checkbox" checked={force} onChange={(event) => setForce(event.target.checked)} />
          {t('force')}
        </label>
      )}
    </AskDialog>
  )
}

interface TierFieldsProps {
  readonly tier: PlaybookTier
  readonly target: string
  readonly onTier: (tier: PlaybookTier) => void
  readonly onTarget: (target: string) => void
}

/** For whom a version is deployed. */
function TierFields({ tier, target, onTier, onTarget }: TierFieldsProps): ReactNode {
  const t = useText(LEARNING)
  return (
    <>
      <ChoiceChips
        legend={t('tier')}
        value={tier}
        options={[
          ['system', t('tierSystem')],
          ['user', t('tierUser')],
          ['project', t('tierProject')],
        ]}
        onChange={onTier}
      />
      {tier === 'system' ? null : (
        <TextField
          label={t(tier === 'user' ? 'targetUser' : 'targetProject')}
          value={target}
          onChange={onTarget}
          isRequired
        />
      )}
    </>
  )
}
