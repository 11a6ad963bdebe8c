import { visibleText } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { addressOfId } from '../shell/address-of-id.ts'

const SHOWN = 8

/** An id, of which the end tells it from others; a link where it has a page. The whole of it is its title. */
export function SourceLink({ id }: { readonly id: string }): ReactNode {
  const address = addressOfId(id)
  if (address === undefined) {
    return /^[a-z]{3}_/.test(id) ? (
      <code className="muted" title={visibleText(id)}>
        {visibleText(shortId(id))}
      </code>
    ) : null
  }
  return (
    <Link to={address} className="id-link" title={id}>
      <code>{shortId(id)}</code>
    </Link>
  )
}

/** The beginning and the end of an id: enough to tell it from others. */
export function shortId(id: string): string {
  return id.length > 2 * SHOWN ? `${id.slice(0, 4)}…${id.slice(-SHOWN)}` : id
}
