import { GovernanceError } from '@preceptor/client'
import { canonicalJson, inWorkspace, isoTime, type PluginWork, type Tx } from '@preceptor/core/plugin'
import { criteriaOf } from '../evaluation/criteria.ts'
import { LEARNING } from '../learning-actor.ts'
import type { SessionPorts } from '../ports/session-ports.ts'
import { strategyNameOf } from '../strategies/strategy-name.ts'
import { type PlannedAdaptation, planAdaptation } from './adaptation-plan.ts'
import { ADAPTATION_KEPT_MS, adaptationNeed, adaptationState } from './adaptation-rules.ts'
import {
  countSessions,
  findUncounted,
  frequentTags,
  holdAdaptations,
  improvementsBy,
  insertAdaptation,
  lastAdaptedAt,
  listKeptAdaptations,
  listScoredWork,
  type ScoredWork,
  type StoredAdaptation,
  updateAdaptation,
} from './adaptation-store.ts'
import { RECENT_SESSIONS } from './recent-sessions.ts'

const MOST_TAGS = 3

/** Finds the types whose adaptations must be looked at: a session ended, or one of them is old. */
export function findTypesToAdapt(tx: Tx, at: string): Promise<readonly PluginWork[]> {
  return findUncounted(tx, { startedBefore: isoTime(Date.parse(at) - ADAPTATION_KEPT_MS) })
}

/** Measures the adaptations of a type, ends those that do not help, and adds one where it is due; one process at a time. */
export async function adaptType(ports: SessionPorts, { workspace, id: agentType }: PluginWork): Promise<void> {
  if (agentType === undefined) return
  await inWorkspace(ports.context.database, { workspace, retry: true }, async (tx) => {
    await holdAdaptations(tx, agentType)
    // First, so that a session which ends meanwhile is counted next time.
    await countSessions(tx, agentType)
    const kept = await listKeptAdaptations(tx, agentType)
    for (const adaptation of kept) await measure(ports, tx, adaptation)
    await addWhereDue(ports, tx, agentType)
  })
}

async function measure({ context }: SessionPorts, tx: Tx, adaptation: StoredAdaptation): Promise<void> {
  const now = context.clock.now()
  const improvements = await improvementsBy(tx, adaptation.id)
  const next = adaptationState({ startedAt: Date.parse(adaptation.createdAt), improvements }, now)
  const effectiveness = next.state === 'removed' ? adaptation.effectiveness : next.effectiveness
  // What was switched off stays so: sessions that began before may still raise what is known of it.
  const state = next.state === 'active' ? adaptation.state : next.state
  const isSame = state === adaptation.state && effectiveness === adaptation.effectiveness
  if (isSame && improvements.length === adaptation.sessions) return
  await change(context, tx, adaptation, { state, effectiveness, sessions: improvements.length })
}

async function change(
  { clock, journal }: SessionPorts['context'],
  tx: Tx,
  adaptation: StoredAdaptation,
  to: {
    readonly state: 'active' | 'switched_off' | 'removed'
    readonly effectiveness: number | null
    readonly sessions: number
    readonly replacedBy?: string
  },
): Promise<void> {
  const { id, agentType } = adaptation
  const { state, effectiveness, sessions, replacedBy = null } = to
  if (!(await updateAdaptation(tx, adaptation, { ...to, at: isoTime(clock.now()) }))) {
    throw new GovernanceError('CONFLICT', { message: `The adaptation ${id} was changed meanwhile.` })
  }
  if (state === adaptation.state || state === 'active') return
  const body = { actor: LEARNING, agentType, effectiveness, sessions, replacedBy }
  await journal.append(tx, { kind: `adaptation.${state}`, subject: id, body })
}

async function addWhereDue(ports: SessionPorts, tx: Tx, agentType: string): Promise<void> {
  const { clock, ids, journal } = ports.context
  const since = (await lastAdaptedAt(tx, agentType)) ?? null
  const work = await listScoredWork(tx, { agentType, since, limit: RECENT_SESSIONS })
  const need = adaptationNeed(work.map(({ improvement }) => improvement))
  if (need.outcome !== 'due') return
  const [cause] = need.reasons
  const kept = await listKeptAdaptations(tx, agentType)
  const active = kept.find(({ state }) => state === 'active')
  const { plan, change: what } = await planFor(ports, tx, { agentType, cause: cause ?? 'declining', active, work })
  // What is in force already, or was found not to help, changes nothing.
  if (kept.some((other) => canonicalJson(other.plan) === canonicalJson(plan))) return
  const id = ids.next('adp')
  if (active !== undefined) {
    const { effectiveness, sessions } = active
    await change(ports.context, tx, active, { state: 'switched_off', effectiveness, sessions, replacedBy: id })
  }
  const added = { id, agentType, cause: cause ?? 'declining', change: what, plan, createdAt: isoTime(clock.now()) }
  await insertAdaptation(tx, added)
  const body = { actor: LEARNING, agentType, cause: added.cause, change: what, mean: need.mean, slope: need.slope }
  await journal.append(tx, { kind: 'adaptation.added', subject: id, body })
}

async function planFor(
  { parts: { strategies } }: SessionPorts,
  tx: Tx,
  {
    agentType,
    cause,
    active,
    work,
  }: {
    readonly agentType: string
    readonly cause: StoredAdaptation['cause']
    readonly active: StoredAdaptation | undefined
    readonly work: readonly ScoredWork[]
  },
): Promise<PlannedAdaptation> {
  const own = strategyNameOf(strategies, agentType)
  const recent = await listScoredWork(tx, { agentType, since: null, limit: RECENT_SESSIONS })
  const results = recent.flatMap(({ tried }) =>
    tried.flatMap(({ strategy, improvement }) => (improvement === null ? [] : [{ strategy, improvement }])),
  )
  const criteria = work.flatMap((one) => Object.entries(one.criteria).map(([name, score]) => ({ name, score })))
  const meanings = Object.fromEntries(
    criteriaOf(strategies.strategyFor(agentType)).map(({ name, description }) => [name, description]),
  )
  const strategy = active?.plan.kind === 'strategy' ? active.plan.strategy : own
  const tags = await frequentTags(tx, { agentType, limit: MOST_TAGS })
  return planAdaptation({ cause, strategy, results, criteria, meanings, tags })
}
