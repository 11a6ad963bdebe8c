import type { Compared } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { ANALYTICS } from './analytics-messages.ts'
import { directionOf } from './numbers.ts'
import type { RowList } from './row-lists.ts'

const SIGNS = { up: '▲', down: '▼', same: '=', new: '·' } as const

interface TileProps {
  readonly title: string
  readonly value: string
  /** The number with that of the period before. */
  readonly compared?: { readonly numbers: Compared<number | null>; readonly format: (value: number | null) => string }
  readonly detail?: ReactNode
  /** The list that shows the rows behind the number. */
  readonly list?: RowList
}

/** One number, how it was in the period before, and the way to its rows. */
export function Tile({ title, value, compared, detail, list }: TileProps): ReactNode {
  const t = useText(ANALYTICS)
  const content = (
    <>
      <span className="tile-title muted small">{title}</span>
      <span className="tile-value">{value}</span>
      {compared === undefined ? null : <Change {...compared} />}
      {detail === undefined ? null : <span className="muted small">{detail}</span>}
    </>
  )
  return list === undefined ? (
    <li className="tile">{content}</li>
  ) : (
    <li>
      <Link
        to={list.to as string}
        search={list.search as never}
        className="tile tile-link"
        title={t('showRows', { title })}
      >
        {content}
      </Link>
    </li>
  )
}

function Change({ numbers: { value, before }, format }: NonNullable<TileProps['compared']>): ReactNode {
  const t = useText(ANALYTICS)
  const direction = directionOf(value, before)
  return (
    <span className="muted small">
      <span aria-hidden="true">{SIGNS[direction]}</span>{' '}
      {direction === 'new' ? (
        t('new')
      ) : (
        <>
          <span className="visually-hidden">{t(direction)}, </span>
          {t('against', { before: format(before) })}
        </>
      )}
    </span>
  )
}
