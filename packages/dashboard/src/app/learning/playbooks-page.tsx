import { visibleText } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { personText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { LEARNING } from './learning-messages.ts'
import { LearningPage } from './learning-page.tsx'
import { WriteDialog } from './write-dialog.tsx'

const SNIPPET = `const { playbooks } = scope
await playbooks.write({
  agentType: 'support',
  instructions: 'Ask for a photo before you refund a parcel.',
})`

/** What types of agents have learned. */
export function PlaybooksPage(): ReactNode {
  const t = useText(LEARNING)
  const { scope } = useSignedIn()
  const { supervises } = usePowers()
  const [isWriting, setWriting] = useState(false)
  const list = usePages({
    queryKey: ['playbooks', 'list'],
    read: (cursor) => scope.playbooks.list({ limit: 25, ...cursorOf(cursor) }),
  })
  const actions = supervises ? <Button onClick={() => setWriting(true)}>{t('write')}</Button> : undefined
  return (
    <LearningPage part="playbooks" actions={actions}>
      <Listing
        list={list}
        empty={
          <Empty title={t('noPlaybooks')} snippet={SNIPPET}>
            {t('noPlaybooksWhy')}
          </Empty>
        }
      >
        {(items) => (
          <DataTable
            caption={t('playbooks')}
            rows={items}
            keyOf={({ id }) => id}
            columns={[
              {
                key: 'type',
                title: t('agentType'),
                cell: ({ id, agentType }) => (
                  <Link to="/learning/playbooks/$playbookId" params={{ playbookId: id }} search={{}}>
                    {visibleText(agentType)}
                  </Link>
                ),
              },
              { key: 'name', title: t('name'), cell: ({ name }) => (name === null ? '–' : <AgentText text={name} />) },
              { key: 'latest', title: t('newest'), isNumber: true, cell: ({ latest }) => latest },
              { key: 'by', title: t('by'), cell: ({ createdBy }) => visibleText(personText(createdBy)) },
              { key: 'at', title: t('when'), cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
            ]}
          />
        )}
      </Listing>
      {isWriting ? <WriteDialog onClose={() => setWriting(false)} /> : null}
    </LearningPage>
  )
}
