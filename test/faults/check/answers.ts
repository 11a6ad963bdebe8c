import { ERROR_CODES, isErrorCode } from '@preceptor/client'
import type { Answer, History } from '../history.ts'
import { SAFE } from '../workload.ts'
import { mayBeLost } from './buffered.ts'
import type { DecisionRow } from './decision-rows.ts'
import { type Findings, groupBy, groupOf } from './verdict.ts'

/** Nothing that a client was told is missing, and nothing is otherwise than it was told. */
export function checkAnswersAreKept(history: History, decisions: readonly DecisionRow[], findings: Findings): void {
  const byId = groupBy(decisions, ({ row, id }) => [row.workspace, id])
  const isLost = mayBeLost(history, decisions)
  const executions = groupBy(history.executions, ({ workspace, agent, key }) => [workspace, agent, key])
  for (const answer of history.answers) {
    if (answer.decision === null || isFault(answer) || isInLog(history, answer.decision)) continue
    const known = groupOf(byId, answer.workspace, answer.decision).filter(({ route }) => route === answer.route)
    if (known.length === 0) {
      const isBuffered = SAFE.has(answer.action) && answer.maturity === 'autonomous'
      if (isBuffered && isLost(answer)) findings.setApart('answers lost with their process')
      else findings.violate('answer-not-kept', 'A decision that a client was told is not in the journal.', answer)
    }
    if (SAFE.has(answer.action)) continue
    const key = answer.key ?? answer.decision
    const [execution] = groupOf(executions, answer.workspace, answer.agent, key)
    const isDone = execution?.state === 'succeeded'
    if (answer.status === 'executed' && answer.recorded && !(isDone && execution.nonce === answer.nonce)) {
      // An idempotent action may have run again since; only what is final can be compared.
      if (execution?.idempotent !== true) {
        findings.violate('answer-not-kept', 'An outcome was said to be on record and is not.', { answer, execution })
      }
    }
    if (answer.status === 'replayed' && answer.nonce !== null && !(isDone && execution.nonce === answer.nonce)) {
      findings.violate('answer-not-kept', 'A replayed outcome is not the recorded one.', { answer, execution })
    }
  }
}

/** A denial because of a fault stands whether or not it could be recorded. */
function isFault({ status, code }: Answer): boolean {
  if (status === 'threw') return true
  return code !== null && isErrorCode(code) && ERROR_CODES[code].status >= 500
}

/** A refusal that the store could not take was told to the host's log instead. */
function isInLog({ reports }: History, decision: string): boolean {
  return reports.some((report) => report.startsWith(`Denied ${decision}:`))
}

/** A request with a key was worked on once, and everybody got the same answer. */
export function checkRequestsHappenOnce({ works, onceAnswers }: History, findings: Findings): void {
  for (const group of groupBy(works, ({ workspace, key }) => [workspace, key]).values()) {
    if (group.length > 1) findings.violate('request-twice', 'The work of a request was done twice.', { group })
  }
  const worked = groupBy(works, ({ workspace, key }) => [workspace, key])
  for (const answer of onceAnswers) {
    if (answer.nonce === null) continue
    const [work] = groupOf(worked, answer.workspace, answer.key)
    if (work?.nonce !== answer.nonce) {
      findings.violate('request-answered-otherwise', 'An answer is not that of the work.', { answer, work })
    }
  }
}
