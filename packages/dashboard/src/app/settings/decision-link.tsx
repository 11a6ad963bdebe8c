import { visibleText } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { timeText } from '../data/format.ts'

interface DecisionLinkProps {
  readonly id: string
  readonly decidedAt: string
}

/** When something was decided, leading to the row of the journal that holds the decision. */
export function DecisionLink({ id, decidedAt }: DecisionLinkProps): ReactNode {
  return (
    <Link to="/audit" search={{ kind: 'decision.made', subject: id }} title={visibleText(id)}>
      <time dateTime={decidedAt}>{timeText(decidedAt)}</time>
    </Link>
  )
}
