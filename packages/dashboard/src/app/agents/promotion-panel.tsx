import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { AGENT } from './agent-messages.ts'
import { promotionQuery } from './agent-queries.ts'
import { AGENTS } from './agents-messages.ts'
import { GateList } from './gate-list.tsx'

/** What a panel about an agent is of. */
export interface AgentPart {
  readonly agentId: string
  readonly capability?: string
}

/** What the agent lacks for its next level. */
export function PromotionPanel({ agentId, capability }: AgentPart): ReactNode {
  const t = useText(AGENT)
  const levels = useText(AGENTS)
  const { scope } = useSignedIn()
  const query = useQuery(promotionQuery(scope, agentId, capability))
  const to = query.data?.to ?? null
  return (
    <Panel title={t('missingTitle', { level: to === null ? '…' : levels(to) })}>
      <Reading query={query}>
        {({ gates, ready, policy }) => {
          if (to === null) return <p className="muted">{t('missingNone')}</p>
          return (
            <div className="stack">
              <GateList gates={gates} />
              {ready ? <p className="good">✓ {t('missingReady')}</p> : null}
              <p className="muted small">{t(policy === 'earned' ? 'policyEarned' : 'policyBands')}</p>
            </div>
          )
        }}
      </Reading>
    </Panel>
  )
}
