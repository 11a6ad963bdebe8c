import type { Proposal } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { areAlike } from './alike.ts'
import { INBOX } from './inbox-messages.ts'
import { readInboxSearch } from './inbox-search.ts'
import type { Selection } from './use-selection.ts'

interface SelectionBarProps {
  readonly selection: Selection
  readonly shown: readonly Proposal[]
}

/** What can be done with what is selected. */
export function SelectionBar({ selection, shown }: SelectionBarProps): ReactNode {
  const t = useText(INBOX)
  const { ids, clear } = selection
  if (ids.size === 0) return null
  const isAlike = areAlike(shown.filter(({ id }) => ids.has(id)))
  return (
    <div className="selection">
      <span role="status">{t('selected', { count: ids.size })}</span>
      {isAlike ? (
        <Link to="/inbox/batch" search={readInboxSearch} className="button button-primary">
          {t('review')}
        </Link>
      ) : (
        <span className="muted small">{t('notAlike')}</span>
      )}
      <Button kind="quiet" onClick={clear}>
        {t('clear')}
      </Button>
    </div>
  )
}
