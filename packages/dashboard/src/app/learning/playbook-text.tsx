import { type Playbook, visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { LEARNING } from './learning-messages.ts'

const route = getRouteApi('/learning/playbooks/$playbookId')

/** The whole of a version: the newest, or the one that is compared. */
export function PlaybookText({ playbook: { id, latest } }: { readonly playbook: Playbook }): ReactNode {
  const t = useText(LEARNING)
  const { scope } = useSignedIn()
  const { to } = route.useSearch()
  const version = to === undefined || to > latest ? latest : to
  const query = useQuery({
    queryKey: ['playbooks', id, 'version', version],
    queryFn: () => scope.playbooks.version(id, version),
  })
  return (
    <Panel title={t('textOf', { version })}>
      <Reading query={query}>
        {({ instructions, examples }) => (
          <>
            <pre className="json">{visibleText(instructions)}</pre>
            {examples.length === 0 ? (
              <p className="muted">{t('noExamplesIn')}</p>
            ) : (
              <DataTable
                caption={t('examples')}
                rows={examples}
                keyOf={({ input }) => input}
                className="lr-texts"
                columns={[
                  { key: 'input', title: t('asked'), cell: ({ input }) => <AgentText text={input} /> },
                  { key: 'output', title: t('should'), cell: ({ output }) => <AgentText text={output} /> },
                  { key: 'note', title: t('note'), cell: ({ note }) => <AgentText text={note ?? '–'} /> },
                  { key: 'source', title: t('origin'), cell: ({ source }) => <AgentText text={source ?? '–'} /> },
                ]}
              />
            )}
          </>
        )}
      </Reading>
    </Panel>
  )
}
