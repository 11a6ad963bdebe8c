import type { Lifecycle } from '@preceptor/client'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { AGENTS } from './agents-messages.ts'

const SHAPES: Readonly<Record<Lifecycle, string>> = { active: '▸', paused: '‖', stopped: '■', retired: '⊘' }
const TONES: Readonly<Record<Lifecycle, string>> = { active: 'good', paused: 'warn', stopped: 'bad', retired: 'quiet' }

/** Whether an agent is in service: a shape, a word and a colour. */
export function LifecycleBadge({ lifecycle }: { readonly lifecycle: Lifecycle }): ReactNode {
  const t = useText(AGENTS)
  return (
    <span className={`badge tone-${TONES[lifecycle]}`}>
      <span aria-hidden="true">{SHAPES[lifecycle]}</span>
      {t(lifecycle)}
    </span>
  )
}
