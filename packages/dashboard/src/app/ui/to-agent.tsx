import { visibleText } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** The name of an agent, which leads to its page. */
export function ToAgent({ id }: { readonly id: string }): ReactNode {
  const address: string = `/agents/${encodeURIComponent(id)}`
  return <Link to={address}>{visibleText(id)}</Link>
}
