import type { Agent } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { promotionQuery } from './agent-queries.ts'
import { AGENT_ACTS, AGENTS } from './agents-messages.ts'
import { GateList } from './gate-list.tsx'
import { levelAbove } from './journey-model.ts'
import { useAgentChange } from './use-agent-change.ts'

interface PromoteDialogProps {
  readonly agent: Agent
  readonly onClose: () => void
}

/** Promotes an agent by one step, and says beforehand whose word it takes and what its record still lacks. */
export function PromoteDialog({ agent, onClose }: PromoteDialogProps): ReactNode {
  const t = useText(AGENT_ACTS)
  const levels = useText(AGENTS)
  const { scope, identity } = useSignedIn()
  const { data } = useQuery(promotionQuery(scope, agent.id))
  const change = useAgentChange(agent.id, onClose)
  const to = levelAbove(agent.maturity) ?? agent.maturity
  const promote = useAct<string, Agent>({
    does: (reason) => scope.agents.promote(agent.id, reason),
    says: ({ id, maturity }) => t('donePromote', { agent: id, level: levels(maturity) }),
    onDone: change,
  })
  const isOwner = agent.ownerId === identity.principal.id
  // What is signed off here is what is being given.
  const lacking = data?.gates.filter(({ met, name }) => !met && name !== 'sign_off') ?? []
  return (
    <AskDialog
      title={t('promoteTitle', { agent: agent.id, level: levels(to) })}
      description={t('promoteText')}
      confirm={{ label: t('promote') }}
      asksReason
      isBusy={promote.isBusy}
      error={promote.error}
      onConfirm={promote.run}
      onClose={onClose}
    >
      <p className={`note ${isOwner ? 'note-bad' : 'note-info'}`}>{t(isOwner ? 'promoteOwn' : 'promoteOther')}</p>
      {to === 'autonomous' ? <p className="note note-info">{t('promoteSignOff')}</p> : null}
      {data === undefined ? null : lacking.length === 0 ? (
        <p className="good">✓ {t('promoteReady')}</p>
      ) : (
        <div className="stack">
          <p className="field-label">{t('promoteAsks')}</p>
          <GateList gates={lacking} />
        </div>
      )}
    </AskDialog>
  )
}
