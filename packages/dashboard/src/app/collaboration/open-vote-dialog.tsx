import type { Collaboration } from '@preceptor/orchestration/client'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { TextField } from '../ui/text-field.tsx'
import { useOrchestration } from '../workflows/use-orchestration.ts'
import { COLLABORATION } from './collaboration-messages.ts'

interface OpenVoteDialogProps {
  readonly session: Collaboration
  readonly onClose: () => void
}

/** Opens a vote of the members. */
export function OpenVoteDialog({ session: { id }, onClose }: OpenVoteDialogProps): ReactNode {
  const t = useText(COLLABORATION)
  const { consensus } = useOrchestration()
  const client = useQueryClient()
  const [topic, setTopic] = useState('')
  const [options, setOptions] = useState('yes\nno')
  const [threshold, setThreshold] = useState('67')
  const list = options.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))
  const act = useAct({
    does: () =>
      consensus.open({ collaboration: id, topic: topic.trim(), options: list, threshold: Number(threshold) / 100 }),
    says: () => t('voteOpened'),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['collaboration', id] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('openVote')}
      description={t('openVoteWhat')}
      confirm={{ label: t('openVote') }}
      isReady={topic.trim() !== '' && list.length > 1 && Number(threshold) > 50 && Number(threshold) <= 100}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={() => act.run()}
      onClose={onClose}
    >
      <TextField label={t('topic')} value={topic} onChange={setTopic} rows={2} isRequired />
      <TextField
        label={t('options')}
        hint={t('optionsHint')}
        value={options}
        onChange={setOptions}
        rows={3}
        isRequired
      />
      <TextField
        label={t('thresholdPercent')}
        hint={t('thresholdHint')}
        value={threshold}
        onChange={setThreshold}
        inputMode="decimal"
      />
    </AskDialog>
  )
}
