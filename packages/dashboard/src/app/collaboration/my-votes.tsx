import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { timeText } from '../data/format.ts'
import { readWhole } from '../data/read-whole.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { Panel } from '../ui/page.tsx'
import { useOrchestration } from '../workflows/use-orchestration.ts'
import { COLLABORATION } from './collaboration-messages.ts'
import { useMe } from './use-me.ts'

/** Votes in which the signed-in person has a vote and has not given it. */
export function MyVotes(): ReactNode {
  const t = useText(COLLABORATION)
  const me = useMe()
  const { consensus } = useOrchestration()
  const { data } = useQuery({
    queryKey: ['collaborations', 'votes', me],
    queryFn: async () => {
      const open = await readWhole((query) => consensus.list({ state: 'open', ...query }))
      return Promise.all(open.map(({ id }) => consensus.get(id)))
    },
  })
  const mine = (data ?? []).filter(({ state, electors }) => {
    const own = electors.find(({ member }) => member === me)
    return state === 'open' && own?.state === 'open'
  })
  if (mine.length === 0) return null
  return (
    <Panel title={t('myVotes', { count: mine.length })} className="co-mine">
      <ul className="stack">
        {mine.map(({ id, collaboration, topic, deadline }) => (
          <li key={id} className="line">
            <Link to="/collab/$sessionId" params={{ sessionId: collaboration }}>
              <AgentText text={topic} />
            </Link>
            <span className="muted small">{t('until', { at: timeText(deadline) })}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
