import type { Proposal } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { alikeGroups } from './alike.ts'
import { INBOX } from './inbox-messages.ts'
import { readInboxSearch } from './inbox-search.ts'

/** Proposals that are alike are read side by side, in the place of one after the other. */
export function AlikeNote({ shown }: { readonly shown: readonly Proposal[] }): ReactNode {
  const t = useText(INBOX)
  const group = alikeGroups(shown)[0]
  const first = group?.[0]
  if (group === undefined || first === undefined) return null
  const { action, agent } = first
  const select = group.map(({ id }) => id)
  return (
    <div className="alike">
      <span>{t('alike', { count: group.length, action, agent })}</span>
      <Link
        to="/inbox/batch"
        search={(search) => ({ ...readInboxSearch(search), select })}
        className="button button-plain"
      >
        {t('reviewAlike', { count: group.length })}
      </Link>
    </div>
  )
}
