import { visibleText } from '@preceptor/client'
import type { ReactNode } from 'react'

/** What an agent or anybody else wrote: plain text, whole, with hidden characters shown. */
export function AgentText({ text }: { readonly text: string }): ReactNode {
  return <span className="agent-text">{visibleText(text)}</span>
}
