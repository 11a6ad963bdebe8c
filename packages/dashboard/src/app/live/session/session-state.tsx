import type { SupervisionState } from '@preceptor/client'
import type { ReactNode } from 'react'
import { useText } from '../../text/use-text.ts'
import { SESSION } from './session-messages.ts'

const LOOKS: Readonly<Record<SupervisionState, readonly [sign: string, tone: string]>> = {
  starting: ['○', 'warn'],
  running: ['▶', 'good'],
  pausing: ['◐', 'warn'],
  paused: ['‖', 'warn'],
  correcting: ['✎', 'info'],
  completed: ['✓', 'quiet'],
  terminated: ['■', 'bad'],
  failed: ['✕', 'bad'],
}

/** The state of a session as it is: a pause is said to be one only once the run has confirmed it. */
export function SessionState({ state }: { readonly state: SupervisionState }): ReactNode {
  const t = useText(SESSION)
  const [sign, tone] = LOOKS[state]
  return (
    <span className={`badge tone-${tone}`}>
      <span aria-hidden="true">{sign}</span>
      {t(state)}
    </span>
  )
}
