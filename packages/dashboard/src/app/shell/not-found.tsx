import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { SHELL } from './shell-messages.ts'

/** There is no such page. */
export function NotFound(): ReactNode {
  const t = useText(SHELL)
  return (
    <main id="main" className="empty">
      <h1>{t('noPage')}</h1>
      <p>
        <Link to="/inbox" search={{}}>
          {t('toInbox')}
        </Link>
      </p>
    </main>
  )
}
