import type { Agent } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ReactNode, useMemo, useState } from 'react'
import { readAll } from '../data/read-all.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { openQuery } from './agent-queries.ts'
import { AgentsFilters } from './agents-filters.tsx'
import { AGENTS } from './agents-messages.ts'
import { AgentsTable } from './agents-table.tsx'
import { matching, openByAgent, sortAgents } from './rank-agents.ts'
import { RegisterAgent } from './register-agent.tsx'
import '../styles/agents.css'

const route = getRouteApi('/agents')

const PAGE = 100
const MOST = 1_000

const SNIPPET = `const admin = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'ana', roles: ['admin'] } })
await admin.agents.register({ id: 'refund-bot', category: 'Finance' })`

/** Every agent of the workspace: what it has earned, and what needs somebody. */
export function AgentsPage(): ReactNode {
  const t = useText(AGENTS)
  const { scope } = useSignedIn()
  const { administers } = usePowers()
  const search = route.useSearch()
  const { maturity, lifecycle, q, order: sort } = search
  const [isRegistering, setRegistering] = useState(false)
  const filter = { ...(maturity && { maturity }), ...(lifecycle && { lifecycle }) }
  const list = useQuery({
    queryKey: ['agents', 'list', maturity ?? '', lifecycle ?? ''],
    queryFn: () =>
      readAll<Agent>((cursor) => scope.agents.list({ ...filter, limit: PAGE, ...cursorOf(cursor) }), { most: MOST }),
  })
  const { data: openLists } = useQuery(openQuery(scope))
  const open = useMemo(
    () => openByAgent(openLists ?? { proposals: [], training: [], sessions: [], alerts: [] }),
    [openLists],
  )
  const items = list.data?.items
  const shown = useMemo(() => sortAgents(matching(items ?? [], q), { open, sort }), [items, q, open, sort])
  const isNarrowed = maturity !== undefined || lifecycle !== undefined || q !== undefined
  return (
    <Page
      title={t('title')}
      count={list.data === undefined ? undefined : <Count count={shown.length} isWhole={list.data.isWhole} />}
      actions={
        administers ? (
          <Button kind="primary" onClick={() => setRegistering(true)}>
            {t('register')}
          </Button>
        ) : undefined
      }
    >
      <AgentsFilters search={search} />
      <Reading query={list}>
        {({ isWhole }) => (
          <>
            {shown.length === 0 ? <NoAgents isNarrowed={isNarrowed} /> : <AgentsTable agents={shown} open={open} />}
            {isWhole ? null : <p className="muted small">{t('notAll', { count: MOST })}</p>}
          </>
        )}
      </Reading>
      {isRegistering ? <RegisterAgent onClose={() => setRegistering(false)} /> : null}
    </Page>
  )
}

function Count({ count, isWhole }: { readonly count: number; readonly isWhole: boolean }): ReactNode {
  const t = useText(AGENTS)
  return (
    <>
      {count}
      {isWhole ? '' : '+'}
      <span className="visually-hidden"> {t('countHidden', { count })}</span>
    </>
  )
}

function NoAgents({ isNarrowed }: { readonly isNarrowed: boolean }): ReactNode {
  const t = useText(AGENTS)
  if (!isNarrowed) {
    return (
      <Empty title={t('noneTitle')} snippet={SNIPPET}>
        {t('noneText')}
      </Empty>
    )
  }
  return (
    <Empty title={t('noMatchTitle')}>
      <p>{t('noMatchText')}</p>
      <Link to="/agents" search={{}} className="button button-plain">
        {t('clearFilters')}
      </Link>
    </Empty>
  )
}
