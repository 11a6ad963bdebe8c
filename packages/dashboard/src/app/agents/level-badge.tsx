import type { Maturity } from '@preceptor/client'
import type { ReactNode } from 'react'
import { MATURITY_SHAPES } from '../data/format.ts'
import { useText } from '../text/use-text.ts'
import { AGENTS } from './agents-messages.ts'

/** What an agent has earned: a shape, a word and a colour. */
export function LevelBadge({ maturity }: { readonly maturity: Maturity }): ReactNode {
  const t = useText(AGENTS)
  return (
    <span className={`level maturity-${maturity}`}>
      <span aria-hidden="true">{MATURITY_SHAPES[maturity]}</span> {t(maturity)}
    </span>
  )
}
