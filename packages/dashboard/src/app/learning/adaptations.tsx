import { visibleText } from '@preceptor/client'
import type { ReactNode } from 'react'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Listing } from '../ui/listing.tsx'
import { LEARNING } from './learning-messages.ts'
import { percent } from './score-scale.ts'
import { useLearning } from './use-learning.ts'

/** What continuous learning does differently, and how far that helped. */
export function Adaptations({ agentType }: { readonly agentType: string | undefined }): ReactNode {
  const t = useText(LEARNING)
  const { analytics } = useLearning()
  const list = usePages({
    queryKey: ['learning', 'adaptations', agentType ?? ''],
    read: (cursor) =>
      analytics.adaptations({ limit: 25, ...cursorOf(cursor), ...(agentType === undefined ? {} : { agentType }) }),
  })
  return (
    <section className="stack" aria-labelledby="lr-adaptations">
      <h2 id="lr-adaptations" className="panel-title">
        {t('adaptations')}
      </h2>
      <Listing list={list} empty={<p className="muted">{t('noAdaptations')}</p>}>
        {(items) => (
          <DataTable
            caption={t('adaptations')}
            rows={items}
            keyOf={({ id }) => id}
            columns={[
              { key: 'type', title: t('agentType'), cell: (one) => visibleText(one.agentType) },
              {
                key: 'cause',
                title: t('cause'),
                cell: ({ cause }) => t(cause === 'declining' ? 'causeDeclining' : 'causeLow'),
              },
              { key: 'change', title: t('change'), cell: ({ change }) => <AgentText text={change} /> },
              {
                key: 'state',
                title: t('state'),
                cell: ({ state }) => t(state === 'active' ? 'active' : 'switchedOff'),
              },
              {
                key: 'effect',
                title: t('effectiveness'),
                isNumber: true,
                cell: ({ effectiveness, sessions }) =>
                  effectiveness === null ? t('tooFew', { count: sessions, needed: 3 }) : percent(effectiveness),
              },
            ]}
          />
        )}
      </Listing>
    </section>
  )
}
