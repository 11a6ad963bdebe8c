import type { HostScope, JsonObject } from '@preceptor/client'
import { OPERATIONS, type Operation } from '@preceptor/core/testing'
import { describeWithPostgres } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { type Ids, openTwoWorkspaces, SCENARIO, type TwoWorkspaces } from './two-workspaces.ts'

/** What an operation does when an administrator of another workspace performs it on what belongs to this one. */
type Probe = (foreigner: HostScope, ids: Ids) => Promise<unknown>

const reason = 'not mine'
const reviewed = { version: 1, actionHash: 'a'.repeat(64) }
const later = '2999-01-01T00:00:00Z'
const trigger = { agent: 'theirs', action: 'refund.create', args: {} }
const preview = { agent: 'theirs', action: 'refund.create', matcher: { args: {} } }
const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString()

/** Operations on a record by its id: it is not found. The agent `theirs` is in the workspace `default` only. */
const BY_ID: Partial<Record<Operation, Probe>> = {
  'agents.get': ({ agents }) => agents.get('theirs'),
  'agents.change': ({ agents }) => agents.change('theirs', { displayName: 'Taken over' }),
  'agents.pause': ({ agents }) => agents.pause('theirs', reason),
  'agents.resume': ({ agents }) => agents.resume('theirs', reason),
  'agents.stop': ({ agents }) => agents.stop('theirs', reason),
  'agents.retire': ({ agents }) => agents.retire('theirs', reason),
  'agents.promote': ({ agents }) => agents.promote('theirs', reason),
  'agents.demote': ({ agents }) => agents.demote('theirs', 'student', reason),
  'agents.incident': ({ agents }) => agents.recordIncident('theirs', reason),
  'agents.attest': ({ agents }) => agents.attest('theirs', reason),
  'agents.confidence': ({ agents }) => agents.confidence('theirs'),
  'agents.transitions': ({ agents }) => agents.transitions('theirs'),
  'agents.timeline': ({ agents }) => agents.timeline('theirs'),
  'agents.promotion': ({ agents }) => agents.promotion('theirs'),
  'agents.incidents': ({ agents }) => agents.incidents('theirs'),
  'agents.close_incident': ({ agents }, { incident }) => agents.closeIncident('autonomous', incident, reason),
  'decisions.get': ({ decisions }, { decision }) => decisions.get(decision),
  'decisions.report': (scope, { decision }) => scope.report(decision, { status: 'failed', message: reason }),
  'blocked_triggers.get': ({ blockedTriggers }, { blockedTrigger }) => blockedTriggers.get(blockedTrigger),
  'training_proposals.get': ({ trainingProposals }, { trainingProposal }) => trainingProposals.get(trainingProposal),
  'blocked_triggers.retry': ({ blockedTriggers }, { blockedTrigger }) => blockedTriggers.retry(blockedTrigger),
  'training_proposals.approve': (scope, { trainingProposal }) => scope.trainingProposals.approve(trainingProposal),
  'training_proposals.reject': (scope, ids) => scope.trainingProposals.reject(ids.trainingProposal, reason),
  'training_proposals.design': (scope, { trainingProposal }) => scope.trainingProposals.design(trainingProposal),
  'training_sessions.get': ({ trainingSessions }, { trainingSession }) => trainingSessions.get(trainingSession),
  'training_sessions.start': ({ trainingSessions }, { trainingSession }) => trainingSessions.start(trainingSession),
  'training_sessions.pause': ({ trainingSessions }, { trainingSession }) => trainingSessions.pause(trainingSession),
  'training_sessions.resume': ({ trainingSessions }, { trainingSession }) => trainingSessions.resume(trainingSession),
  'training_sessions.cancel': (scope, ids) => scope.trainingSessions.cancel(ids.trainingSession, reason),
  'training_sessions.answer': (scope, ids) =>
    scope.trainingSessions.answer(ids.trainingSession, { scenario: 'general.tool-arguments@refund', answer: reason }),
  'training_sessions.complete': (scope, ids) =>
    scope.trainingSessions.complete(ids.trainingSession, { score: 1, reason }),
  'agents.training_history': ({ agents }) => agents.trainingHistory('theirs'),
  'proposals.get': ({ proposals }, { proposal }) => proposals.get(proposal),
  'proposals.card': ({ proposals }, { proposal }) => proposals.card(proposal),
  'proposals.approve': ({ proposals }, { proposal }) => proposals.approve(proposal, reviewed),
  'proposals.reject': ({ proposals }, { proposal }) =>
    proposals.reject(proposal, { ...reviewed, category: 'other', reason }),
  'proposals.respond': ({ proposals }, { proposal }) => proposals.respond(proposal, { ...reviewed, response: reason }),
  'proposals.cancel': ({ proposals }, { proposal }) => proposals.cancel(proposal, reason),
  'proposals.resolve': ({ proposals }, { proposal }) => proposals.resolve(proposal, { outcome: 'failed', reason }),
  'agents.suggestions': ({ agents }) => agents.suggestions('theirs'),
  'grants.preview': ({ grants }) => grants.preview(preview),
  'grants.create': ({ grants }) => grants.create({ ...preview, uses: 1, expiresAt: inAnHour(), reason }),
  'grants.get': ({ grants }, { grant }) => grants.get(grant),
  'grants.revoke': ({ grants }, { grant }) => grants.revoke(grant, reason),
  'proposals.batch': ({ proposals }, { proposal }) =>
    proposals.batch({ decision: 'approve', items: [{ id: proposal, ...reviewed }] }),
  'proposals.extend': ({ proposals }, { proposal }) => proposals.extend(proposal, { ...reviewed, until: later }),
  'proposals.assign': ({ proposals }, { proposal }) => proposals.assign(proposal, null),
  'proposals.acknowledge': ({ proposals }, { proposal }) => proposals.acknowledge(proposal),
  'proposals.snooze': ({ proposals }, { proposal }) => proposals.snooze(proposal, later),
  'proposals.comment': ({ proposals }, { proposal }) => proposals.comment(proposal, reason),
  'proposals.comments': ({ proposals }, { proposal }) => proposals.comments(proposal),
  'proposals.advise': ({ proposals }, { proposal }) => proposals.advise(proposal),
  'proposals.advices': ({ proposals }, { proposal }) => proposals.advices(proposal),
  'proposals.review': ({ proposals }, { proposal }) => proposals.review(proposal),
  'reviews.get': ({ reviews }, { review }) => reviews.get(review),
  'reviewers.suspend': ({ reviewers }) => reviewers.suspend('theirs', reason),
  'reviewers.resume': ({ reviewers }) => reviewers.resume('theirs', reason),
  'proposals.history': ({ proposals }) => proposals.history('theirs'),
  'sessions.get': ({ sessions }, { session }) => sessions.get(session),
  'sessions.attach': ({ sessions }, { session }) => sessions.attach(session),
  'sessions.events': ({ sessions }, { session }) => sessions.events(session),
  'sessions.intervene': ({ sessions }, { session }) => sessions.intervene(session, { type: 'pause' }),
  'sessions.object': ({ sessions }, { session, decision }) => sessions.object(session, { step: decision, reason }),
  'sessions.hand_over': ({ sessions }, { session }) => sessions.handOver(session, 'root'),
  'sessions.take_over': ({ sessions }, { session }) => sessions.takeOver(session, reason),
  'sessions.complete': ({ sessions }, { session }) => sessions.complete(session, { rating: 4 }),
  'queue.get': ({ queue }, { queueEntry }) => queue.get(queueEntry),
  'queue.cancel': ({ queue }, { queueEntry }) => queue.cancel(queueEntry, reason),
  'queue.resolve': ({ queue }, { queueEntry }) => queue.resolve(queueEntry, { outcome: 'failed', reason }),
  'keys.revoke': ({ keys }, { key }) => keys.revoke(key),
  // Whoever is no member of the own workspace is nobody.
  'presence.override': ({ presence }) => presence.override('ana', { state: 'offline' }),
  'presence.clear_override': ({ presence }) => presence.clearOverride('ana'),
  'presence.end_session': ({ presence }, { presenceSession }) => presence.endSession(presenceSession),
  'stops.set': ({ stops }) => stops.set({ target: 'agent', agent: 'theirs', reason }),
  'stops.lift': ({ stops }, { stop }) => stops.lift(stop, reason),
  'webhooks.get': ({ webhooks }, { webhook }) => webhooks.get(webhook),
  'webhooks.remove': ({ webhooks }, { webhook }) => webhooks.remove(webhook),
  'webhooks.deliveries': ({ webhooks }, { webhook }) => webhooks.deliveries(webhook),
  'webhooks.replay': ({ webhooks }, { webhook }) => webhooks.replay(webhook, 'dlv_none'),
  'escalations.remove': ({ escalations }, { escalation }) => escalations.remove(escalation),
  'alerts.acknowledge': ({ alerts }, { alert }) => alerts.acknowledge(alert),
  'alerts.mute': ({ alerts }, { alert }) => alerts.mute(alert, new Date(Date.now() + 600_000).toISOString()),
}

const all = { limit: 100 }

/** Lists: none of them holds an id of the workspace. */
const LISTS: Partial<Record<Operation, Probe>> = {
  'actions.list': ({ actions }) => actions.list(all),
  'agents.list': ({ agents }) => agents.list(all),
  'blocked_triggers.list': ({ blockedTriggers }) => blockedTriggers.list(all),
  'training_proposals.list': ({ trainingProposals }) => trainingProposals.list(all),
  'training_sessions.list': ({ trainingSessions }) => trainingSessions.list(all),
  'scenarios.list': ({ scenarios }) => scenarios.list(all),
  'proposals.list': ({ proposals }) => proposals.list(all),
  'grants.list': ({ grants }) => grants.list(all),
  'sessions.list': ({ sessions }) => sessions.list(all),
  'queue.list': ({ queue }) => queue.list(all),
  'queue.waiting': ({ queue }) => queue.waitingFor('sue', all),
  'policies.get': ({ policies }) => policies.current(),
  'policies.list': ({ policies }) => policies.list(all),
  'journal.list': ({ journal }) => journal.list(all),
  'journal.export': async ({ journal }) => {
    let text = ''
    for await (const piece of await journal.export()) text += piece
    return text
  },
  'journal.verify': ({ journal }) => journal.verify(),
  'keys.list': ({ keys }) => keys.list(all),
  'stops.list': ({ stops }) => stops.list(all),
  'members.list': ({ members }) => members.list(all),
  'presence.available': ({ presence }) => presence.available(),
  'webhooks.list': ({ webhooks }) => webhooks.list(all),
  'escalations.list': ({ escalations }) => escalations.list(all),
  'alerts.list': ({ alerts }) => alerts.list(all),
  'reviews.list': ({ reviews }) => reviews.list(all),
}

/** Operations that do something in the own workspace, whatever they are told: nothing of it arrives in this one. */
const OWN: Partial<Record<Operation, Probe>> = {
  'triggers.decide': (scope) => scope.decide(trigger),
  'triggers.check': (scope) => scope.check(trigger),
  'actions.register': (scope) => scope.registerActions({ 'refund.create': { risk: 'safe' } }),
  'agents.register': ({ agents }) => agents.register({ id: 'same-name' }),
  'agents.set_start': ({ agents }) => agents.register({ id: 'theirs', maturity: 'student' }),
  'reviewers.list': ({ reviewers }) => reviewers.list(all),
  'runs.finish': (scope) => scope.finish('run-2', { agent: 'supervised', status: 'failed' }),
  'policies.put': ({ policies }) => policies.put({ shadow: ['refund'] }, { basedOn: 1, reason }),
  'scenarios.import': ({ scenarios }) => scenarios.import([SCENARIO]),
  'stream_tickets.create': ({ streamTickets }) => streamTickets.create({ path: '/events' }),
  'keys.create': ({ keys }) => keys.create({ displayName: 'x', principalKind: 'agent', principalId: 'theirs' }),
  'members.put': ({ members }) => members.put('sue', { displayName: 'Not Sue', roles: [] }),
  'presence.heartbeat': ({ presence }) => presence.heartbeat(),
  'presence.get': ({ presence }) => presence.get('ana'),
  'presence.sessions': ({ presence }) => presence.sessions('ana'),
  'queue.stats': ({ queue }) => queue.stats(),
  'queue.process': ({ queue }) => queue.process(),
  'queue.expire': ({ queue }) => queue.expire(),
  'webhooks.create': ({ webhooks }) => webhooks.create({ url: 'https://example.com', events: ['alert.raised'] }),
  'escalations.create': ({ escalations }) =>
    escalations.create({ name: 'x', steps: [{ afterMs: 0, notify: { user: 'ana' } }] }),
}

/** Operations that concern no workspace, or every one, and are for the system alone. */
const ELSEWHERE: readonly Operation[] = [
  'stops.set_all',
  'stops.lift_all',
  'health.read',
  'openapi.read',
  'identity.read',
  'streams.stats',
]

/** The same operations as a guard in another process performs them, by the id of a decision, and what a host does for others. */
const FROM_AFAR: Readonly<Record<string, Probe>> = {
  view: ({ view }, { proposal }) => view(proposal, { kind: 'viewer.joined', place: 'theirs' }),
  viewers: ({ viewers }, { proposal }) => viewers(proposal),
  'renew a lease': ({ renewLease }, { session }) => renewLease(session),
  claim: ({ remote }, { decision }) => remote.claim(decision, { trigger, withinMs: 0, otherwise: 'wait' }),
  emit: ({ remote }, { decision }) => remote.emit(decision, { agent: 'autonomous', fence: 1, events: [] }),
  checkpoint: ({ remote }, { decision }) =>
    remote.checkpoint(decision, { agent: 'autonomous', claim: { fence: 1, epochs: [] } }),
  settle: ({ remote }, { decision }) =>
    remote.settle(decision, { agent: 'autonomous', fence: 1, outcome: { status: 'released' } }),
  'settle a safe run': ({ remote }, { decision }) =>
    remote.settle(decision, { agent: 'autonomous', fence: null, outcome: { status: 'released' } }),
}

describeWithPostgres('another workspace', () => {
  let two: TwoWorkspaces

  beforeAll(async () => {
    two = await openTwoWorkspaces()
    await two.test.register('theirs', 'autonomous')
    await two.test.admin.members.put('ana', { displayName: 'Ana', roles: ['admin'] })
    await two.test.user('ana', 'admin').presence.heartbeat()
    // What is written down is sealed a moment later.
    for (const { journal } of [two.test.admin, two.foreigner]) {
      await vi.waitFor(async () => expect((await journal.verify()).unsealed).toBe(0), { timeout: 5_000 })
    }
  })
  afterAll(() => two.close())

  async function answerOf(probe: Probe): Promise<unknown> {
    return probe(two.foreigner, two.ids).catch((error: unknown) => error)
  }

  it(verifies('I-34', 'is asked for by every operation that there is'), () => {
    const covered = [BY_ID, LISTS, OWN].flatMap((probes) => Object.keys(probes))
    expect([...covered, ...ELSEWHERE].sort()).toEqual([...OPERATIONS].sort())
  })

  it.each(Object.entries(BY_ID))(
    verifies('I-34', 'finds nothing of this one by its id, and changes nothing: %s'),
    async (_, probe) => {
      const before = await two.rows()
      expect(await answerOf(probe)).toMatchObject({ code: 'NOT_FOUND' })
      expect(await two.rows()).toEqual(before)
    },
  )

  it.each(Object.entries(FROM_AFAR))(
    verifies('I-34', 'finds no run of this one, and changes nothing: %s'),
    async (_, probe) => {
      const before = await two.rows()
      expect(await answerOf(probe)).toMatchObject({ code: 'NOT_FOUND' })
      expect(await two.rows()).toEqual(before)
    },
  )

  it.each(Object.entries(LISTS))(verifies('I-34', 'lists nothing of this one: %s'), async (_, probe) => {
    const shown = JSON.stringify(await answerOf(probe))
    for (const id of Object.values(two.ids)) expect(shown).not.toContain(id)
    expect(shown).not.toContain('"theirs"')
  })

  it.each(Object.entries(OWN))(verifies('I-34', 'does nothing to this one: %s'), async (_, probe) => {
    const before = await two.rows()
    await answerOf(probe)
    expect(await two.rows()).toEqual(before)
  })

  it(verifies('I-34', 'does not see who is present in this one'), async () => {
    expect(await two.test.admin.presence.get('ana')).toMatchObject({ state: 'online' })
    expect(await two.foreigner.presence.get('ana')).toEqual({
      userId: 'ana',
      state: 'offline',
      lastActivityAt: null,
      override: null,
    })
  })

  it(verifies(['I-34', 'I-8'], 'is not reached by a credential of this one'), async () => {
    const { secret } = await two.test.admin.keys.create({
      displayName: 'x',
      principalKind: 'user',
      principalId: 'ana',
      roles: ['admin'],
    })
    const identity = await two.test.governor.authenticate(secret)
    expect(identity.workspace).toBe('default')
    const forged = { ...trigger, agent: 'intern', workspace: 'other' } as unknown as JsonObject
    await expect(two.test.governor.as(identity).decide(forged as never)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    })
  })
})
