import type { Failpoint } from '../context.ts'
import type { Database } from '../database/open-database.ts'
import { inWorkspace } from '../database/transaction.ts'
import type { Clock } from '../kernel/clock.ts'
import { createSingleFlight } from '../kernel/single-flight.ts'
import type { Policy } from '../policy/policy.ts'
import type { PolicyCache } from '../policy/policy-cache.ts'
import type { Settings } from '../settings.ts'
import type { AgentFacts, Facts, OpenStop } from './facts.ts'
import { KnownAgents } from './known-agents.ts'
import type { Lease } from './lease.ts'
import { parseAgentFacts } from './parse-facts.ts'
import { readFacts } from './store.ts'

interface KnownAgent {
  readonly facts: AgentFacts
  readonly readAt: number
  /** Whether it was asked about since: what asks once needs nothing kept. */
  wasAsked: boolean
  /** What is known where it acts alone, and of which reading of its workspace that is. */
  alone: { readonly of: WorkspaceSnapshot; readonly facts: Facts } | null
}

/** What one workspace looks like to this process, while the lease lives. */
interface WorkspaceSnapshot {
  readonly agents: KnownAgents<KnownAgent>
  readonly stops: readonly OpenStop[]
  readonly policy: Policy
  readonly readAt: number
}

// No decision on a safe action rests on these: they are of who asks, and of runs that are watched.
const OF_NO_AGENT: ReadonlySet<string> = new Set(['key', 'session'])

/** Facts kept in memory for safe actions: a performance device, never an authority. */
export interface SnapshotCache {
  /** The facts about some agents, when all are known and the lease is live; costs no statement. */
  peek(workspace: string, agents: readonly string[]): Facts | undefined
  /**
   * Reads the facts about some agents and keeps them; one read at a time for the same question. Undefined when the answer
   * took so long that a lease of that age would have lapsed.
   */
  load(workspace: string, agents: readonly string[]): Promise<Facts | undefined>
}

/** What the cache stands on. */
export interface SnapshotDependencies {
  readonly database: Database
  readonly clock: Clock
  readonly settings: Settings
  readonly policies: PolicyCache
  readonly lease: Lease
  readonly failpoint: Failpoint
}

/** Makes an empty cache that forgets what the lease says has changed. */
export function createSnapshotCache(dependencies: SnapshotDependencies): SnapshotCache {
  const { clock, settings, lease } = dependencies
  const workspaces = new Map<string, WorkspaceSnapshot>()
  const flights = createSingleFlight<Facts | undefined>()
  lease.onChange((change) => {
    if (change === 'everything') workspaces.clear()
    else if (OF_NO_AGENT.has(change.kind)) return
    else if (change.kind === 'agent') workspaces.get(change.workspace)?.agents.delete(change.subject)
    else if (change.workspace === '*') workspaces.clear()
    else workspaces.delete(change.workspace)
  })
  return {
    peek(workspace, agents) {
      if (!lease.live()) return undefined
      const snapshot = workspaces.get(workspace)
      const oldest = clock.monotonic() - settings.snapshotTtlMs
      if (snapshot === undefined || snapshot.readAt < oldest) return undefined
      return factsOf(snapshot, agents, oldest)
    },
    load(workspace, agents) {
      return flights.run(JSON.stringify([workspace, ...agents]), () =>
        fill(dependencies, workspaces, { workspace, agents }),
      )
    },
  }
}

function factsOf(snapshot: WorkspaceSnapshot, agents: readonly string[], oldest: number): Facts | undefined {
  const [only] = agents
  if (only !== undefined && agents.length === 1) {
    const entry = snapshot.agents.get(only)
    return entry === undefined || entry.readAt < oldest ? undefined : factsAlone(snapshot, entry)
  }
  const known = new Map<string, AgentFacts>()
  for (const agent of agents) {
    const entry = snapshot.agents.get(agent)
    if (entry === undefined || entry.readAt < oldest) return undefined
    known.set(agent, entry.facts)
  }
  return { agents: known, stops: snapshot.stops, policy: snapshot.policy }
}

/** Made once for each reading: stops and the policy are those of the workspace as it was read last. */
function factsAlone(snapshot: WorkspaceSnapshot, entry: KnownAgent): Facts {
  if (entry.alone?.of === snapshot) return entry.alone.facts
  const { stops, policy } = snapshot
  const agent = entry.facts
  const agents = new Map([[agent.id, agent]])
  const facts = { agents, stops, policy }
  if (!entry.wasAsked) {
    entry.wasAsked = true
    return facts
  }
  const kept = { ...facts, standing: { agents, agent, policy, byAction: new Map() } }
  entry.alone = { of: snapshot, facts: kept }
  return kept
}

async function fill(
  { database, clock, settings, policies, lease, failpoint }: SnapshotDependencies,
  workspaces: Map<string, WorkspaceSnapshot>,
  question: { readonly workspace: string; readonly agents: readonly string[] },
): Promise<Facts | undefined> {
  const readAt = clock.monotonic()
  const generation = lease.generation()
  const facts = await inWorkspace(
    database,
    { workspace: question.workspace, deadlineMs: settings.deadlineMs, named: true },
    async (tx) => {
      const stored = await readFacts(tx, { agents: question.agents, hold: false })
      const policy = await policies.get(tx, stored.policyVersion)
      const agents = new Map(stored.agents.map(parseAgentFacts).map((agent) => [agent.id, agent]))
      return { agents, stops: stored.stops, policy }
    },
  )
  await failpoint('cache.fill_after_read')
  // A change that arrived while this was read may not be in it: such a fill is used once and not kept.
  if (lease.live() && lease.generation() === generation) {
    keep(workspaces, question.workspace, { facts, readAt, oldest: readAt - settings.snapshotTtlMs })
  }
  return clock.monotonic() - readAt < settings.leaseMs ? facts : undefined
}

function keep(
  workspaces: Map<string, WorkspaceSnapshot>,
  workspace: string,
  { facts, readAt, oldest }: { readonly facts: Facts; readonly readAt: number; readonly oldest: number },
): void {
  const known = workspaces.get(workspace)
  const agents = known?.agents ?? new KnownAgents<KnownAgent>()
  for (const agent of facts.agents.values())
    agents.set(agent.id, { facts: agent, readAt, wasAsked: false, alone: null }, oldest)
  workspaces.set(workspace, { agents, stops: facts.stops, policy: facts.policy, readAt })
}
