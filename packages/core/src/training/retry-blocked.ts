import { type BlockedTrigger, type Decision, GovernanceError, type GuardCall, type Trigger } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize, mayRead, visibleArgs } from '../access/authorize.ts'
import { principalNamed } from '../access/principal-named.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import { inWorkspace } from '../database/transaction.ts'
import { hiddenValues, hideValues } from '../journal/hide-values.ts'
import { isoTime } from '../kernel/clock.ts'
import { check } from '../routing/check.ts'
import { decide } from '../routing/decide.ts'
import { guard } from '../routing/guard.ts'
import { type BlockedAttempt, findBlockedAttempt, findBlockedTrigger, resolveBlocked } from './blocked-store.ts'
import type { TrainingDependencies } from './training-dependencies.ts'

/** What a retry led to. */
export interface RetriedTrigger {
  readonly blockedTrigger: BlockedTrigger
  readonly decision: Decision
}

/**
 * Makes a blocked attempt again, through the gate and as the one who asked, and resolves its record with what was decided.
 * Where this process has its executor, what may run runs at once; else the decision says what comes next.
 *
 * @throws GovernanceError `CONFLICT` when it was resolved, or when it would be blocked or denied again; `NOT_FOUND`,
 * `PERMISSION_DENIED`, or the code of a fault.
 */
export async function retryBlocked(
  dependencies: TrainingDependencies,
  actor: Actor,
  id: string,
): Promise<RetriedTrigger> {
  authorize(actor, 'blocked_triggers.retry')
  const scope = { workspace: actor.workspace }
  const { database } = dependencies.context
  const blocked = await inWorkspace(database, scope, (tx) => findBlockedAttempt(tx, id))
  if (blocked === undefined || !mayRead(actor, 'blocked_triggers.retry', blocked.record)) {
    throw recordNotFound('blocked trigger', id)
  }
  assertOwnAttempt(actor, blocked)
  const decision = await retryAttempt(dependencies, { workspace: actor.workspace, blocked, by: actorName(actor) })
  const record = await inWorkspace(database, scope, (tx) => findBlockedTrigger(tx, id))
  if (record === undefined) throw new GovernanceError('FACT_INVALID')
  return { blockedTrigger: { ...record, args: visibleArgs(actor, 'blocked_triggers.retry', record.args) }, decision }
}

/** Programs make again what they asked for themselves; people, whatever was blocked. */
function assertOwnAttempt(actor: Actor, { askedBy }: BlockedAttempt): void {
  const { kind } = actor.principal
  if (kind === 'user' || kind === 'system' || askedBy === actorName(actor)) return
  throw new GovernanceError('PERMISSION_DENIED', {
    message: `${actorName(actor)} makes again only what it asked for itself.`,
  })
}

/** A blocked attempt that is to be made again. */
export interface Retry {
  readonly workspace: string
  readonly blocked: BlockedAttempt
  /** Who wants it. */
  readonly by: string
}

/** Makes it again, and resolves it when it was not blocked again. */
export async function retryAttempt(dependencies: TrainingDependencies, retry: Retry): Promise<Decision> {
  const { blocked, workspace, by } = retry
  const { record } = blocked
  if (record.resolvedAt !== null) {
    throw new GovernanceError('CONFLICT', {
      message: `The blocked trigger ${record.id} was resolved: ${record.resolution ?? ''}.`,
      details: { resolution: record.resolution },
    })
  }
  const actor: Actor = { workspace, principal: principalNamed(blocked.askedBy), source: record.source }
  const trigger = triggerOf(blocked)
  const assessed = await check(dependencies.gate, actor, trigger)
  if (assessed.route === 'training' || assessed.route === 'denied') throw stillBlocked(record, assessed)
  const decision = await attempt(dependencies, actor, trigger)
  if (decision.route === 'training' || decision.route === 'denied') throw stillBlocked(record, decision)
  await resolve(dependencies, { workspace, record, decision, by })
  return decision
}

function stillBlocked(record: BlockedTrigger, { route, reason }: { readonly route: string; readonly reason: string }) {
  return new GovernanceError('CONFLICT', {
    message: `The attempt ${record.id} would get the route ${route}: ${reason}`,
    details: { route },
  })
}

/** The same attempt under a key of its own: that of the first one is used, and a retry that was blocked as well used its. */
function triggerOf({ record, args, context, resource, delegation, retries }: BlockedAttempt): Trigger {
  const { id, agent, action, type } = record
  return {
    agent,
    action,
    args,
    idempotencyKey: `retry:${id}:${retries + 1}`,
    ...(type === null ? {} : { type }),
    ...(resource === null ? {} : { resource }),
    ...(context === null ? {} : { context }),
    ...(delegation.length === 0 ? {} : { delegation }),
  }
}

async function attempt(dependencies: TrainingDependencies, actor: Actor, trigger: Trigger): Promise<Decision> {
  const { gate, runner, context } = dependencies
  const found = gate.registry.find(actor.workspace, trigger.action)
  const execute = found.found === 'one' ? found.action.execute : null
  if (execute === null) return (await decide(gate, actor, trigger, null)).decision
  let begun: Decision | undefined
  const run = (call: GuardCall): unknown => {
    begun = call.decision
    return execute(call)
  }
  try {
    return (await guard(gate, runner, actor, { trigger, run, options: {} })).decision
  } catch (error) {
    // What the action threw is on record as its outcome.
    if (begun === undefined) throw error
    const sensitive = found.found === 'one' ? found.action.sensitivePaths : []
    const said = hideValues(String(error), hiddenValues({ args: trigger.args, sensitive }))
    context.report({ level: 'warn', code: 'NOTICE', message: `The retried ${trigger.action} failed: ${said}` })
    return begun
  }
}

async function resolve(
  { context }: TrainingDependencies,
  done: {
    readonly workspace: string
    readonly record: BlockedTrigger
    readonly decision: Decision
    readonly by: string
  },
): Promise<void> {
  const { workspace, record, decision, by } = done
  await inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    const resolution = `${decision.route} ${decision.id}`
    const at = isoTime(context.clock.now())
    if (!(await resolveBlocked(tx, { id: record.id, resolution, by, at }))) return
    await context.journal.append(tx, {
      kind: 'blocked_trigger.resolved',
      subject: record.id,
      agent: record.agent,
      body: { actor: by, decisionId: decision.id, route: decision.route },
    })
  })
}
