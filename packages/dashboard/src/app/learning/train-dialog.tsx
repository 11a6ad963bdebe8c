import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { AgentChoice } from './agent-choice.tsx'
import { LEARNING } from './learning-messages.ts'
import { useLearning } from './use-learning.ts'

/** Has the type of an agent trained on its examples. */
export function TrainDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useText(LEARNING)
  const { training } = useLearning()
  const client = useQueryClient()
  const [agent, setAgent] = useState<string>()
  const [deploy, setDeploy] = useState(false)
  const act = useAct({
    does: (id: string) => training.train(id, { deploy }),
    says: () => t('trainedSaid'),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['learning'] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('train')}
      description={t('trainWhat')}
      confirm={{ label: t('train') }}
      isReady={agent !== undefined}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={() => agent !== undefined && act.run(agent)}
      onClose={onClose}
    >
      <AgentChoice label={t('agent')} isLabelHidden={false} value={agent} none={t('choose')} onChange={setAgent} />
      <label className="check">
        <input type="checkbox" checked={deploy} onChange={(event) => setDeploy(event.target.checked)} />
        {t('trainDeploy')}
      </label>
    </AskDialog>
  )
}
