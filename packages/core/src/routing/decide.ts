import { type Decision, type ErrorCode, GovernanceError, type Trigger } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { isoTime } from '../kernel/clock.ts'
import { traceDecision } from '../telemetry/decision-span.ts'
import { admit } from './admit.ts'
import { type ActionResolution, type Attempt, agentsOf, namesApproval, type Question } from './attempt.ts'
import type { ClaimFor } from './consequences.ts'
import type { Decided } from './decided.ts'
import type { Facts } from './facts.ts'
import type { Gate } from './gate.ts'
import { decisionDraft } from './journal-decision.ts'
import { decisionFacts, deniedBeforeRuling, executionDecision } from './make-decision.ts'
import { parseTrigger } from './parse-trigger.ts'
import { recordDecision } from './record-decision.ts'
import { refuseAndRecord } from './record-refusal.ts'
import { resolveAction } from './resolve-action.ts'
import { type Ruling, ruleOn } from './ruling.ts'
import { inTime } from './time-left.ts'
import { toFault } from './to-fault.ts'

/**
 * Decides on a trigger, and claims what may run for whom it is claimed for. Whatever cannot be checked within the
 * deadline is denied with a code.
 *
 * @throws GovernanceError `INPUT_INVALID` for a trigger that is not one.
 */
export async function decide(
  gate: Gate,
  actor: Actor,
  value: Trigger,
  claimFor: ClaimFor | null,
  question?: Question,
): Promise<Decided> {
  const trigger = parseTrigger(value)
  const decided = await traceDecision((traceparent) => {
    const begun = begin(gate, actor, trigger)
    // Copied only where there is something to add: most decisions are quick ones.
    if (question === undefined && traceparent === null) return decideOn(gate, begun, claimFor)
    const more = { ...(question && { question }), ...(traceparent !== null && { traceparent }) }
    return decideOn(gate, { ...begun, ...more }, claimFor)
  })
  const { clock, meter } = gate.context
  meter.of(actor.workspace).observe('decide', (clock.monotonic() - decided.attempt.startedAt) / 1_000)
  const { decision } = decided
  if (decision.route === 'denied' && decision.source !== 'manual' && FAILINGS.has(decision.code)) {
    const counted = gate.context.failed({ workspace: actor.workspace, agent: decision.agent })
    // Counting goes on behind the back of a caller whose time is over.
    await inTime(gate.context, decided.attempt, counted).catch(() => undefined)
  }
  return decided
}

/** Refusals that tell of the agent: neither of what was set for it, nor of what failed around it. */
const FAILINGS: ReadonlySet<ErrorCode> = new Set([
  'ACTION_UNKNOWN',
  'ARGS_INVALID',
  'CONDITION_FAILED',
  'LIMIT_EXCEEDED',
  'DELEGATION_CYCLE',
  'DELEGATION_TOO_DEEP',
])

async function decideOn(gate: Gate, attempt: Omit<Attempt, 'resolution'>, claimFor: ClaimFor | null): Promise<Decided> {
  try {
    const asked = admitAndResolve(gate, attempt)
    // What is there already is not waited for.
    const resolution = asked instanceof Promise ? await asked : asked
    assertAsked(attempt, resolution)
    const resolved = withResolution(attempt, resolution)
    const quick = decideQuickly(gate, resolved)
    if (quick === null) return await decideInTime(gate, resolved, claimFor)
    return await settleQuickly(gate, quick)
  } catch (error) {
    return denyForFault(gate, attempt, error)
  }
}

function begin(gate: Gate, actor: Actor, trigger: Trigger): Omit<Attempt, 'resolution'> {
  const { ids, clock } = gate.context
  const decisionId = ids.next('dec')
  return {
    actor,
    trigger,
    keyed: trigger.idempotencyKey !== undefined,
    idempotencyKey: trigger.idempotencyKey ?? decisionId,
    decisionId,
    decidedAt: isoTime(clock.now()),
    startedAt: clock.monotonic(),
  }
}

/** Field by field, which costs a tenth of a copy: every decision comes through here. */
function withResolution(attempt: Omit<Attempt, 'resolution'>, resolution: ActionResolution): Attempt {
  const { actor, trigger, keyed, idempotencyKey, decisionId, decidedAt, startedAt, question, traceparent } = attempt
  if (question !== undefined || traceparent !== undefined) return { ...attempt, resolution }
  return { actor, trigger, keyed, idempotencyKey, decisionId, decidedAt, startedAt, resolution }
}

function admitAndResolve(
  gate: Gate,
  attempt: Omit<Attempt, 'resolution'>,
): ActionResolution | Promise<ActionResolution> {
  const { actor, trigger } = attempt
  admit(gate, actor, { trigger, operation: 'triggers.decide' })
  const resolution = resolveAction(gate.registry, actor.workspace, trigger)
  // The schema is the host's code: it may never answer.
  return resolution instanceof Promise ? inTime(gate.context, attempt, resolution) : resolution
}

/** Nobody but its plugin asks a question to people: whatever earns nothing could be asked without end. */
function assertAsked({ question }: Pick<Attempt, 'question'>, resolution: ActionResolution): void {
  if (resolution.status !== 'resolved' || !resolution.action.asksPeople || question !== undefined) return
  throw new GovernanceError('PERMISSION_DENIED', {
    message: `"${resolution.action.name}" is asked by its plugin only.`,
  })
}

interface QuickDecision {
  readonly attempt: Attempt
  readonly decision: Decision
  /** Only safe runs of autonomous agents do not wait for the journal. */
  readonly waits: boolean
}

/** Decides on a safe action from what is in memory; null sends it to the database. */
function decideQuickly(gate: Gate, attempt: Attempt): QuickDecision | null {
  const { actor, trigger, resolution } = attempt
  const facts = gate.snapshots.peek(actor.workspace, agentsOf(trigger))
  // Only safe actions are decided on from memory.
  if (resolution.status === 'resolved' && resolution.action.risk === 'safe') {
    gate.context.meter.of(actor.workspace).count('cache', facts === undefined ? 'miss' : 'hit')
  }
  return facts === undefined ? null : quickDecision(gate, attempt, facts)
}

function quickDecision(gate: Gate, attempt: Attempt, facts: Facts): QuickDecision | null {
  const ruling = ruleOn(attempt, facts, [])
  if (!isQuick(attempt, ruling)) return null
  // The journal reads it later, and must find what was given out.
  const decision = Object.freeze(executionDecision(decisionFacts(attempt, ruling, facts.policy.version), ruling))
  const { agent } = ruling
  // Throws when the journal is not healthy: then nothing is allowed.
  gate.context.journal.buffer(attempt.actor.workspace, () => decisionDraft(attempt, decision, agent))
  return { attempt, decision, waits: ruling.maturity !== 'autonomous' }
}

function isQuick({ trigger, resolution }: Attempt, { route, risk, rule, shadow, agent, maturity }: Ruling): boolean {
  if (route !== 'execution' || risk !== 'safe' || resolution.status !== 'resolved') return false
  if (rule === null || rule.limits.length > 0 || shadow !== null || agent === null) return false
  // Somebody may watch the run, or have terminated it.
  if (trigger.run !== undefined && maturity !== 'autonomous') return false
  // An approval that is named is looked up.
  if (namesApproval(trigger)) return false
  // A build that was never seen, or that changed, is noted in the database first.
  if (trigger.fingerprint === undefined) return true
  return Object.entries(trigger.fingerprint).every(([part, value]) => value === Reflect.get(agent.fingerprint, part))
}

function settleQuickly(gate: Gate, { attempt, decision, waits }: QuickDecision): Decided | Promise<Decided> {
  const decided = { decision, attempt, claim: null, replay: null }
  // A burst that outruns the database is slowed down instead of being denied.
  return waits || gate.context.journal.nearlyFull ? settleWritten(gate, decided, attempt) : decided
}

async function settleWritten(gate: Gate, decided: Decided, attempt: Attempt): Promise<Decided> {
  await inTime(gate.context, attempt, gate.context.journal.flushed())
  await assertStillQuick(gate, attempt)
  return decided
}

/** While the journal was waited for, what was decided on may have grown older than a lease lasts. */
async function assertStillQuick(gate: Gate, attempt: Attempt): Promise<void> {
  const { workspace } = attempt.actor
  const agents = agentsOf(attempt.trigger)
  const facts =
    gate.snapshots.peek(workspace, agents) ??
    (await inTime(gate.context, attempt, gate.snapshots.load(workspace, agents)))
  const ruling = facts === undefined ? null : ruleOn(attempt, facts, [])
  if (ruling === null) throw new GovernanceError('DEADLINE_EXCEEDED')
  if (!isQuick(attempt, ruling)) throw new GovernanceError(ruling.code ?? 'AGENT_CHANGED', { message: ruling.reason })
}

async function decideInTime(gate: Gate, attempt: Attempt, claimFor: ClaimFor | null): Promise<Decided> {
  const { resolution, actor, trigger } = attempt
  if (resolution.status === 'resolved' && resolution.action.risk === 'safe') {
    const facts = await inTime(gate.context, attempt, gate.snapshots.load(actor.workspace, agentsOf(trigger)))
    const quick = facts === undefined ? null : quickDecision(gate, attempt, facts)
    if (quick !== null) return settleQuickly(gate, quick)
  }
  return recordDecision(gate, attempt, { claimFor })
}

/** Every fault denies. What the store can still take is recorded; the rest goes to the host's log. */
async function denyForFault(gate: Gate, attempt: Omit<Attempt, 'resolution'>, error: unknown): Promise<Decided> {
  const fault = toFault(error)
  const decision = deniedBeforeRuling(attempt, { code: fault.code, reason: fault.message })
  await refuseAndRecord(gate, attempt, { decision, fault })
  return { decision, attempt: { ...attempt, resolution: null }, claim: null, replay: null }
}
