import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { COLLABORATION } from './collaboration-messages.ts'
import { STATES } from './collaboration-words.ts'

/** A state: a shape, a word and a colour. */
export function CollaborationState({ state }: { readonly state: keyof typeof STATES }): ReactNode {
  const t = useText(COLLABORATION)
  const [key, shape, tone] = STATES[state]
  return (
    <span className={`badge tone-${tone}`}>
      <span aria-hidden="true">{shape}</span>
      {t(key)}
    </span>
  )
}
