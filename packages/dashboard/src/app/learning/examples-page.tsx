import type { Example } from '@preceptor/learning/client'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { usePowers } from '../data/roles.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { ToAgent } from '../ui/to-agent.tsx'
import { AgentChoice } from './agent-choice.tsx'
import { Filters } from './filters.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { LEARNING, type LearningKey } from './learning-messages.ts'
import { LearningPage } from './learning-page.tsx'
import type { LearningSearch } from './learning-search.ts'
import { useLearning } from './use-learning.ts'

const route = getRouteApi('/learning/examples')

/** What types of agents should do, one case a row. */
export function ExamplesPage(): ReactNode {
  const t = useText(LEARNING)
  const search = route.useSearch()
  const navigate = useNavigate()
  const { administers } = usePowers()
  const [isImporting, setImporting] = useState(false)
  const go = (change: { readonly [Key in keyof LearningSearch]?: string | undefined }): void => {
    const entries = Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined)
    void navigate({ to: '/learning/examples', search: Object.fromEntries(entries) })
  }
  const actions = administers ? <Button onClick={() => setImporting(true)}>{t('import')}</Button> : undefined
  return (
    <LearningPage part="examples" actions={actions}>
      <div className="line">
        <AgentChoice
          label={t('agent')}
          value={search.agent}
          none={t('allAgents')}
          onChange={(agent) => go({ agent })}
        />
        <Filters keys={['type', 'tag', 'find']} search={search} onChange={go} />
      </div>
      <Examples search={search} />
      {isImporting ? <ImportDialog onClose={() => setImporting(false)} /> : null}
    </LearningPage>
  )
}

function Examples({ search }: { readonly search: LearningSearch }): ReactNode {
  const t = useText(LEARNING)
  const { examples } = useLearning()
  const { type, agent, tag, find } = search
  const list = usePages({
    queryKey: ['learning', 'examples', type ?? '', agent ?? '', tag ?? '', find ?? ''],
    read: (cursor) =>
      examples.list({
        limit: 25,
        ...cursorOf(cursor),
        ...(type === undefined ? {} : { agentType: type }),
        ...(agent === undefined ? {} : { agent }),
        ...(tag === undefined ? {} : { tag }),
        ...(find === undefined ? {} : { search: find }),
      }),
  })
  return (
    <Listing list={list} empty={<Empty title={t('noExamples')}>{t('noExamplesWhy')}</Empty>}>
      {(items) => (
        <DataTable
          caption={t('examples')}
          rows={items}
          keyOf={({ id }) => id}
          className="lr-texts"
          columns={[
            {
              key: 'type',
              title: t('agentType'),
              cell: (one) => <TypeAndTags example={one} />,
            },
            { key: 'input', title: t('asked'), cell: ({ input }) => <AgentText text={input} /> },
            { key: 'wrong', title: t('answered'), cell: ({ output }) => <AgentText text={output ?? '–'} /> },
            { key: 'right', title: t('should'), cell: ({ correction }) => <AgentText text={correction} /> },
            { key: 'use', title: t('use'), cell: (one) => <Use example={one} /> },
            { key: 'times', title: t('occurrences'), isNumber: true, cell: ({ occurrences }) => occurrences },
            {
              key: 'from',
              title: t('origin'),
              cell: ({ origin, agent: of, createdAt }) => (
                <>
                  {t(ORIGINS[origin])} {of === null ? null : <ToAgent id={of} />}
                  <p className="muted small">
                    <RelativeTime at={createdAt} />
                  </p>
                </>
              ),
            },
          ]}
        />
      )}
    </Listing>
  )
}

const ORIGINS: Readonly<Record<Example['origin'], LearningKey>> = {
  feedback: 'originFeedback',
  captured: 'originCaptured',
  imported: 'originImported',
}

function TypeAndTags({ example: { agentType, tags } }: { readonly example: Example }): ReactNode {
  return (
    <>
      <AgentText text={agentType} />
      {tags.map((tag) => (
        <p key={tag} className="muted small">
          <AgentText text={tag} />
        </p>
      ))}
    </>
  )
}

function Use({ example: { isHeldOut, appliedBy } }: { readonly example: Example }): ReactNode {
  const t = useText(LEARNING)
  if (isHeldOut) return <span className="badge tone-info">{t('heldOut')}</span>
  return appliedBy === null ? (
    <span className="badge tone-quiet">{t('notUsed')}</span>
  ) : (
    <span className="badge tone-good">{t('used')}</span>
  )
}
