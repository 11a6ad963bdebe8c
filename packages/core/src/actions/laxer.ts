import { RISKS } from '@preceptor/client'
import { compareMaturity } from '../maturity/levels.ts'
import type { ActionRules } from './store.ts'

/**
 * Names what one definition of an action lets happen that another one does not; null when it is as strict. Rules are
 * kept by capability, so another capability counts too: it may have no rules.
 */
export function laxerIn(action: ActionRules, known: ActionRules): string | null {
  if (RISKS.indexOf(action.risk) < RISKS.indexOf(known.risk)) return 'risk'
  if (compareMaturity(action.ceiling, known.ceiling) > 0) return 'ceiling'
  if (action.idempotent && !known.idempotent) return 'idempotent'
  // A question is asked by whoever has earned nothing too.
  if (action.asksPeople && !known.asksPeople) return 'asksPeople'
  return action.capability === known.capability ? null : 'capability'
}
