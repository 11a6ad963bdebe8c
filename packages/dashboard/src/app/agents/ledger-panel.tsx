import { visibleText } from '@preceptor/client'
import type { ReactNode } from 'react'
import { personText, timeText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { Panel } from '../ui/page.tsx'
import { AGENT } from './agent-messages.ts'
import { causeText } from './cause-text.ts'
import type { AgentPart } from './promotion-panel.tsx'
import { changeText, scoreText } from './score-text.ts'
import { SourceLink } from './source-link.tsx'

const PAGE = 20

/** Every row of the ledger, newest first, page by page. */
export function LedgerPanel({ agentId, capability }: AgentPart): ReactNode {
  const t = useText(AGENT)
  const { scope } = useSignedIn()
  const at = capability === undefined ? {} : { capability }
  const list = usePages({
    queryKey: ['agent', agentId, 'ledger pages', capability ?? ''],
    read: (cursor) => scope.agents.confidence(agentId, { limit: PAGE, ...at, ...cursorOf(cursor) }),
  })
  return (
    <Panel title={t('ledgerTitle')}>
      <Listing list={list} empty={<Empty title={t('ledgerNone')} />}>
        {(entries) => (
          <DataTable
            caption={t('ledgerCaption')}
            className="record-table"
            keyOf={({ id }) => id}
            rows={entries}
            columns={[
              { key: 'when', title: t('when'), cell: ({ createdAt }) => timeText(createdAt) },
              { key: 'what', title: t('what'), cell: (entry) => causeText(t, entry) },
              {
                key: 'change',
                title: t('change'),
                isNumber: true,
                cell: ({ applied, requested }) => (
                  <>
                    {changeText(applied)}
                    {applied === requested ? null : (
                      <span className="ledger-cut muted small">
                        {t('counted', { applied: changeText(applied), requested: changeText(requested) })}
                      </span>
                    )}
                  </>
                ),
              },
              { key: 'score', title: t('score'), isNumber: true, cell: ({ confidence }) => scoreText(confidence) },
              { key: 'by', title: t('by'), cell: ({ actor }) => visibleText(personText(actor)) },
              { key: 'reason', title: t('reason'), cell: ({ reason }) => <AgentText text={reason ?? ''} /> },
              { key: 'source', title: t('source'), cell: ({ sourceId }) => <SourceLink id={sourceId} /> },
            ]}
          />
        )}
      </Listing>
    </Panel>
  )
}
