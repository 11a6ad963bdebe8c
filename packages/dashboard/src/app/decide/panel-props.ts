import type { Proposal, ProposalCard } from '@preceptor/client'
import type { Decide } from './use-decide.ts'

/** What every form of a decision is given. */
export interface PanelProps {
  readonly card: ProposalCard
  readonly decide: Decide
  readonly onClose: () => void
}

/** Whoever approves this must have had the exact args on the screen. */
export function needsReading({ risk }: Proposal): boolean {
  return risk === 'high' || risk === 'critical'
}
