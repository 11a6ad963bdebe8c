import type { History } from '../history.ts'
import { checkAnswersAreKept, checkRequestsHappenOnce } from './answers.ts'
import { checkApprovals } from './approvals.ts'
import { checkJournalIsWhole, checkProcessesLive } from './chain.ts'
import { decisionRows } from './decision-rows.ts'
import { checkDeliveries } from './deliveries.ts'
import { checkEffectsHappenOnce, checkEffectsWereAllowed, checkLostClaimsEnd, checkUnknownOutcomes } from './effects.ts'
import { checkDecisionsKnowStops, checkHaltedStayHalted } from './halted.ts'
import { checkLimits } from './limits.ts'
import { checkPermits } from './permits.ts'
import { checkRecordsAreJournalled, checkTransitions } from './records.ts'
import { checkSupervision } from './supervision.ts'
import { checkDecisionsUsedCurrentFacts, checkLedgers } from './trust.ts'
import { createFindings, type Verdict } from './verdict.ts'

/** Joins what the Oracle, the clients and the database tell of a round, and finds where they contradict the promises. */
export function check(history: History): Verdict {
  const findings = createFindings()
  const decisions = decisionRows(history.journal)
  checkEffectsWereAllowed(history, decisions, findings)
  checkEffectsHappenOnce(history, findings)
  checkUnknownOutcomes(history, decisions, findings)
  checkLostClaimsEnd(history, findings)
  checkApprovals(history, findings)
  checkPermits(history, decisions, findings)
  checkSupervision(history, findings)
  checkLimits(history, decisions, findings)
  checkDeliveries(history, findings)
  checkHaltedStayHalted(history, findings)
  checkDecisionsKnowStops(history, decisions, findings)
  checkDecisionsUsedCurrentFacts(history, decisions, findings)
  checkLedgers(history, findings)
  checkRecordsAreJournalled(history, decisions, findings)
  checkTransitions(history, findings)
  checkAnswersAreKept(history, decisions, findings)
  checkRequestsHappenOnce(history, findings)
  checkJournalIsWhole(history, findings)
  checkProcessesLive(history, findings)
  return findings.verdict()
}
