import { type ControlScope, GovernanceError, type GuardCall, type HostScope, type Trigger } from '@preceptor/client'
import type { EmbeddedGovernor } from '@preceptor/core'
import type { TestClock } from '@preceptor/core/testing'

/** What one history is played on. */
export interface Stage {
  readonly governor: EmbeddedGovernor
  readonly clock: TestClock
  readonly workspace: string
}

/** One thing that happens; `pick` chooses among what there is. */
export interface Happening {
  readonly name: string
  readonly agent: number
  readonly pick: number
}

interface Played extends Stage {
  readonly admin: ControlScope
  readonly ana: ControlScope
  readonly ben: ControlScope
  readonly triggers: Trigger[]
  readonly open: Promise<unknown>[]
}

type Play = (played: Played, happening: Happening) => Promise<unknown>

const HOUR = 3_600_000
const AGENTS = ['one', 'two', 'three'] as const
const ACTIONS = ['note.write', 'refund.create', 'refund.retry', 'ledger.close'] as const
const reason = 'a history'

const agentOf = ({ agent }: Happening): string => AGENTS[agent % AGENTS.length] ?? 'one'

const scopeOf = ({ governor, workspace }: Stage, agent: string): HostScope =>
  governor.as({ workspace, principal: { kind: 'agent', id: agent, roles: [] } })

/** A person of the workspace. */
export const personOf = ({ governor, workspace }: Stage, id: string, role: 'admin' | 'supervisor'): ControlScope =>
  governor.as({ workspace, principal: { kind: 'user', id, roles: [role] } })

function pickOf<T>(items: readonly T[], { pick }: Happening): T | undefined {
  return items[pick % Math.max(1, items.length)]
}

function newTrigger({ triggers }: Played, happening: Happening): Trigger {
  const key = `key-${triggers.length}`
  const action = pickOf(ACTIONS, happening) ?? 'note.write'
  const trigger = { agent: agentOf(happening), action, args: {}, idempotencyKey: key, run: `run-${key}` }
  triggers.push(trigger)
  return trigger
}

const run =
  (pick: number) =>
  (_call: GuardCall): string => {
    if (pick % 4 === 0) throw new Error('It failed.')
    return 'done'
  }

const proposalIn =
  (state: string, work: (played: Played, id: string, happening: Happening) => Promise<unknown>): Play =>
  async (played, happening) => {
    const { items } = await played.admin.proposals.list({ state, limit: 20 })
    const proposal = pickOf(items, happening)
    if (proposal !== undefined) await work(played, proposal.id, happening)
  }

const reviewed = async ({ admin }: Played, id: string) => {
  const { version, actionHash } = await admin.proposals.get(id)
  return { version, actionHash }
}

const trainingIn =
  (state: string, work: (played: Played, id: string, happening: Happening) => Promise<unknown>): Play =>
  async (played, happening) => {
    const { items } = await played.admin.trainingSessions.list({ state, limit: 20 })
    const session = pickOf(items, happening)
    if (session !== undefined) await work(played, session.id, happening)
  }

const lifecycle =
  (verb: 'pause' | 'resume' | 'stop' | 'retire'): Play =>
  ({ admin }, happening) =>
    admin.agents[verb](agentOf(happening), reason)

/** A run that somebody watches, and may stop, speak to or end. */
const watched: Play = async (played, happening) => {
  const trigger = newTrigger(played, happening)
  await played.ana.presence.heartbeat()
  const decision = await scopeOf(played, trigger.agent).decide(trigger)
  if (decision.route !== 'supervision') return
  const { id } = decision.session
  await played.ana.sessions.attach(id)
  const running = scopeOf(played, trigger.agent).guard(trigger, async ({ checkpoint }) => {
    await checkpoint().catch(() => undefined)
    return 'done'
  })
  played.open.push(running.catch(() => undefined))
  const steps = [
    () => played.ana.sessions.intervene(id, { type: 'correct', guidance: 'Mind the fee.' }),
    () => played.ana.sessions.intervene(id, { type: 'pause' }),
    () => played.ben.sessions.takeOver(id, reason),
    () => played.ana.sessions.intervene(id, { type: 'resume' }),
    () => played.ana.sessions.intervene(id, { type: 'terminate', reason }),
    () => scopeOf(played, trigger.agent).finish(trigger.run ?? '', { agent: trigger.agent, status: 'completed' }),
  ]
  for (const [index, step] of steps.entries()) {
    if (((happening.pick >> index) & 1) === 1) await tried(step())
  }
}

const JOBS = [
  'settle-lost-executions',
  'expire-proposals',
  'expire-queue',
  'process-queue',
  'count-evidence',
  'pause-unwatched',
  'end-idle-sessions',
  'decay',
] as const

const passing: Play = async ({ governor, clock, workspace }, { pick }) => {
  clock.advance([60_000, HOUR, 25 * HOUR, 24 * 40 * HOUR][pick % 4] ?? HOUR)
  for (const job of JOBS) await governor.jobs.run(job, { workspace })
}

const HAPPENINGS: Readonly<Record<string, Play>> = {
  attempt: (played, happening) => {
    const trigger = newTrigger(played, happening)
    return scopeOf(played, trigger.agent).guard(trigger, run(happening.pick))
  },
  again: async (played, happening) => {
    const trigger = pickOf(played.triggers, happening)
    if (trigger !== undefined) await scopeOf(played, trigger.agent).guard(trigger, run(happening.pick + 1))
  },
  claim: async (played, happening) => {
    const trigger = newTrigger(played, happening)
    const { id } = await scopeOf(played, trigger.agent).decide(trigger, { claim: true })
    if (happening.pick % 2 === 0)
      await scopeOf(played, trigger.agent).report(id, { status: 'succeeded', value: null, stored: true })
  },
  watched,
  approve: proposalIn('pending', async (played, id, { pick }) =>
    (pick % 2 === 0 ? played.ana : played.ben).proposals.approve(id, await reviewed(played, id)),
  ),
  edit: proposalIn('pending', async (played, id) =>
    played.ana.proposals.approve(id, { ...(await reviewed(played, id)), args: { note: 'other' } }),
  ),
  extend: proposalIn('pending', async (played, id) =>
    played.ben.proposals.extend(id, {
      ...(await reviewed(played, id)),
      until: new Date(played.clock.now() + 26 * HOUR).toISOString(),
    }),
  ),
  reject: proposalIn('pending', async (played, id) =>
    played.ana.proposals.reject(id, { ...(await reviewed(played, id)), category: 'other', reason }),
  ),
  respond: proposalIn('pending', async (played, id) =>
    played.ben.proposals.respond(id, { ...(await reviewed(played, id)), response: 'no' }),
  ),
  cancel: proposalIn('approved', (played, id) => played.admin.proposals.cancel(id, reason)),
  resolve: proposalIn('outcome_unknown', (played, id, { pick }) =>
    played.ana.proposals.resolve(id, { outcome: pick % 2 === 0 ? 'succeeded' : 'failed', reason }),
  ),
  train: async (played, happening) => {
    const { items } = await played.admin.trainingProposals.list({ state: 'proposed', limit: 20 })
    const course = pickOf(items, happening)
    if (course === undefined) return
    if (happening.pick % 4 === 0) await played.ana.trainingProposals.reject(course.id, reason)
    else await played.ana.trainingProposals.approve(course.id)
  },
  startTraining: trainingIn('scheduled', (played, id) => played.ana.trainingSessions.start(id)),
  pauseTraining: trainingIn('in_progress', (played, id) => played.ana.trainingSessions.pause(id)),
  resumeTraining: trainingIn('paused', (played, id) => played.ana.trainingSessions.resume(id)),
  cancelTraining: (played, happening) => {
    const cancel = trainingIn(happening.pick % 2 === 0 ? 'scheduled' : 'paused', (_, id) =>
      played.ana.trainingSessions.cancel(id, reason),
    )
    return cancel(played, happening)
  },
  completeTraining: trainingIn('in_progress', (played, id, { pick }) =>
    played.ana.trainingSessions.complete(id, { score: (pick % 11) / 10, reason }),
  ),
  dequeue: async (played, happening) => {
    const { items } = await played.admin.queue.list({ state: 'pending', limit: 20 })
    const entry = pickOf(items, happening)
    if (entry !== undefined) await played.admin.queue.cancel(entry.id, reason)
  },
  pause: lifecycle('pause'),
  resume: lifecycle('resume'),
  stop: lifecycle('stop'),
  retire: lifecycle('retire'),
  promote: ({ admin }, happening) => admin.agents.promote(agentOf(happening), reason),
  demote: ({ ana }, happening) =>
    ana.agents.demote(agentOf(happening), happening.pick % 2 === 0 ? 'student' : 'intern', reason),
  incident: ({ ana }, happening) => ana.agents.recordIncident(agentOf(happening), reason),
  kill: ({ ana }, happening) => ana.stops.set({ target: 'agent', agent: agentOf(happening), reason }),
  lift: async ({ admin }, happening) => {
    const { items } = await admin.stops.list({ limit: 20 })
    const stop = pickOf(items, happening)
    if (stop !== undefined) await admin.stops.lift(stop.id, reason)
  },
  grant: ({ ana, clock }, happening) =>
    ana.grants.create({
      agent: agentOf(happening),
      action: 'refund.create',
      matcher: { args: {} },
      uses: 2,
      expiresAt: new Date(clock.now() + 3 * HOUR).toISOString(),
      reason,
    }),
  revoke: async ({ ana }, happening) => {
    const { items } = await ana.grants.list({ limit: 20 })
    const grant = pickOf(items, happening)
    if (grant !== undefined) await ana.grants.revoke(grant.id, reason)
  },
  passing,
}

/** The names of everything that may happen. */
export const NAMES: readonly string[] = Object.keys(HAPPENINGS)

/** What is not allowed is not allowed: the history goes on. */
async function tried(work: Promise<unknown> | undefined): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!GovernanceError.isInstance(error) && !(error instanceof Error && error.message === 'It failed.')) throw error
  }
}

/** Plays a history in a workspace of its own, until nothing runs in it any more. */
export async function play(
  stage: Stage,
  levels: readonly ('student' | 'intern' | 'supervised' | 'autonomous')[],
  history: readonly Happening[],
): Promise<void> {
  const admin = personOf(stage, 'root', 'admin')
  for (const id of ['ana', 'ben']) await admin.members.put(id, { displayName: id, roles: ['supervisor'] })
  for (const [index, id] of AGENTS.entries()) {
    await admin.agents.register({ id, ownerId: 'system', maturity: levels[index] ?? 'intern' })
  }
  const people = { admin, ana: personOf(stage, 'ana', 'supervisor'), ben: personOf(stage, 'ben', 'supervisor') }
  const played: Played = { ...stage, ...people, triggers: [], open: [] }
  for (const happening of history) await tried(HAPPENINGS[happening.name]?.(played, happening))
  const { items } = await admin.sessions.list({ state: 'active', limit: 100 })
  for (const { id } of items) {
    await tried(people.ana.sessions.takeOver(id, reason))
    await tried(people.ana.sessions.intervene(id, { type: 'terminate', reason }))
  }
  await Promise.all(played.open)
}
