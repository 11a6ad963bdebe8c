import type { WorkflowRun } from '@preceptor/orchestration/client'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { STATE_KEYS, STATE_SHAPES, STATE_TONES, type StepState } from './step-looks.ts'
import { WORKFLOWS } from './workflows-messages.ts'

/** The state of a run or of one of its steps: a shape, a word and a colour. */
export function StateMark({ state }: { readonly state: StepState | WorkflowRun['state'] }): ReactNode {
  const t = useText(WORKFLOWS)
  return (
    <span className={`badge tone-${STATE_TONES[state]}`}>
      <span aria-hidden="true">{STATE_SHAPES[state]}</span>
      {t(STATE_KEYS[state])}
    </span>
  )
}
