import type { TrainingSessionState } from '@preceptor/client'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { TRAINING } from './training-messages.ts'

const LOOKS: Readonly<Record<TrainingSessionState, readonly [shape: string, tone: string]>> = {
  scheduled: ['○', 'info'],
  in_progress: ['▸', 'info'],
  paused: ['‖', 'warn'],
  completed: ['✓', 'good'],
  cancelled: ['⊘', 'quiet'],
  failed: ['✗', 'bad'],
}

/** The state of a session: a shape, a word and a colour. */
export function SessionBadge({ state }: { readonly state: TrainingSessionState }): ReactNode {
  const t = useText(TRAINING)
  const [shape, tone] = LOOKS[state]
  return (
    <span className={`badge tone-${tone}`}>
      <span aria-hidden="true">{shape}</span>
      {t(state)}
    </span>
  )
}
