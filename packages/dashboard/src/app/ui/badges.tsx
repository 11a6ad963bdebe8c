import type { Maturity, Proposal, Risk } from '@preceptor/client'
import type { ReactNode } from 'react'
import { MATURITY_SHAPES, RISK_SHAPES, STATE_WORDS } from '../data/format.ts'

/** The risk of an action: a shape, a word and a colour. */
export function RiskBadge({ risk }: { readonly risk: Risk }): ReactNode {
  return (
    <span className={`badge risk-${risk}`}>
      <span aria-hidden="true">{RISK_SHAPES[risk]}</span>
      <span className="visually-hidden">Risk: </span>
      {risk}
    </span>
  )
}

/** What an agent has earned. */
export function MaturityBadge({ maturity }: { readonly maturity: Maturity }): ReactNode {
  return (
    <span className={`maturity maturity-${maturity}`}>
      <span aria-hidden="true">{MATURITY_SHAPES[maturity]}</span> {maturity}
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
  return <span className={`badge tone-${TONES[state]}`}>{STATE_WORDS[state]}</span>
}
