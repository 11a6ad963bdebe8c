import { type Agent, MATURITIES, type Maturity } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { AGENT_ACTS, AGENTS } from './agents-messages.ts'
import { rankOf } from './journey-model.ts'
import { useAgentChange } from './use-agent-change.ts'

interface DemoteDialogProps {
  readonly agent: Agent
  readonly onClose: () => void
}

/** Demotes an agent by any number of steps. */
export function DemoteDialog({ agent, onClose }: DemoteDialogProps): ReactNode {
  const t = useText(AGENT_ACTS)
  const levels = useText(AGENTS)
  const { scope } = useSignedIn()
  const below = MATURITIES.slice(0, rankOf(agent.maturity)).toReversed()
  const [to, setTo] = useState<Maturity | undefined>(below[0])
  const change = useAgentChange(agent.id, onClose)
  const demote = useAct<string, Agent>({
    does: (reason) => scope.agents.demote(agent.id, to ?? 'student', reason),
    says: ({ id, maturity }) => t('doneDemote', { agent: id, level: levels(maturity) }),
    onDone: change,
  })
  return (
    <AskDialog
      title={t('demoteTitle', { agent: agent.id })}
      description={t('demoteText')}
      confirm={{ label: t('demote'), kind: 'danger' }}
      asksReason
      isReady={to !== undefined}
      isBusy={demote.isBusy}
      error={demote.error}
      onConfirm={demote.run}
      onClose={onClose}
    >
      <ChoiceChips
        legend={t('demoteTo')}
        options={below.map((level) => [level, levels(level)] as const)}
        value={to}
        onChange={setTo}
      />
    </AskDialog>
  )
}
