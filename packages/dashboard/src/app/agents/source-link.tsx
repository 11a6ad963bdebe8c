import { visibleText } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { addressOfId } from '../shell/address-of-id.ts'

/** An id; a link where it has a page. */
export function SourceLink({ id }: { readonly id: string }): ReactNode {
  const address = addressOfId(id)
  if (address === undefined) return /^[a-z]{3}_/.test(id) ? <code className="muted">{visibleText(id)}</code> : null
  return (
    <Link to={address} className="id-link">
      <code>{id}</code>
    </Link>
  )
}
