import type { WorkflowRunDetail } from '@preceptor/orchestration/client'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { usePowers } from '../data/roles.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { useOrchestration } from './use-orchestration.ts'
import { WORKFLOWS } from './workflows-messages.ts'

type Verb = 'cancel' | 'replay'

/** What a person can do with a run as it stands. */
export function RunActions({ run }: { readonly run: WorkflowRunDetail }): ReactNode {
  const t = useText(WORKFLOWS)
  const { supervises } = usePowers()
  const [verb, setVerb] = useState<Verb | null>(null)
  if (!supervises) return null
  const isOpen = run.state === 'running' || run.state === 'waiting'
  return (
    <>
      {run.state === 'failed' ? (
        <Button kind="primary" onClick={() => setVerb('replay')}>
          {t('replay')}
        </Button>
      ) : null}
      {isOpen ? (
        <Button kind="danger" onClick={() => setVerb('cancel')}>
          {t('cancel')}
        </Button>
      ) : null}
      {verb === null ? null : <ActDialog key={verb} verb={verb} run={run} onClose={() => setVerb(null)} />}
    </>
  )
}

interface ActDialogProps {
  readonly verb: Verb
  readonly run: WorkflowRunDetail
  readonly onClose: () => void
}

const TEXTS = {
  cancel: { titleKey: 'cancelTitle', what: 'cancelWhat', labelKey: 'cancel', said: 'cancelledSaid', kind: 'danger' },
  replay: { titleKey: 'replayTitle', what: 'replayWhat', labelKey: 'replay', said: 'replayedSaid', kind: 'primary' },
} as const

function ActDialog({ verb, run, onClose }: ActDialogProps): ReactNode {
  const t = useText(WORKFLOWS)
  const { runs } = useOrchestration()
  const client = useQueryClient()
  const { titleKey, what, labelKey, said, kind } = TEXTS[verb]
  const act = useAct({
    does: (reason: string) => runs[verb](run.id, reason),
    says: () => t(said),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['run', run.id] })
      onClose()
    },
  })
  const failed = run.steps.filter(({ state }) => state === 'failed').map(({ step }) => step)
  return (
    <AskDialog
      title={t(titleKey)}
      description={t(what, { steps: failed.join(', ') })}
      confirm={{ label: t(labelKey), kind }}
      asksReason
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    />
  )
}
