import { visibleText } from '@preceptor/client'
import type { ReactNode } from 'react'
import { personText } from '../data/format.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { ToAgent } from '../ui/to-agent.tsx'
import { LEARNING } from './learning-messages.ts'
import { KIND_KEYS } from './learning-words.ts'
import { useLearning } from './use-learning.ts'

const SNIPPET = `await scope.plugin(learning).feedback.give({
  agent: 'refund-bot',
  kind: 'correction',
  input: 'How long can a refund be asked for?',
  output: 'At any time.',
  correction: 'Within 14 days of delivery.',
  about: { kind: 'decision', id: 'dec_…' },
})`

/** What people said of answers, newest first. */
export function FeedbackList({ agent }: { readonly agent: string | undefined }): ReactNode {
  const t = useText(LEARNING)
  const { feedback } = useLearning()
  const list = usePages({
    queryKey: ['learning', 'feedback', agent ?? ''],
    read: (cursor) => feedback.list({ limit: 25, ...cursorOf(cursor), ...(agent === undefined ? {} : { agent }) }),
  })
  return (
    <section className="stack" aria-labelledby="lr-feedback">
      <h2 id="lr-feedback" className="panel-title">
        {t('feedback')}
      </h2>
      <Listing
        list={list}
        empty={
          <Empty title={t('noFeedback')} snippet={SNIPPET}>
            {t('noFeedbackWhy')}
          </Empty>
        }
      >
        {(items) => (
          <DataTable
            caption={t('feedback')}
            rows={items}
            keyOf={({ id }) => id}
            className="lr-texts"
            columns={[
              { key: 'kind', title: t('kind'), cell: ({ kind }) => t(KIND_KEYS[kind]) },
              { key: 'agent', title: t('agent'), cell: (one) => <ToAgent id={one.agent} /> },
              { key: 'input', title: t('asked'), cell: ({ input }) => <AgentText text={input} /> },
              { key: 'output', title: t('answered'), cell: ({ output }) => <AgentText text={output} /> },
              {
                key: 'correction',
                title: t('should'),
                cell: ({ correction, comment }) => <AgentText text={correction ?? comment ?? '–'} />,
              },
              { key: 'tags', title: t('tags'), cell: ({ tags }) => <AgentText text={tags.join(', ')} /> },
              { key: 'by', title: t('by'), cell: ({ actor }) => visibleText(personText(actor)) },
              { key: 'at', title: t('when'), cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
            ]}
          />
        )}
      </Listing>
    </section>
  )
}
