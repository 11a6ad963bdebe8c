import type { StepResolution, WorkflowStepRun } from '@preceptor/orchestration/client'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { TextField } from '../ui/text-field.tsx'
import { readJson } from './json-text.ts'
import { useOrchestration } from './use-orchestration.ts'
import { WORKFLOWS } from './workflows-messages.ts'

interface ResolveDialogProps {
  readonly run: string
  readonly step: WorkflowStepRun
  readonly onClose: () => void
}

/** A person says how a step ended whose outcome nobody knows. */
export function ResolveDialog({ run, step, onClose }: ResolveDialogProps): ReactNode {
  const t = useText(WORKFLOWS)
  const { runs } = useOrchestration()
  const client = useQueryClient()
  const [outcome, setOutcome] = useState<StepResolution['outcome']>()
  const [text, setText] = useState('null')
  const { value, problem } = readJson(text)
  const act = useAct({
    does: (resolution: StepResolution) => runs.resolve(run, step.id, resolution),
    says: () => t('resolvedSaid'),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['run', run] })
      onClose()
    },
  })
  const resolve = (reason: string): void => {
    if (outcome === 'failed') act.run({ outcome, reason })
    else if (outcome === 'succeeded' && value !== undefined) act.run({ outcome, reason, output: value })
  }
  return (
    <AskDialog
      title={t('resolveTitle', { step: step.step })}
      description={t('resolveWhat')}
      confirm={{ label: t('resolve') }}
      asksReason
      isReady={outcome === 'failed' || (outcome === 'succeeded' && problem === undefined)}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={resolve}
      onClose={onClose}
    >
      <ChoiceChips
        legend={t('howEnded')}
        value={outcome}
        options={[
          ['succeeded', t('stateSucceeded')],
          ['failed', t('stateFailed')],
        ]}
        onChange={setOutcome}
      />
      {outcome === 'succeeded' ? (
        <TextField label={t('output')} value={text} onChange={setText} rows={4} isCode problem={problem} />
      ) : null}
    </AskDialog>
  )
}
