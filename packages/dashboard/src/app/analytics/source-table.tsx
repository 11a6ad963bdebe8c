import { type AnalyticsShare, visibleText } from '@preceptor/client'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { DataTable } from '../ui/data-table.tsx'
import { UI } from '../ui/ui-messages.ts'
import { ANALYTICS } from './analytics-messages.ts'
import { percent } from './numbers.ts'

interface SourceTableProps {
  readonly caption: string
  readonly sources: readonly (AnalyticsShare & { readonly source: string })[]
}

/** How much came from where. */
export function SourceTable({ caption, sources }: SourceTableProps): ReactNode {
  const t = useText(ANALYTICS)
  const ui = useText(UI)
  if (sources.length === 0) return <p className="muted waiting">{ui('noData')}</p>
  return (
    <DataTable
      caption={caption}
      rows={sources}
      keyOf={({ source }) => source}
      columns={[
        { key: 'source', title: t('source'), cell: ({ source }) => <code>{visibleText(source)}</code> },
        { key: 'count', title: t('number'), isNumber: true, cell: ({ count }) => count },
        { key: 'share', title: t('share'), isNumber: true, cell: ({ share }) => percent(share) },
      ]}
    />
  )
}
