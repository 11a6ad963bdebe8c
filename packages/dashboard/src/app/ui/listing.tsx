import type { ReactNode } from 'react'
import type { PagedList } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { Button } from './button.tsx'
import { ProblemNote } from './problem-note.tsx'
import { UI } from './ui-messages.ts'

interface ListingProps<Item> {
  readonly list: PagedList<Item>
  /** What is shown when there is nothing. */
  readonly empty: ReactNode
  readonly children: (items: readonly Item[]) => ReactNode
}

/** A list that is read page by page: its wait, its fault, its emptiness and its rest. */
export function Listing<Item>({ list, empty, children }: ListingProps<Item>): ReactNode {
  const t = useText(UI)
  if (list.error !== null && list.items.length === 0) return <ProblemNote error={list.error} />
  if (list.isPending) return <p className="muted waiting">{t('reading')}</p>
  if (list.items.length === 0) return empty
  return (
    <>
      {children(list.items)}
      {list.hasMore ? (
        <Button className="inbox-more" disabled={list.isReading} onClick={list.more}>
          {t('more')}
        </Button>
      ) : null}
    </>
  )
}
