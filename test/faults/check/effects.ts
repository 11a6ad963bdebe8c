import type { Effect, History } from '../history.ts'
import { REPEATABLE, SAFE } from '../workload.ts'
import { mayBeLost } from './buffered.ts'
import { allows, type DecisionRow } from './decision-rows.ts'
import { type Findings, groupBy, groupOf } from './verdict.ts'

/** Every effect has exactly one decision that allowed exactly it, and the decision was there first. */
export function checkEffectsWereAllowed(history: History, decisions: readonly DecisionRow[], findings: Findings): void {
  const byId = groupBy(decisions, ({ row, id }) => [row.workspace, id])
  const isLost = mayBeLost(history, decisions)
  const corrected = correctedArgs(history)
  for (const effect of history.effects) {
    const allowed = groupOf(byId, effect.workspace, effect.decision).filter(allows)
    const [decision] = allowed
    if (decision === undefined) {
      const isBuffered = SAFE.has(effect.action) && effect.committed === null && isLost(effect)
      if (isBuffered) findings.setApart('safe runs lost with their process')
      else findings.violate('effect-without-decision', 'An effect has no decision that allowed it.', effect)
      continue
    }
    if (allowed.length > 1) {
      findings.violate('effect-with-two-decisions', 'An effect has two decisions that allowed it.', { effect, allowed })
    }
    if (effect.committed === false) {
      findings.violate('effect-before-decision', 'An effect came before its decision was on record.', effect)
    }
    const hashes = corrected.get(effect.decision) ?? [decision.argsHash]
    const isSame = hashes.includes(effect.argsHash) && decision.action === effect.action
    if (!isSame || decision.row.agent !== effect.agent) {
      findings.violate('effect-of-other-args', 'An effect is not the one that was decided on.', { effect, decision })
    }
  }
}

/** The args that a step may have instead of those that were decided on; what surely was corrected runs with no others. */
function correctedArgs({ interferences }: History): ReadonlyMap<string, readonly (string | null)[]> {
  const corrections = interferences.filter(({ argsHash, code }) => argsHash !== null && code === null)
  const isSure = new Set(corrections.flatMap(({ step, answeredAt }) => (answeredAt === null ? [] : [step])))
  const known = new Map<string, (string | null)[]>()
  for (const { step, argsHash } of corrections) {
    if (step === null || !isSure.has(step)) continue
    known.set(step, [...(known.get(step) ?? []), argsHash])
  }
  return known
}

/** No decision is used twice, no key runs twice, and what is recorded as done was done. */
export function checkEffectsHappenOnce({ effects, executions }: History, findings: Findings): void {
  for (const group of groupBy(effects, ({ workspace, decision }) => [workspace, decision]).values()) {
    if (group.length > 1) findings.violate('decision-used-twice', 'A decision led to two effects.', { group })
  }
  const byKey = groupBy(effects, ({ workspace, agent, key }) => [workspace, agent, key])
  for (const group of byKey.values()) {
    const [first] = group
    if (first === undefined || REPEATABLE.has(first.action) || group.length === 1) continue
    findings.violate('effect-twice', 'An action that is not idempotent ran twice for one key.', { group })
  }
  const executionOf = groupBy(executions, ({ workspace, agent, key }) => [workspace, agent, key])
  for (const effect of effects) {
    if (SAFE.has(effect.action)) continue
    if (groupOf(executionOf, effect.workspace, effect.agent, effect.key).length !== 1) {
      findings.violate('effect-without-execution', 'An effect has no execution.', effect)
    }
  }
  for (const execution of executions) {
    const had = groupOf(byKey, execution.workspace, execution.agent, execution.key)
    checkExecution({ ...execution, had }, findings)
  }
}

type Execution = History['executions'][number] & { readonly had: readonly Effect[] }

function checkExecution(execution: Execution, findings: Findings): void {
  const { had, state, nonce, argsHash, decision } = execution
  if (had.some((effect) => effect.argsHash !== argsHash)) {
    findings.violate('effect-of-other-args', 'An execution led to an effect with other args.', execution)
  }
  if (state === 'released' && had.some((effect) => effect.decision === decision)) {
    findings.violate('effect-of-released', 'A released execution had an effect.', execution)
  }
  if (state !== 'succeeded') return
  if (!had.some((effect) => effect.nonce === nonce && effect.decision === decision)) {
    findings.violate(
      'success-without-effect',
      'An execution succeeded, and its effect is not in the Oracle.',
      execution,
    )
  }
}

/** No run passes a checkpoint once its claim is lost. */
export function checkLostClaimsEnd({ effects, journal }: History, findings: Findings): void {
  const lost = journal.filter(({ kind }) => kind === 'run.lost')
  for (const effect of effects) {
    const { decision, checkedAt } = effect
    const end = lost.find(({ body }) => body.decisionId === decision)
    if (checkedAt === null || end === undefined || end.committedAt === null || end.committedAt >= checkedAt) continue
    findings.violate('effect-of-lost-claim', 'A run passed a checkpoint after its claim was lost.', { effect, end })
  }
}

/** What was marked as unknown is settled, and never runs again unless that does no harm. */
export function checkUnknownOutcomes(history: History, decisions: readonly DecisionRow[], findings: Findings): void {
  const { executions, journal } = history
  for (const execution of executions) {
    if (execution.state === 'claimed') {
      findings.violate('still-claimed', 'An execution stays claimed after its lease.', execution)
    }
    if (execution.idempotent) continue
    const lost = journal.find(({ kind, subject }) => kind === 'run.lost' && subject === execution.id)
    if (lost === undefined) continue
    const again = decisions.find(
      (decision) =>
        decision.row.workspace === execution.workspace &&
        decision.row.agent === execution.agent &&
        decision.key === execution.key &&
        decision.row.position > lost.position &&
        allows(decision),
    )
    if (again !== undefined) {
      findings.violate('unknown-ran-again', 'What has an unknown outcome was allowed again.', { execution, again })
    }
  }
}
