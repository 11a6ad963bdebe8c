import type { PromotionGate } from '@preceptor/client'
import { visibleText } from '@preceptor/client'
import type { ReactNode } from 'react'
import { type Text, useText } from '../text/use-text.ts'
import { AGENT } from './agent-messages.ts'
import { scoreText } from './score-text.ts'

const NAMES = {
  confidence: 'gateConfidence',
  training: 'gateTraining',
  incidents: 'gateIncidents',
  proposals: 'gateProposals',
  sessions: 'gateSessions',
  reviewers: 'gateReviewers',
  reviewer_share: 'gateReviewerShare',
  terminations: 'gateTerminations',
  sign_off: 'gateSignOff',
} as const

/** What a promotion asks for: each gate met or not, with its numbers and what would do. */
export function GateList({ gates }: { readonly gates: readonly PromotionGate[] }): ReactNode {
  const t = useText(AGENT)
  return (
    <ul className="gates">
      {gates.map((gate) => (
        <li key={gate.name} className={gate.met ? 'gate gate-met' : 'gate'}>
          <span className="gate-sign" aria-hidden="true">
            {gate.met ? '✓' : '✗'}
          </span>
          <span className="gate-text">
            <span className="visually-hidden">{t(gate.met ? 'met' : 'notMet')}: </span>
            <span className="gate-name">{t(NAMES[gate.name], { target: targetText(gate) })}</span>
            <span className="muted small">{nowText(t, gate)}</span>
            {gate.missing === null ? null : <span className="gate-missing small">{visibleText(gate.missing)}</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}

function targetText({ name, target }: PromotionGate): string | number {
  if (name === 'confidence') return scoreText(target)
  return name === 'reviewer_share' ? `${Math.round(target * 100)} %` : target
}

const EVIDENCE = new Set<PromotionGate['name']>(['proposals', 'sessions'])

function nowText(t: Text<keyof (typeof AGENT)['english']>, { name, value, target }: PromotionGate): string {
  if (name === 'confidence') return t('gateNow', { value: scoreText(value) })
  if (name === 'reviewer_share') return t('gateNow', { value: `${Math.round(value * 100)} %` })
  // An e-value: how strongly the record speaks against chance.
  if (EVIDENCE.has(name)) return t('gateEvidence', { value: value.toFixed(1), target })
  return name === 'sign_off' ? '' : t('gateNow', { value })
}
