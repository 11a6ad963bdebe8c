import type { Workflow, WorkflowVersion } from '@preceptor/orchestration/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ChangeList } from '../card/change-list.tsx'
import { argChanges } from '../data/arg-changes.ts'
import { personText } from '../data/format.ts'
import { readWhole } from '../data/read-whole.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { keyedDefinition } from './keyed-definition.ts'
import { useOrchestration } from './use-orchestration.ts'
import { WORKFLOWS } from './workflows-messages.ts'

const route = getRouteApi('/workflows/$workflowId')

/** Versions of a workflow, newest first, and what differs between two of them. */
export function Versions({ workflow: { id, version } }: { readonly workflow: Workflow }): ReactNode {
  const t = useText(WORKFLOWS)
  const { workflows } = useOrchestration()
  const query = useQuery({
    queryKey: ['workflows', id, 'versions', version],
    queryFn: () => readWhole((page) => workflows.versions(id, page)),
  })
  return (
    <section className="stack" aria-labelledby="wf-versions">
      <h2 id="wf-versions" className="panel-title">
        {t('versions')}
      </h2>
      <Reading query={query}>
        {(versions) => (
          <>
            <DataTable
              caption={t('versions')}
              rows={versions}
              keyOf={(one) => String(one.version)}
              columns={[
                { key: 'version', title: t('version'), cell: (one) => one.version },
                {
                  key: 'note',
                  title: t('note'),
                  cell: ({ note }) => (note === null ? '–' : <AgentText text={note} />),
                },
                { key: 'by', title: t('writtenBy'), cell: ({ createdBy }) => personText(createdBy) },
                { key: 'at', title: t('written'), cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
              ]}
            />
            {versions.length < 2 ? null : <Difference versions={versions} />}
          </>
        )}
      </Reading>
    </section>
  )
}

function Difference({ versions }: { readonly versions: readonly WorkflowVersion[] }): ReactNode {
  const t = useText(WORKFLOWS)
  const search = route.useSearch()
  const { workflowId } = route.useParams()
  const navigate = useNavigate()
  const numberOf = (asked: number | undefined, place: number): number =>
    versions.find(({ version }) => version === asked)?.version ?? versions[place]?.version ?? 1
  const chosen = { from: numberOf(search.from, 1), to: numberOf(search.to, 0) }
  const [from, to] = [chosen.from, chosen.to].map((number) => versions.find(({ version }) => version === number))
  const options = versions.map(({ version }) => [String(version), t('versionNumber', { version })] as const)
  const choose = (change: Partial<typeof chosen>): void =>
    void navigate({
      to: '/workflows/$workflowId',
      params: { workflowId },
      search: { ...chosen, ...change },
      resetScroll: false,
      replace: true,
    })
  const changes =
    from === undefined || to === undefined
      ? []
      : argChanges(keyedDefinition(from.definition), keyedDefinition(to.definition))
  return (
    <Panel title={t('difference')}>
      <div className="wf-compare">
        <SelectField
          label={t('from')}
          value={String(chosen.from)}
          options={options}
          onChange={(value) => choose({ from: Number(value) })}
        />
        <SelectField
          label={t('to')}
          value={String(chosen.to)}
          options={options}
          onChange={(value) => choose({ to: Number(value) })}
        />
      </div>
      {changes.length === 0 ? <p className="muted">{t('same')}</p> : <ChangeList changes={changes} />}
    </Panel>
  )
}
