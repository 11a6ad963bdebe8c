import { visibleText } from '@preceptor/client'
import type { WorkflowRun } from '@preceptor/orchestration/client'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { MaturityBadge } from '../ui/badges.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { ToAgent } from '../ui/to-agent.tsx'
import { WORKFLOWS, type WorkflowsKey } from './workflows-messages.ts'

const ROUTE_KEYS: Readonly<Record<string, WorkflowsKey>> = {
  execution: 'routeExecution',
  proposal: 'routeProposal',
  supervision: 'routeSupervision',
  queue: 'routeSupervision',
  training: 'routeTraining',
  denied: 'routeDenied',
}

/** How the steps would have been decided when the run began. */
export function Expected({ run: { expected } }: { readonly run: WorkflowRun }): ReactNode {
  const t = useText(WORKFLOWS)
  if (expected.length === 0) return null
  return (
    <details className="wf-expected">
      <summary>{t('expected')}</summary>
      <DataTable
        caption={t('expected')}
        rows={expected}
        keyOf={({ step }) => step}
        columns={[
          { key: 'step', title: t('step'), cell: ({ step }) => <code>{visibleText(step)}</code> },
          { key: 'agent', title: t('agent'), cell: ({ agent }) => <ToAgent id={agent} /> },
          {
            key: 'level',
            title: t('level'),
            cell: ({ maturity }) => (maturity === null ? '–' : <MaturityBadge maturity={maturity} />),
          },
          { key: 'action', title: t('action'), cell: ({ action }) => <code>{visibleText(action)}</code> },
          {
            key: 'route',
            title: t('route'),
            cell: ({ route }) => {
              const key = route === null ? 'routeElsewhere' : ROUTE_KEYS[route]
              return key === undefined ? route : t(key)
            },
          },
        ]}
      />
    </details>
  )
}
