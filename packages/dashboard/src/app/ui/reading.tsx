import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { ProblemNote } from './problem-note.tsx'
import { UI } from './ui-messages.ts'

interface ReadingProps<Data> {
  readonly query: UseQueryResult<Data>
  readonly children: (data: Data) => ReactNode
}

/** What one query read, its wait, or its fault. */
export function Reading<Data>({ query, children }: ReadingProps<Data>): ReactNode {
  const t = useText(UI)
  if (query.data !== undefined) return children(query.data)
  return query.isError ? <ProblemNote error={query.error} /> : <p className="muted waiting">{t('reading')}</p>
}
