import type { Agent } from '@preceptor/client'
import type { AgentsSort } from './agents-search.ts'

/** What waits at an agent, and how its score went. */
export interface AgentOpen {
  readonly proposals: number
  readonly training: number
  readonly sessions: number
  /** What is wrong with it, as alerts say. */
  readonly alerts: readonly string[]
}

/** Why somebody should look at an agent, the most pressing first. */
export type Attention = 'stopped' | 'paused' | 'capped' | 'alert' | 'waiting' | 'none'

const NOTHING: AgentOpen = { proposals: 0, training: 0, sessions: 0, alerts: [] }

/** What is open by agent, out of the records that are open. */
export function openByAgent(lists: {
  readonly proposals: readonly { readonly agent: string }[]
  readonly training: readonly { readonly agent: string }[]
  readonly sessions: readonly { readonly agent: string }[]
  readonly alerts: readonly { readonly agent: string | null; readonly code: string }[]
}): ReadonlyMap<string, AgentOpen> {
  const open = new Map<string, AgentOpen>()
  const count = (agent: string, what: 'proposals' | 'training' | 'sessions'): void => {
    const known = open.get(agent) ?? NOTHING
    open.set(agent, { ...known, [what]: known[what] + 1 })
  }
  for (const { agent } of lists.proposals) count(agent, 'proposals')
  for (const { agent } of lists.training) count(agent, 'training')
  for (const { agent } of lists.sessions) count(agent, 'sessions')
  for (const { agent, code } of lists.alerts) {
    if (agent === null) continue
    const known = open.get(agent) ?? NOTHING
    open.set(agent, { ...known, alerts: [...known.alerts, code] })
  }
  return open
}

/** Why an agent needs attention. A retired one needs none. */
export function attentionOf(agent: Agent, { alerts, proposals, training }: AgentOpen = NOTHING): Attention {
  if (agent.lifecycle === 'retired') return 'none'
  if (agent.lifecycle === 'stopped' || agent.lifecycle === 'paused') return agent.lifecycle
  if (agent.fingerprintCapped) return 'capped'
  if (alerts.length > 0) return 'alert'
  return proposals + training > 0 ? 'waiting' : 'none'
}

const RANKS: Readonly<Record<Attention, number>> = { stopped: 0, paused: 1, capped: 2, alert: 3, waiting: 4, none: 5 }

/** Agents whose id, name, owner, category or specialty has every word of a text. */
export function matching(agents: readonly Agent[], text: string | undefined): readonly Agent[] {
  const words = (text ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return agents
  return agents.filter(({ id, displayName, ownerId, category, specialty }) => {
    const all = [id, displayName, ownerId, category ?? '', specialty ?? ''].join('\n').toLowerCase()
    return words.every((word) => all.includes(word))
  })
}

/** In the order of the list; the id decides where nothing else does. */
export function sortAgents(
  agents: readonly Agent[],
  { open, sort }: { readonly open: ReadonlyMap<string, AgentOpen>; readonly sort: AgentsSort | undefined },
): readonly Agent[] {
  const byId = (left: Agent, right: Agent): number => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)
  const compare = (left: Agent, right: Agent): number => {
    if (sort === 'confidence') return right.confidence - left.confidence
    if (sort === 'recent') return Date.parse(right.updatedAt) - Date.parse(left.updatedAt)
    if (sort === 'name') return left.displayName.localeCompare(right.displayName)
    const [one, two] = [open.get(left.id), open.get(right.id)]
    const rank = RANKS[attentionOf(left, one)] - RANKS[attentionOf(right, two)]
    return rank === 0 ? waitingAt(two) - waitingAt(one) : rank
  }
  return [...agents].sort((left, right) => compare(left, right) || byId(left, right))
}

/** How much waits at an agent for somebody to decide. */
function waitingAt(open: AgentOpen | undefined): number {
  return open === undefined ? 0 : open.proposals + open.training
}
