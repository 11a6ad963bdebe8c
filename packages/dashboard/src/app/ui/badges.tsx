import type { Maturity, Proposal, Risk } from '@preceptor/client'
import type { ReactNode } from 'react'
import { MATURITIES, RISK_WORDS, STATES } from '../data/data-messages.ts'
import { MATURITY_SHAPES, RISK_SHAPES } from '../data/format.ts'
import { useText } from '../text/use-text.ts'
import { UI } from './ui-messages.ts'

/** The risk of an action: a shape, a word and a colour. */
export function RiskBadge({ risk }: { readonly risk: Risk }): ReactNode {
  const t = useText(UI)
  const word = useText(RISK_WORDS)
  return (
    <span className={`badge risk-${risk}`}>
      <span aria-hidden="true">{RISK_SHAPES[risk]}</span>
      <span className="visually-hidden">{t('riskIs')} </span>
      {word(risk)}
    </span>
  )
}

/** What an agent has earned. */
export function MaturityBadge({ maturity }: { readonly maturity: Maturity }): ReactNode {
  const word = useText(MATURITIES)
  return (
    <span className={`maturity maturity-${maturity}`}>
      <span aria-hidden="true">{MATURITY_SHAPES[maturity]}</span> {word(maturity)}
    </span>
  )
}

const TONES: Readonly<Record<Proposal['state'], string>> = {
  pending: 'info',
  approved: 'good',
  executing: 'info',
  succeeded: 'good',
  failed: 'bad',
  outcome_unknown: 'warn',
  rejected: 'bad',
  responded: 'info',
  expired: 'quiet',
  cancelled: 'quiet',
}

/** The state of a proposal. */
export function StateBadge({ state }: { readonly state: Proposal['state'] }): ReactNode {
  const word = useText(STATES)
  return <span className={`badge tone-${TONES[state]}`}>{word(state)}</span>
}
