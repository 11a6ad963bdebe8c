import type { HostScope } from '@preceptor/client'
import type { Operation } from '@preceptor/core/testing'
import { type Ids, SCENARIO } from './two-workspaces.ts'

/** What an operation does when an administrator of another workspace performs it on what belongs to this one. */
export type Probe = (foreigner: HostScope, ids: Ids) => Promise<unknown>

const reason = 'not mine'
const reviewed = { version: 1, actionHash: 'a'.repeat(64) }
const later = '2999-01-01T00:00:00Z'
/** An attempt in the name of an agent of the workspace `default`. */
export const trigger = { agent: 'theirs', action: 'refund.create', args: {} }
const preview = { agent: 'theirs', action: 'refund.create', matcher: { args: {} } }
const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString()

/** Operations on a record by its id: it is not found. The agent `theirs` is in the workspace `default` only. */
export const BY_ID: Partial<Record<Operation, Probe>> = {
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
  'playbooks.get': ({ playbooks }, { playbook }) => playbooks.get(playbook),
  'playbooks.version': ({ playbooks }, { playbook }) => playbooks.version(playbook, 1),
  'playbooks.versions': ({ playbooks }, { playbook }) => playbooks.versions(playbook),
  'playbooks.diff': ({ playbooks }, { playbook }) => playbooks.diff(playbook),
  'playbooks.deploy': ({ playbooks }, { playbook }) =>
    playbooks.deploy(playbook, { version: 1, tier: 'system', force: true, reason }),
  'playbooks.rollback': ({ playbooks }, { deployment }) => playbooks.rollback(deployment, reason),
  'playbooks.deployments': ({ playbooks }, { playbook }) => playbooks.deployments(playbook),
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
  'queue.prioritize': ({ queue }, { queueEntry }) => queue.prioritize(queueEntry, { priority: 9, reason }),
  'queue.resolve': ({ queue }, { queueEntry }) => queue.resolve(queueEntry, { outcome: 'failed', reason }),
  'keys.rotate': ({ keys }, { key }) => keys.rotate(key),
  'keys.revoke': ({ keys }, { key }) => keys.revoke(key),
  'members.remove': ({ members }) => members.remove('ana'),
  // Whoever is no member of the own workspace is nobody.
  'presence.override': ({ presence }) => presence.override('ana', { state: 'offline' }),
  'presence.clear_override': ({ presence }) => presence.clearOverride('ana'),
  'presence.end_session': ({ presence }, { presenceSession }) => presence.endSession(presenceSession),
  'stops.set': ({ stops }) => stops.set({ target: 'agent', agent: 'theirs', reason }),
  'bypasses.set': ({ bypasses }) => bypasses.set({ target: 'agent', agent: 'theirs', reason }),
  'bypasses.lift': ({ bypasses }, { bypass }) => bypasses.lift(bypass, reason),
  'stops.lift': ({ stops }, { stop }) => stops.lift(stop, reason),
  'webhooks.get': ({ webhooks }, { webhook }) => webhooks.get(webhook),
  'webhooks.remove': ({ webhooks }, { webhook }) => webhooks.remove(webhook),
  'webhooks.deliveries': ({ webhooks }, { webhook }) => webhooks.deliveries(webhook),
  'webhooks.replay': ({ webhooks }, { webhook }) => webhooks.replay(webhook, 'dlv_none'),
  'webhooks.test': ({ webhooks }, { webhook }) => webhooks.test(webhook),
  'escalations.remove': ({ escalations }, { escalation }) => escalations.remove(escalation),
  'alerts.acknowledge': ({ alerts }, { alert }) => alerts.acknowledge(alert),
  'alerts.mute': ({ alerts }, { alert }) => alerts.mute(alert, new Date(Date.now() + 600_000).toISOString()),
  'alerts.tell': ({ alerts }, { webhook }) => alerts.tell(webhook, 'critical'),
}

const all = { limit: 100 }

/** Lists: none of them holds an id of the workspace. */
export const LISTS: Partial<Record<Operation, Probe>> = {
  'actions.list': ({ actions }) => actions.list(all),
  'metrics.read': ({ metrics }) => metrics(),
  'agents.list': ({ agents }) => agents.list(all),
  'blocked_triggers.list': ({ blockedTriggers }) => blockedTriggers.list(all),
  'training_proposals.list': ({ trainingProposals }) => trainingProposals.list(all),
  'training_sessions.list': ({ trainingSessions }) => trainingSessions.list(all),
  'scenarios.list': ({ scenarios }) => scenarios.list(all),
  'proposals.list': ({ proposals }) => proposals.list(all),
  'grants.list': ({ grants }) => grants.list(all),
  'playbooks.list': ({ playbooks }) => playbooks.list(all),
  'playbooks.effective': ({ playbooks }) => playbooks.effective({ agentType: 'support' }),
  'sessions.list': ({ sessions }) => sessions.list(all),
  'queue.list': ({ queue }) => queue.list(all),
  'queue.waiting': ({ queue }) => queue.waitingFor('sue', all),
  'policies.get': ({ policies }) => policies.current(),
  'policies.list': ({ policies }) => policies.list(all),
  'journal.list': ({ journal }) => journal.list(all),
  'journal.verify': ({ journal }) => journal.verify(),
  'journal.export': async ({ journal }) => {
    let text = ''
    for await (const piece of await journal.export()) text += piece
    return text
  },
  'keys.list': ({ keys }) => keys.list(all),
  'bypasses.list': ({ bypasses }) => bypasses.list(all),
  'stops.list': ({ stops }) => stops.list(all),
  'members.list': ({ members }) => members.list(all),
  'presence.available': ({ presence }) => presence.available(),
  'webhooks.list': ({ webhooks }) => webhooks.list(all),
  'escalations.list': ({ escalations }) => escalations.list(all),
  'alerts.list': ({ alerts }) => alerts.list(all),
  'alerts.settings': ({ alerts }) => alerts.settings(),
  'alerts.preview_rule': ({ alerts }) => alerts.previewRule('NO_APPROVER', { thresholds: { seconds: 10 } }),
  'reviews.list': ({ reviews }) => reviews.list(all),
  'policies.shadow': ({ policies }) => policies.shadow(),
  'policies.simulate': ({ policies }) => policies.simulate({ actions: { 'refund.create': { risk: 'critical' } } }),
  'analytics.summary': ({ analytics }) => analytics.summary(),
  'analytics.decisions': ({ analytics }) => analytics.decisions(),
  'analytics.routing': ({ analytics }) => analytics.routing(),
  'analytics.maturity': ({ analytics }) => analytics.maturity(),
  'analytics.reviewers': ({ analytics }) => analytics.reviewers(),
  'analytics.training': ({ analytics }) => analytics.training(),
  'analytics.supervision': ({ analytics }) => analytics.supervision(),
  'analytics.system': ({ analytics }) => analytics.system(),
}

/** Operations that do something in the own workspace, whatever they are told: nothing of it arrives in this one. */
export const OWN: Partial<Record<Operation, Probe>> = {
  'triggers.decide': (scope) => scope.decide(trigger),
  'triggers.check': (scope) => scope.check(trigger),
  'actions.register': (scope) => scope.registerActions({ 'refund.create': { risk: 'critical' } }),
  'agents.register': ({ agents }) => agents.register({ id: 'same-name' }),
  'agents.set_start': ({ agents }) => agents.register({ id: 'theirs', maturity: 'student' }),
  'reviewers.list': ({ reviewers }) => reviewers.list(all),
  'runs.finish': (scope) => scope.finish('run-2', { agent: 'supervised', status: 'failed' }),
  'policies.put': ({ policies }) => policies.put({ shadow: ['refund'] }, { basedOn: 1, reason }),
  'scenarios.import': ({ scenarios }) => scenarios.import([SCENARIO]),
  'playbooks.write': ({ playbooks }) => playbooks.write({ agentType: 'support', instructions: 'Be mine.' }),
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
  'alerts.change_rule': ({ alerts }) => alerts.changeRule('NO_APPROVER', { isOn: false, basedOn: 1, reason }),
  'escalations.create': ({ escalations }) =>
    escalations.create({ name: 'x', steps: [{ afterMs: 0, notify: { user: 'ana' } }] }),
}

/** Operations that concern no workspace, or every one, and are for the system alone. */
export const ELSEWHERE: readonly Operation[] = [
  'stops.set_all',
  'stops.lift_all',
  'health.read',
  'openapi.read',
  'identity.read',
  'streams.stats',
  'workspaces.create',
  'workspaces.list',
]

/** The same operations as a guard in another process performs them, by the id of a decision, and what a host does for others. */
export const FROM_AFAR: Readonly<Record<string, Probe>> = {
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
