import { setTimeout as wait } from 'node:timers/promises'
import { type ControlScope, GovernanceError, type JsonObject, type Role, type Scope } from '@preceptor/client'
import type { EmbeddedGovernor } from '@preceptor/core'
import { orderStock } from './demo-actions.ts'

/** Those who work in the demo; nobody owns an agent, so that whoever looks may decide. */
const PEOPLE = [
  { id: 'sue', displayName: 'Sue, support', roles: ['supervisor'] },
  { id: 'sam', displayName: 'Sam, warehouse', roles: ['supervisor'] },
] as const
const AGENTS = [
  { id: 'mail-bot', displayName: 'Mail bot', category: 'Support', maturity: 'student' },
  { id: 'intake-bot', displayName: 'Intake bot', category: 'Operations', maturity: 'student' },
  { id: 'refund-bot', displayName: 'Refund bot', category: 'Finance', maturity: 'intern' },
  { id: 'stock-bot', displayName: 'Stock bot', category: 'Operations', maturity: 'supervised' },
  { id: 'report-bot', displayName: 'Report bot', category: 'Finance', maturity: 'autonomous' },
] as const
type DemoAgent = (typeof AGENTS)[number]['id']

const PATIENCE_MS = 60_000
const LOOK_EVERY_MS = 50

/** Who acts in the demo: each through the same operations as anybody. */
interface Cast {
  readonly person: (id: 'sue' | 'sam') => ControlScope
  readonly agent: (id: DemoAgent) => Scope
}

/**
 * Writes a small world into an empty database: agents of all four levels, and for each what follows from its level. All
 * of it is made as people and agents make it, so that every page shows what it shows of real work.
 *
 * @throws GovernanceError with the code of a fault.
 */
export async function writeWorld(governor: EmbeddedGovernor): Promise<void> {
  const scopeOf = (kind: 'user' | 'agent' | 'system', id: string, roles: readonly Role[] = []): ControlScope =>
    governor.as({ workspace: 'default', principal: { kind, id, roles } })
  const system = scopeOf('system', 'demo')
  for (const { id, displayName, roles } of PEOPLE) await system.members.put(id, { displayName, roles })
  for (const agent of AGENTS) await system.agents.register({ ...agent, ownerId: 'system' })
  const cast: Cast = {
    person: (id) => scopeOf('user', id, ['supervisor']),
    agent: (id) => scopeOf('agent', id),
  }
  await showTraining(cast)
  await showProposals(cast)
  await showSupervision(cast)
  await showAutonomy(cast)
}

/** A student is blocked, and a course is proposed; another one has been trained, and passed. */
async function showTraining({ person, agent }: Cast): Promise<void> {
  const mails = [
    { to: 'lea@example.com', subject: 'Your order 1041', text: 'It is on its way.' },
    { to: 'tom@example.com', subject: 'Your order 1042', text: 'It will be late, we are sorry.' },
  ]
  for (const mail of mails) await attempt(agent('mail-bot'), 'mail.send', mail)
  await attempt(agent('intake-bot'), 'form.check', { form: 'return-77' })
  const sue = person('sue')
  const { items } = await sue.trainingProposals.list({ agent: 'intake-bot' })
  const { sessionId } = await sue.trainingProposals.approve(items[0]?.id ?? '', { hoursPerDay: 4 })
  await sue.trainingSessions.start(sessionId ?? '')
  const reason = 'It checked 17 of 20 old forms as we did; the other three were unclear.'
  await sue.trainingSessions.complete(sessionId ?? '', { score: 0.85, reason })
}

/** An intern has asked before: one refund was made, one rejected, and three things wait. */
async function showProposals({ person, agent }: Cast): Promise<void> {
  const [sue, bot] = [person('sue'), agent('refund-bot')]
  const refund = (order: string, cents: number, reason: string): JsonObject => ({ order, cents, reason })
  const made = trigger('refund-bot', 'refund.create', refund('1017', 1_250, 'One mug was broken.'))
  const asked = await bot.guard(made, () => ({ refunded: 1_250 }))
  if (asked.status !== 'withheld' || asked.decision.route !== 'proposal') throw unexpected('a refund')
  const { id, version, actionHash } = asked.decision.proposal
  await sue.proposals.approve(id, { version, actionHash, reason: 'The picture shows it.' })
  await bot.guard(made, () => ({ refunded: 1_250 }))
  const rejected = await propose(bot, refund('1020', 48_000, 'The customer is angry.'))
  const reason = 'That is no reason for a refund. Ask what went wrong first.'
  await sue.proposals.reject(rejected.id, { ...rejected.seen, category: 'wrong_action', reason })
  await propose(bot, refund('1029', 2_400, 'It never arrived, says the carrier.'))
  await propose(bot, refund('1031', 9_900, 'It arrived twice, and one was sent back.'))
}

/** A supervised run that Sam watched, told something, and rated; and one that waits until somebody is there. */
async function showSupervision({ person, agent }: Cast): Promise<void> {
  const [sam, bot] = [person('sam'), agent('stock-bot')]
  await sam.presence.heartbeat()
  const order = trigger('stock-bot', 'stock.order', { article: 'teapot', pieces: 40 })
  const running = bot.guard(order, async (call) => {
    const session = await sessionOf(sam, 'running')
    await sam.sessions.intervene(session, { type: 'correct', guidance: 'Ask the supplier in Kiel, too.' })
    return orderStock(call, 0)
  })
  const session = await Promise.race([
    sessionOf(sam, 'starting'),
    running.then(() => Promise.reject(unexpected('a run'))),
  ])
  await sam.sessions.attach(session)
  await running
  await sam.sessions.complete(session, { rating: 4, feedback: 'Good prices. It should have thought of Kiel itself.' })
  await sam.presence.override('sam', { state: 'offline' })
  await attempt(bot, 'stock.order', { article: 'lamp', pieces: 12 })
}

/** An autonomous agent works by itself; only what is critical waits, for two people. */
async function showAutonomy({ agent }: Cast): Promise<void> {
  const bot = agent('report-bot')
  for (const month of ['August', 'September', 'October']) {
    await bot.guard(trigger('report-bot', 'report.write', { month }), () => ({ written: month }))
  }
  await attempt(bot, 'books.close', { month: 'October' })
}

function trigger(agent: string, action: string, args: JsonObject) {
  return { agent, action, args, idempotencyKey: `${action}-${Object.values(args)[0]}` }
}

async function attempt(scope: Scope, action: string, args: JsonObject): Promise<void> {
  const decision = await scope.decide(trigger(scope.principal.id, action, args))
  if (decision.route === 'denied') throw new GovernanceError(decision.code, { message: decision.reason })
}

async function propose(scope: Scope, args: JsonObject) {
  const decision = await scope.decide(trigger(scope.principal.id, 'refund.create', args))
  if (decision.route !== 'proposal') throw unexpected('a refund')
  const { id, version, actionHash } = decision.proposal
  return { id, seen: { version, actionHash } }
}

async function sessionOf(scope: ControlScope, state: 'starting' | 'running'): Promise<string> {
  const until = performance.now() + PATIENCE_MS
  while (performance.now() < until) {
    const { items } = await scope.sessions.list({ agent: 'stock-bot' })
    const found = items.find((session) => session.state === state)
    if (found !== undefined) return found.id
    await wait(LOOK_EVERY_MS)
  }
  throw unexpected('a session')
}

function unexpected(what: string): GovernanceError {
  return new GovernanceError('INTERNAL', { message: `The demo could not be written: ${what} went another way.` })
}
