import '../styles/collaboration.css'
import { visibleText } from '@preceptor/client'
import { COLLABORATION_MODES, COLLABORATION_STATES } from '@preceptor/orchestration/client'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { personText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Installed } from '../ui/installed.tsx'
import { Listing } from '../ui/listing.tsx'
import { Page } from '../ui/page.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { useOrchestration } from '../workflows/use-orchestration.ts'
import { COLLABORATION } from './collaboration-messages.ts'
import type { CollaborationSearch } from './collaboration-search.ts'
import { CollaborationState } from './collaboration-state.tsx'
import { MODE_KEYS, STATES } from './collaboration-words.ts'
import { MyVotes } from './my-votes.tsx'
import { NewDialog } from './new-dialog.tsx'

const route = getRouteApi('/collab')

const SNIPPET = `const { collaborations } = scope.plugin(orchestration)
await collaborations.create({
  mode: 'consensus',
  task: 'Which answer goes out?',
  members: [{ kind: 'agent', id: 'writer' }, { kind: 'user', id: 'ana' }],
})`

/** Agents and people who work together: what there is, and the votes that wait for me. */
export function CollaborationPage(): ReactNode {
  const t = useText(COLLABORATION)
  const { supervises } = usePowers()
  const [isMaking, setMaking] = useState(false)
  const actions = supervises ? (
    <Button kind="primary" onClick={() => setMaking(true)}>
      {t('create')}
    </Button>
  ) : undefined
  return (
    <Page title={t('title')} actions={actions}>
      <Installed feature="orchestration">
        <MyVotes />
        <Filters />
        <Collaborations />
        {isMaking ? <NewDialog onClose={() => setMaking(false)} /> : null}
      </Installed>
    </Page>
  )
}

function Filters(): ReactNode {
  const t = useText(COLLABORATION)
  const search = route.useSearch()
  const navigate = useNavigate()
  const go = ({ mode, state }: CollaborationSearch): void =>
    void navigate({
      to: '/collab',
      search: { ...(mode === undefined ? {} : { mode }), ...(state === undefined ? {} : { state }) },
    })
  return (
    <div className="line">
      <SelectField
        label={t('mode')}
        isLabelHidden
        value={search.mode ?? 'all'}
        options={[['all', t('allModes')], ...COLLABORATION_MODES.map((mode) => [mode, t(MODE_KEYS[mode])] as const)]}
        onChange={(mode) => go({ state: search.state, mode: mode === 'all' ? undefined : mode } as CollaborationSearch)}
      />
      <SelectField
        label={t('state')}
        isLabelHidden
        value={search.state ?? 'all'}
        options={[
          ['all', t('allStates')],
          ...COLLABORATION_STATES.map((state) => [state, t(STATES[state][0])] as const),
        ]}
        onChange={(state) =>
          go({ mode: search.mode, state: state === 'all' ? undefined : state } as CollaborationSearch)
        }
      />
    </div>
  )
}

function Collaborations(): ReactNode {
  const t = useText(COLLABORATION)
  const search = route.useSearch()
  const { collaborations } = useOrchestration()
  const list = usePages({
    queryKey: ['collaborations', 'list', search.mode ?? '', search.state ?? ''],
    read: (cursor) => collaborations.list({ limit: 25, ...cursorOf(cursor), ...search }),
  })
  return (
    <Listing
      list={list}
      empty={
        <Empty title={t('none')} snippet={SNIPPET}>
          {t('noneWhy')}
        </Empty>
      }
    >
      {(items) => (
        <DataTable
          caption={t('title')}
          rows={items}
          keyOf={({ id }) => id}
          columns={[
            {
              key: 'task',
              title: t('task'),
              cell: ({ id, task }) => (
                <Link to="/collab/$sessionId" params={{ sessionId: id }}>
                  <AgentText text={task} />
                </Link>
              ),
            },
            { key: 'state', title: t('state'), cell: ({ state }) => <CollaborationState state={state} /> },
            { key: 'mode', title: t('mode'), cell: ({ mode }) => t(MODE_KEYS[mode]) },
            { key: 'members', title: t('members'), isNumber: true, cell: ({ members }) => members.length },
            { key: 'by', title: t('madeBy'), cell: ({ createdBy }) => visibleText(personText(createdBy)) },
            { key: 'at', title: t('made'), cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
          ]}
        />
      )}
    </Listing>
  )
}
