import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { LEARNING } from './learning-messages.ts'
import { STATES } from './learning-words.ts'

/** The state of a session, a training run or an experiment: a shape, a word and a colour. */
export function LearningState({ state }: { readonly state: keyof typeof STATES }): ReactNode {
  const t = useText(LEARNING)
  const [key, shape, tone] = STATES[state]
  return (
    <span className={`badge tone-${tone}`}>
      <span aria-hidden="true">{shape}</span>
      {t(key)}
    </span>
  )
}
