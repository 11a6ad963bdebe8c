import { visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { readAll } from '../data/read-all.ts'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf } from '../data/use-pages.ts'
import { type Text, useText } from '../text/use-text.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { AGENT } from './agent-messages.ts'
import { agentQuery, ledgerQuery, transitionsQuery } from './agent-queries.ts'
import { AGENTS } from './agents-messages.ts'
import { type CapabilityRow, capabilityRows } from './capability-rows.ts'
import { rankOf } from './journey-model.ts'
import { LevelBadge } from './level-badge.tsx'
import { scoreText } from './score-text.ts'
import { TrendOf } from './trend.tsx'

const route = getRouteApi('/agents/$agentId')
const MOST = { most: 500 }
const LIMIT = 100

/** What the agent may do with each capability, and where it is blocked. */
export function CapabilitiesTab(): ReactNode {
  const { agentId } = route.useParams()
  const t = useText(AGENT)
  const { scope } = useSignedIn()
  const agent = useQuery(agentQuery(scope, agentId))
  const ledger = useQuery(ledgerQuery(scope, agentId))
  const { data: transitions } = useQuery(transitionsQuery(scope, agentId))
  const { data: known } = useQuery({
    queryKey: ['agent', agentId, 'capabilities'],
    queryFn: async () => {
      const [actions, blocked] = await Promise.all([
        readAll((cursor) => scope.actions.list({ limit: LIMIT, ...cursorOf(cursor) }), MOST),
        readAll(
          (cursor) =>
            scope.blockedTriggers.list({ agent: agentId, state: 'active', limit: LIMIT, ...cursorOf(cursor) }),
          MOST,
        ),
      ])
      return { actions: actions.items, blocked: blocked.items }
    },
  })
  return (
    <Panel title={t('capabilitiesTitle')}>
      <Reading query={agent}>
        {({ capabilities, maturity }) => (
          <Reading query={ledger}>
            {({ items }) => {
              const rows = capabilityRows({
                actions: known?.actions ?? [],
                blocked: known?.blocked ?? [],
                learnt: capabilities,
                ledger: items,
                transitions: transitions?.items ?? [],
                rankOf,
              })
              if (rows.length === 0) return <Empty title={t('capabilitiesNone')} />
              const hasOwn = rows.some((row) => row.maturity !== null)
              return (
                <>
                  <DataTable
                    caption={t('capabilitiesCaption')}
                    className="record-table"
                    rows={rows}
                    keyOf={({ capability }) => capability}
                    columns={columnsOf(t, { agentId, maturity })}
                  />
                  {hasOwn ? null : <p className="muted small">{t('capabilitiesWhole')}</p>}
                </>
              )
            }}
          </Reading>
        )}
      </Reading>
    </Panel>
  )
}

function columnsOf(
  t: Text<keyof (typeof AGENT)['english']>,
  whole: { readonly agentId: string; readonly maturity: Parameters<typeof LevelBadge>[0]['maturity'] },
): readonly Column<CapabilityRow>[] {
  return [
    { key: 'capability', title: t('capability'), cell: ({ capability }) => <code>{visibleText(capability)}</code> },
    { key: 'level', title: t('level'), cell: (row) => <Level row={row} whole={whole.maturity} /> },
    {
      key: 'score',
      title: t('score'),
      cell: ({ ledger }) =>
        ledger[0] === undefined ? (
          <span className="muted">{t('asWhole')}</span>
        ) : (
          <span className="score">
            <strong>{scoreText(ledger[0].confidence)}</strong> <TrendOf entries={ledger} />
          </span>
        ),
    },
    { key: 'learnt', title: t('learnt'), cell: ({ learnt }) => (learnt ? `✓ ${t('yes')}` : `– ${t('no')}`) },
    {
      key: 'blocked',
      title: t('blocked'),
      cell: ({ blocked }) =>
        blocked === 0 ? (
          <span className="muted">0</span>
        ) : (
          <Link to="/training/blocked" search={{ agent: whole.agentId }}>
            ✗ {t('blockedCount', { count: blocked })}
          </Link>
        ),
    },
    { key: 'actions', title: t('actions'), cell: ({ actions }) => visibleText(actions.join(', ')) },
  ]
}

function Level({ row, whole }: { readonly row: CapabilityRow; readonly whole: CapabilityRow['maturity'] }): ReactNode {
  const t = useText(AGENT)
  const levels = useText(AGENTS)
  const own = row.maturity ?? whole
  if (own === null) return null
  const isLowered = row.ceiling !== null && rankOf(row.ceiling) < rankOf(own)
  return (
    <>
      <LevelBadge maturity={isLowered && row.ceiling !== null ? row.ceiling : own} />
      {row.ceiling === null || row.ceiling === 'autonomous' ? null : (
        <span className="agent-sub muted small">{t('ceiling', { level: levels(row.ceiling) })}</span>
      )}
    </>
  )
}
