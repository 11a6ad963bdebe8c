import { type Scenario, visibleText } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { type Text, useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { ImportScenarios } from './import-scenarios.tsx'
import { TrainingFrame } from './training-frame.tsx'
import { TRAINING } from './training-messages.ts'

const PAGE = 50

/** The scenarios that sessions are made of. */
export function ScenariosPage(): ReactNode {
  const t = useText(TRAINING)
  const { scope } = useSignedIn()
  const { supervises, administers } = usePowers()
  const [isImporting, setImporting] = useState(false)
  const list = usePages({
    queryKey: ['training', 'scenarios'],
    read: (cursor) => scope.scenarios.list({ limit: PAGE, ...cursorOf(cursor) }),
    isOn: supervises,
  })
  const actions = administers ? <Button onClick={() => setImporting(true)}>{t('import')}</Button> : undefined
  return (
    <TrainingFrame actions={actions}>
      {supervises ? (
        <Listing list={list} empty={<Empty title={t('noneScenarios')} />}>
          {(scenarios) => (
            <DataTable
              caption={t('scenariosCaption')}
              className="scenarios-table"
              rows={scenarios}
              keyOf={({ id }) => id}
              columns={columnsOf(t)}
            />
          )}
        </Listing>
      ) : (
        <Empty title={t('scenariosHidden')} />
      )}
      {isImporting ? <ImportScenarios onClose={() => setImporting(false)} /> : null}
    </TrainingFrame>
  )
}

function columnsOf(t: Text<keyof (typeof TRAINING)['english']>): readonly Column<Scenario>[] {
  return [
    {
      key: 'scenario',
      title: t('scenario'),
      cell: ({ id, topic }) => (
        <>
          <code>{visibleText(id)}</code>
          <span className="agent-sub muted small">{visibleText(topic)}</span>
        </>
      ),
    },
    { key: 'version', title: t('version'), isNumber: true, cell: ({ version }) => version },
    {
      key: 'capability',
      title: t('capability'),
      cell: ({ capability }) => (capability === '*' ? t('anyCapability') : visibleText(capability)),
    },
    { key: 'grader', title: t('grader'), cell: ({ grader }) => <span className="tag">{grader.kind}</span> },
    { key: 'task', title: t('task'), cell: ({ task }) => <AgentText text={task} /> },
  ]
}
