import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** There is no such page. */
export function NotFound(): ReactNode {
  return (
    <main id="main" className="empty">
      <h1>There is no such page</h1>
      <p>
        <Link to="/inbox" search={{}}>
          To the inbox
        </Link>
      </p>
    </main>
  )
}
