import type { ActionSpecification } from '../actions/registered-action.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { isHigh } from '../policy/is-high.ts'
import { availableSupervisors } from '../presence/available-supervisors.ts'
import type { RuledAttempt } from '../routing/consequences.ts'
import { factsAbout } from '../routing/current-facts.ts'
import type { Facts } from '../routing/facts.ts'
import type { Gate } from '../routing/gate.ts'
import { checkLimits } from '../routing/limits.ts'
import { ruledAttempt } from '../routing/ruled-attempt.ts'
import { ruleOn } from '../routing/ruling.ts'
import { againSince } from '../supervision/agent-watch.ts'
import { hasReadyReviewer, openStepToReviewers, wasLeftToPeople } from '../supervision/agent-watch-store.ts'
import { join, start } from '../supervision/supervise.ts'
import { holdOffers, listOfferable, lockLapsed, type RunnableEntry, writeOffer } from './offer-store.ts'
import { isRunnable, putBack, refusalOf } from './put-back.ts'
import { queuedAttempt } from './queued-attempt.ts'

const BATCH = 100
const MOST_OFFERS = 50

/** What a worker offers of: a workspace, and the actions that it can run there. */
export interface OfferRequest {
  readonly workspace: string
  readonly actions: readonly ActionSpecification[]
}

/** A user who can watch so many more runs. */
interface Watcher {
  readonly id: string
  free: number
}

/**
 * Asks supervisors who are online to watch what waits, as many runs as each can, and else reviewers: opens the session of
 * each, which runs nothing until somebody attaches. Gives how many.
 *
 * @throws GovernanceError the code of a fault.
 */
export function offerEntries(gate: Gate, { workspace, actions }: OfferRequest): Promise<number> {
  return inWorkspace(gate.context.database, { workspace, retry: true, named: true }, async (tx) => {
    await holdOffers(tx)
    await withdrawIn(gate, tx)
    const watchers = await listWatchers(gate, tx)
    const offered = await offerToPeople(gate, tx, { workspace, actions, watchers })
    return offered + (await offerToReviewers(gate, tx, { workspace, actions, watchers }))
  })
}

interface WatchersRequest extends OfferRequest {
  readonly watchers: Watcher[]
}

async function offerToPeople(gate: Gate, tx: Tx, { workspace, actions, watchers }: WatchersRequest): Promise<number> {
  const free = watchers.reduce((sum, watcher) => sum + watcher.free, 0)
  if (free === 0) return 0
  const { separationOfDuties } = (await factsAbout(gate, tx, { agents: [], hold: false })).policy
  const entries = await listOfferable(tx, {
    digests: actions.map(({ digest }) => digest),
    at: isoTime(gate.context.clock.now()),
    limit: Math.min(free, MOST_OFFERS),
    users: watchers.map(({ id }) => id),
    separationOfDuties,
    to: 'users',
  })
  if (entries.length === 0) return 0
  const facts = await factsAbout(gate, tx, { agents: agentsOf(entries) })
  let offered = 0
  for (const entry of entries) {
    const action = actions.find(({ name, digest }) => name === entry.action && digest === entry.digest)
    const watcher = watchers.find(({ id, free }) => free > 0 && !(separationOfDuties && id === entry.ownerId))
    if (action === undefined || watcher === undefined) continue
    const ruled = await ruleAgain(gate, tx, { workspace, entry, action, facts })
    if (ruled === null || !(await offer(gate, tx, { id: entry.id, ruled, to: watcher.id }))) continue
    watcher.free -= 1
    offered += 1
    // The least busy comes first, again and again.
    watchers.sort((one, other) => other.free - one.free)
  }
  return offered
}

/** What no person can watch now is for reviewers, as far as its risk and the policy let it be. */
async function offerToReviewers(
  gate: Gate,
  tx: Tx,
  { workspace, actions, watchers }: WatchersRequest,
): Promise<number> {
  const at = isoTime(gate.context.clock.now())
  const { policy } = await factsAbout(gate, tx, { agents: [], hold: false })
  if (!policy.supervision.reviewers || !(await hasReadyReviewer(tx, { except: '', risk: 'safe', at }))) return 0
  const entries = await listOfferable(tx, {
    digests: actions.map(({ digest }) => digest),
    at,
    limit: MOST_OFFERS,
    users: watchers.flatMap(({ id, free }) => (free > 0 ? [id] : [])),
    separationOfDuties: policy.separationOfDuties,
    to: 'reviewers',
  })
  if (entries.length === 0) return 0
  const facts = await factsAbout(gate, tx, { agents: agentsOf(entries) })
  const since = againSince(gate.context)
  let offered = 0
  for (const entry of entries) {
    const action = actions.find(({ name, digest }) => name === entry.action && digest === entry.digest)
    const isReady = await hasReadyReviewer(tx, { except: entry.agent, risk: entry.risk, at })
    if (action === undefined || !isReady || (await wasLeftToPeople(tx, { ...entry, since }))) continue
    const ruled = await ruleAgain(gate, tx, { workspace, entry, action, facts })
    if (ruled === null || isHigh(ruled.risk)) continue
    if (await offer(gate, tx, { id: entry.id, ruled, to: null })) offered += 1
  }
  return offered
}

function agentsOf(entries: readonly RunnableEntry[]): readonly string[] {
  return [...new Set(entries.flatMap(({ agent, delegation }) => [agent, ...delegation]))]
}

async function listWatchers(gate: Gate, tx: Tx): Promise<Watcher[]> {
  const most = gate.context.settings.sessionsPerSupervisor
  const supervisors = await availableSupervisors(gate.context, tx, null)
  return supervisors.map(({ userId, watching }) => ({ id: userId, free: most - watching }))
}

/** Nobody is called to watch what the rules of now would not let run. */
async function ruleAgain(
  gate: Gate,
  tx: Tx,
  request: {
    readonly workspace: string
    readonly entry: RunnableEntry
    readonly action: ActionSpecification
    readonly facts: Facts
  },
): Promise<RuledAttempt | null> {
  const { entry, facts } = request
  const attempt = queuedAttempt(gate, request)
  const limits = await checkLimits(tx, { context: gate.context, attempt, policy: facts.policy })
  const ruling = ruleOn(attempt, facts, limits)
  if (isRunnable(ruling)) return ruledAttempt(attempt, ruling, facts)
  await putBack(gate.context, tx, { ...entry, ...refusalOf(ruling) })
  return null
}

/** Opens the session of a run and lets its step wait there; nothing of it begins before somebody has attached. */
async function offer(
  { context }: Gate,
  tx: Tx,
  { id, ruled, to }: { readonly id: string; readonly ruled: RuledAttempt; readonly to: string | null },
): Promise<boolean> {
  const until = isoTime(context.clock.now() + context.settings.attachWithinMs)
  const { decisionId: stepId } = ruled.attempt
  const about = { queueEntry: id, attachUntil: until }
  const supervisors = to === null ? [] : [to]
  const sessionId = await start(context, tx, { ruled, run: stepId, supervisors, about })
  await join(context, tx, { ruled, sessionId })
  if (to === null) await openStepToReviewers(tx, { step: stepId, until })
  return writeOffer(tx, { id, to, sessionId, stepId, until })
}

/** Takes back offers that nobody took up, whose session has ended, or whose run somebody objected to. */
async function withdrawIn({ context }: Gate | { readonly context: Gate['context'] }, tx: Tx): Promise<number> {
  const lapsed = await lockLapsed(tx, { at: isoTime(context.clock.now()), limit: BATCH })
  for (const { id, agent, sessionId, isRefused } of lapsed) {
    const reason = isRefused ? 'Who watched the run did not let it begin.' : 'Nobody watched the run in time.'
    await putBack(context, tx, { id, agent, sessionId, reason, forGood: isRefused })
  }
  return lapsed.length
}

/** The same in any process, whatever it can run. */
export async function withdrawOffers(context: Gate['context'], workspace: string): Promise<void> {
  const once = (): Promise<number> =>
    inWorkspace(context.database, { workspace, retry: true }, (tx) => withdrawIn({ context }, tx))
  while ((await once()) === BATCH);
}
