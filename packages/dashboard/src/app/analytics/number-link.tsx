import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { ANALYTICS } from './analytics-messages.ts'
import type { RowList } from './row-lists.ts'

interface NumberLinkProps {
  readonly value: number
  /** What is counted, for those who hear the link alone. */
  readonly of: string
  readonly list: RowList
}

/** A number in a table that leads to the rows that it counts; zero leads nowhere. */
export function NumberLink({ value, of, list }: NumberLinkProps): ReactNode {
  const t = useText(ANALYTICS)
  if (value === 0) return value
  return (
    <Link to={list.to as string} search={list.search as never} title={t('showRows', { title: of })}>
      {value}
      <span className="visually-hidden"> {of}</span>
    </Link>
  )
}
