import { MATURITIES, type Maturity } from '@preceptor/client'
import type { Standing } from '../maturity/bands.ts'
import { WHOLE_AGENT } from '../maturity/record-capability.ts'
import type { RunWatch } from '../routing/consequences.ts'
import type { AgentFacts, OpenBypass } from '../routing/facts.ts'
import type { AgentEvent, PastBypass, PastSession } from './past-store.ts'
import type { RecordedDecision } from './recorded-decision.ts'

/** What is known of the past: agents as they are now, and what changed since. */
export interface Past {
  readonly agents: ReadonlyMap<string, AgentFacts>
  /** By agent, the oldest first. */
  readonly events: ReadonlyMap<string, readonly AgentEvent[]>
  readonly bypasses: readonly PastBypass[]
  /** By agent and run. */
  readonly sessions: ReadonlyMap<string, readonly PastSession[]>
}

type Place = Pick<RecordedDecision, 'position' | 'decidedAt'>

/** The agents that a decision rested on, as they were then; undefined when one of them is gone. */
export function agentsThen(past: Past, made: RecordedDecision): ReadonlyMap<string, AgentFacts> | undefined {
  const ids = [made.agent, ...made.delegation]
  const agents = ids.flatMap((id) => past.agents.get(id) ?? [])
  if (agents.length < ids.length) return undefined
  return new Map(agents.map((agent) => [agent.id, agentThen(agent, past.events.get(agent.id) ?? [], made)]))
}

/** It was decided on by the rules, so that none of them was stopped, paused or retired. */
function agentThen(agent: AgentFacts, events: readonly AgentEvent[], { position }: Place): AgentFacts {
  const later = events.filter((event) => event.position > position)
  const levelThen = (capability: string, now: Maturity): Maturity => {
    const next = later.find((event) => event.capability === capability && event.from !== null)
    return MATURITIES.find((maturity) => maturity === next?.from) ?? now
  }
  const earned = [...agent.earned].map(([capability, standing]): [string, Standing] => [
    capability,
    { ...standing, maturity: levelThen(capability, standing.maturity) },
  ])
  const seen = events.findLast(
    (event) => event.position < position && (event.kind === 'agent.capped' || event.kind === 'agent.attested'),
  )
  return {
    ...agent,
    lifecycle: 'active',
    maturity: levelThen(WHOLE_AGENT, agent.maturity),
    earned: new Map(earned),
    fingerprintCapped: seen?.kind === 'agent.capped',
  }
}

/** The bypasses that were in force then. */
export function bypassesThen({ bypasses }: Past, { decidedAt }: Place): readonly OpenBypass[] {
  return bypasses
    .filter(
      ({ setAt, expiresAt, liftedAt }) =>
        setAt <= decidedAt && expiresAt > decidedAt && !(liftedAt && liftedAt <= decidedAt),
    )
    .map(({ id, agent, capability, action, expiresAt, lapses, ownOf }) => ({
      id,
      agent,
      capability,
      action,
      expiresAt,
      lapsedFor: lapses.filter(({ at }) => at <= decidedAt).map((lapse) => lapse.agent),
      ownOf,
    }))
}

/** What watching over its run meant for a decision. */
export function watchThen({ sessions }: Past, { agent, run, decidedAt }: RecordedDecision): RunWatch {
  if (run === null) return 'unwatched'
  const before = (sessions.get(runKey(agent, run)) ?? []).filter(({ createdAt }) => createdAt < decidedAt)
  const hasEnded = ({ endedAt }: PastSession): boolean => endedAt !== null && endedAt <= decidedAt
  if (before.some((session) => session.isTerminated && hasEnded(session))) return 'terminated'
  return before.some((session) => !hasEnded(session)) ? 'watched' : 'unwatched'
}

/** The key of a run among the sessions. */
export function runKey(agent: string, run: string): string {
  return JSON.stringify([agent, run])
}
