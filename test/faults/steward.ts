import type { ControlScope, Identity, JsonObject } from '@preceptor/client'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { control } from './child/controls.ts'
import type { Append } from './child/log.ts'
import type { Verification } from './history.ts'
import { ACTIONS, AGENTS, OWNER, policyFor, SETTINGS, SUBSCRIBED, SUPERVISORS } from './workload.ts'

/** Who sets a round up, lifts and resumes what the others stopped, and looks after what the dead left behind. */
export interface Steward {
  /** Gives agents and people of the round their start. */
  setUp(): Promise<void>
  /** Lifts, resumes and promotes what has been down for long enough. */
  heal(): Promise<void>
  /** Marks what was claimed and not settled in time. */
  reap(): Promise<void>
  /** Ends proposals that nobody decided, or nobody ran, in time. */
  expire(): Promise<void>
  /** Sends what is due; gives how many deliveries it tried. */
  deliver(): Promise<number>
  /** Seals what is committed. */
  seal(): Promise<void>
  verify(after: string): Promise<void>
  readonly verifications: readonly Verification[]
  close(): Promise<void>
}

/** What a steward stands on. */
export interface StewardOptions {
  readonly databaseUrl: string
  readonly workspaces: readonly string[]
  readonly log: Append
  /** Where whoever subscribed listens. */
  readonly receiverUrl: string
  /** Milliseconds by which its clock is ahead. */
  readonly aheadMs?: number
  /** How long what was asked for lasts; null for hours. */
  readonly proposalTtlMs?: number | null
}

// Long enough that the second in which a stop must have arrived everywhere is over, and some calls are tried after it.
const DOWN_MS = 2_500
const admin = (workspace: string): Identity => ({
  workspace,
  principal: { kind: 'user', id: 'root', roles: ['admin'] },
})
const system = (workspace: string): Identity => ({ workspace, principal: { kind: 'system', id: 'switch', roles: [] } })

/** Opens a governor past all faults. */
export async function openSteward({
  databaseUrl,
  workspaces,
  log,
  receiverUrl,
  aheadMs = 0,
  proposalTtlMs = null,
}: StewardOptions): Promise<Steward> {
  const clock = { now: () => Date.now() + aheadMs, monotonic: () => performance.now() }
  const report = (line: object): void => log({ line: 'report', at: Date.now(), ...line })
  const options = { database: databaseUrl, migrate: false, workspaces, actions: ACTIONS, settings: SETTINGS }
  const outbound = { allow: [receiverUrl] }
  const governor = await createGovernor({ ...options, outbound, clock, report })
  const verifications: Verification[] = []
  const healer = createHealer(governor, log)
  return {
    verifications,
    async setUp() {
      for (const workspace of workspaces) {
        await setUpWorkspace(governor.as(admin(workspace)), { policy: policyFor(proposalTtlMs), receiverUrl })
      }
    },
    async heal() {
      for (const workspace of workspaces) await healer(workspace)
    },
    reap: () => governor.jobs.run('settle-lost-executions', {}),
    expire: () => governor.jobs.run('expire-proposals', {}),
    deliver: () => governor.jobs.notify(50),
    seal: () => governor.jobs.run('seal-journal', {}),
    async verify(after) {
      for (const workspace of workspaces) {
        const result = await governor.as(admin(workspace)).journal.verify()
        verifications.push({ workspace, after, result })
      }
    },
    close: () => governor.close(),
  }
}

async function setUpWorkspace(
  scope: ControlScope,
  { policy, receiverUrl }: { readonly policy: JsonObject; readonly receiverUrl: string },
): Promise<void> {
  await scope.webhooks.create({ url: `${receiverUrl}/told`, events: [...SUBSCRIBED] })
  const { version } = await scope.policies.current()
  await scope.policies.put(policy, { basedOn: version, reason: 'The policy of the round.' })
  for (const user of SUPERVISORS) await scope.members.put(user, { displayName: user, roles: ['supervisor'] })
  for (const [id, maturity] of Object.entries(AGENTS)) await scope.agents.register({ id, maturity, ownerId: OWNER })
}

/** What is down is counted from when it was first seen: the clock of whoever did it may be wrong. */
function createHealer(governor: EmbeddedGovernor, log: Append): (workspace: string) => Promise<void> {
  const seen = new Map<string, number>()
  const isDue = (what: string): boolean => {
    const first = seen.get(what) ?? Date.now()
    seen.set(what, first)
    return Date.now() - first >= DOWN_MS
  }
  const act = async (draft: Parameters<typeof control>[1], work: () => Promise<unknown>): Promise<void> => {
    await control({ process: 'steward', log }, draft, async () => {
      await work()
      return {}
    })
  }
  return async (workspace) => {
    const scope = governor.as(admin(workspace))
    const reason = 'It has been down for long enough.'
    for (const { id, target, agent, liftedAt } of (await scope.stops.list({ limit: 50 })).items) {
      if (liftedAt !== null || !isDue(id)) continue
      const draft = { workspace, kind: 'lift-stop', agent, everywhere: target === 'all', stop: id } as const
      await act(draft, () =>
        governor.as(target === 'all' ? system(workspace) : admin(workspace)).stops.lift(id, reason),
      )
    }
    for (const agent of (await scope.agents.list({ limit: 100 })).items) {
      const draft = { workspace, agent: agent.id, everywhere: false, stop: null }
      if (agent.lifecycle !== 'active' && isDue(`${workspace}/${agent.id}/${agent.epoch}`)) {
        await act({ ...draft, kind: 'resume' }, () => scope.agents.resume(agent.id, reason))
      }
      const fell = agent.maturity !== Reflect.get(AGENTS, agent.id)
      if (fell && isDue(`${workspace}/${agent.id}/${agent.maturity}/${agent.epoch}`)) {
        await act({ ...draft, kind: 'promote' }, async () => {
          for (const { id, closedAt } of (await scope.agents.incidents(agent.id, { limit: 100 })).items) {
            if (closedAt === null) await scope.agents.closeIncident(agent.id, id, reason)
          }
          await scope.agents.promote(agent.id, reason)
        })
      }
    }
  }
}
