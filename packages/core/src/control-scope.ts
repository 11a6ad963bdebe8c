import { type ControlScope, GovernanceError, type HostScope } from '@preceptor/client'
import type { AccessContext } from './access/access-context.ts'
import type { Actor } from './access/actor.ts'
import { authorize } from './access/authorize.ts'
import { createKey, readKeys, revokeKey } from './access/keys.ts'
import { putMember, readMembers, removeMember } from './access/members.ts'
import { isOperation } from './access/permissions.ts'
import { readRecords } from './access/read-records.ts'
import { rotateKey } from './access/rotate-key.ts'
import { createStreamTicket } from './access/stream-tickets.ts'
import { createWorkspace, readWorkspaces } from './access/workspaces.ts'
import { readActions } from './actions/read-actions.ts'
import { registerActions } from './actions/register-actions.ts'
import { attestAgent } from './agents/attest-agent.ts'
import { changeAgent } from './agents/change-agent.ts'
import { moveLifecycle } from './agents/move-lifecycle.ts'
import { readAgent, readAgents } from './agents/read-agents.ts'
import { registerAgent } from './agents/register-agent.ts'
import { changeAlertRule, previewAlertRule, readAlertSettings, tellFrom } from './alerts/alert-rules.ts'
import { acknowledgeAlert, muteAlert, readAlerts } from './alerts/alerts.ts'
import { analyticsOperations } from './analytics/analytics-operations.ts'
import { MISSED_TARGETS } from './analytics/missed-targets.ts'
import { liftBypassOf } from './bypasses/lift-bypass.ts'
import { readBypasses } from './bypasses/read-bypasses.ts'
import { setBypass } from './bypasses/set-bypass.ts'
import { createEscalation, readEscalations, removeEscalation } from './escalations/escalations.ts'
import { reportOutcome } from './executions/report-outcome.ts'
import { createGrant } from './grants/create-grant.ts'
import { previewGrant } from './grants/preview-grant.ts'
import { readGrants } from './grants/read-grants.ts'
import { readSuggestions } from './grants/read-suggestions.ts'
import { revokeGrant } from './grants/revoke-grant.ts'
import { closeIncident } from './maturity/close-incident.ts'
import { demoteAgent } from './maturity/demote-agent.ts'
import { explainPromotion } from './maturity/explain-promotion.ts'
import { promoteAgent } from './maturity/promote-agent.ts'
import { readIncidents } from './maturity/read-incidents.ts'
import { readConfidence, readTransitions } from './maturity/read-ledger.ts'
import { readTimeline } from './maturity/read-timeline.ts'
import { recordIncident } from './maturity/record-incident.ts'
import { adviseOnProposal, readAdvices } from './meta-agent/advise-proposal.ts'
import type { MetaAgentDependencies } from './meta-agent/meta-agent-dependencies.ts'
import { testWebhook } from './notifications/test-webhook.ts'
import {
  createWebhook,
  readDeliveries,
  readWebhook,
  readWebhooks,
  removeWebhook,
  replayDelivery,
} from './notifications/webhooks.ts'
import { playbookOperations } from './playbooks/playbook-operations.ts'
import type { OpenPlugins } from './plugins/open-plugins.ts'
import { putPolicy } from './policy/put-policy.ts'
import { readPolicies, readPolicy } from './policy/read-policies.ts'
import type { Heartbeats } from './presence/heartbeats.ts'
import { clearPresenceOverride, overridePresence } from './presence/override-presence.ts'
import {
  endPresenceSession,
  heartbeat,
  readAvailableSupervisors,
  readPresence,
  readPresenceSessions,
} from './presence/read-presence.ts'
import { approveProposal } from './proposals/approve-proposal.ts'
import { acknowledgeProposal, assignProposal, snoozeProposal } from './proposals/attend-proposal.ts'
import { batchProposals } from './proposals/batch-proposals.ts'
import { cancelProposal } from './proposals/cancel-proposal.ts'
import { commentOnProposal, readComments } from './proposals/comment-on-proposal.ts'
import { rejectProposal, respondToProposal } from './proposals/end-proposal.ts'
import { extendProposal } from './proposals/extend-proposal.ts'
import { readCard } from './proposals/read-card.ts'
import { readHistory } from './proposals/read-history.ts'
import { resolveProposal } from './proposals/resolve-proposal.ts'
import { findProposal, listProposals } from './proposals/store.ts'
import { readViewers, viewProposal } from './proposals/view-proposal.ts'
import { visibleProposal } from './proposals/visible-proposal.ts'
import { cancelEntry } from './queue/cancel-entry.ts'
import { expireQueueNow } from './queue/expire-entries.ts'
import { prioritizeEntry } from './queue/prioritize-entry.ts'
import { processQueue } from './queue/process-queue.ts'
import { findQueueEntry, listQueueEntries } from './queue/queue-store.ts'
import { readQueueStats, readWaiting } from './queue/read-queue.ts'
import { resolveEntry } from './queue/resolve-entry.ts'
import { readDecision } from './read-decision.ts'
import { exportJournalOf, readJournal, verifyJournalOf } from './read-journal.ts'
import { followJournalOf } from './read-topic.ts'
import { remoteOperations } from './remote/operations.ts'
import type { ReviewDependencies } from './review/review-dependencies.ts'
import { findAgentReview, listAgentReviews } from './review/review-store.ts'
import { reviewByAgent } from './review/review-version.ts'
import { REVIEWER_DRIFT } from './review/reviewer-drift.ts'
import { readReviewers, resumeReviewer, suspendReviewer } from './review/reviewer-operations.ts'
import { check } from './routing/check.ts'
import { decide } from './routing/decide.ts'
import type { Gate } from './routing/gate.ts'
import { guard, type Runner } from './routing/guard.ts'
import { liftStopOf, readStops, setStop } from './routing/stops.ts'
import { reportShadow } from './simulation/report-shadow.ts'
import { simulatePolicy } from './simulation/simulate-policy.ts'
import { attach, takeOver } from './supervision/attach.ts'
import { completeSession } from './supervision/complete-session.ts'
import { finishRun } from './supervision/end-session.ts'
import { followSession } from './supervision/follow-session.ts'
import { handOver } from './supervision/hand-over.ts'
import { intervene } from './supervision/intervene.ts'
import { objectToStep } from './supervision/object-to-step.ts'
import { readSession, readSessionEvents, readSessions } from './supervision/read-session.ts'
import { renewLease } from './supervision/renew-lease.ts'
import type { Metrics } from './telemetry/read-metrics.ts'
import { readTrainingHistory } from './training/read-sessions.ts'
import { trainingOperations } from './training-operations.ts'

/** What a scope stands on. */
export interface ScopeDependencies {
  readonly gate: Gate
  readonly runner: Runner
  readonly context: AccessContext
  readonly metaAgent: MetaAgentDependencies
  readonly heartbeats: Heartbeats
  readonly review: ReviewDependencies
  readonly plugins: OpenPlugins
  readonly metrics: Metrics
}

/** Binds every operation to an actor. No rule lives here: each line names the use case that has them. */
export function controlScope(dependencies: ScopeDependencies, actor: Actor): HostScope {
  const { gate, runner, context, metaAgent, heartbeats, review, plugins, metrics } = dependencies
  return {
    workspace: actor.workspace,
    principal: actor.principal,
    source: actor.source,
    decide: async (trigger, options) =>
      (await decide(gate, actor, trigger, options?.claim === true ? 'caller' : null)).decision,
    check: (trigger) => check(gate, actor, trigger),
    guard: (trigger, run, options = {}) => guard(gate, runner, actor, { trigger, run, options }),
    report: (decisionId, outcome) => reportOutcome(context, actor, { decisionId, outcome }),
    registerActions: async (actions) => {
      if (gate.isClosed()) throw new GovernanceError('GOVERNOR_CLOSED')
      return registerActions(context, gate.registry, { actor, actions })
    },
    finish: (run, end) => finishRun(context, actor, { run, ...end }),
    remote: remoteOperations(gate, actor),
    assertMay: (operation) => {
      if (isOperation(operation)) authorize(actor, operation)
      else plugins.assertMay(actor, operation)
    },
    metrics: () => metrics.read(actor),
    view: (proposal, look) => viewProposal(context, actor, { ...look, id: proposal }),
    viewers: (proposal) => readViewers(context, actor, proposal),
    renewLease: (session) => renewLease(context, actor, session),
    actions: { list: (query = {}) => readActions(context, actor, query) },
    agents: agentOperations(context, actor),
    decisions: { get: (id) => readDecision(context, actor, id) },
    ...trainingOperations(metaAgent, actor),
    playbooks: playbookOperations(context, actor),
    proposals: proposalOperations(dependencies, actor),
    ...reviewOperations(review, actor),
    grants: grantOperations({ gate, context }, actor),
    sessions: sessionOperations({ gate, context }, actor),
    queue: queueOperations({ gate, context }, actor),
    events: {
      subscribe: (query = {}) => followJournalOf({ ...context, isClosed: gate.isClosed }, actor, query),
    },
    streamTickets: { create: (request) => createStreamTicket(context, actor, request) },
    ...administration({ gate, context }, actor),
    analytics: analyticsOperations(context, actor),
    presence: presenceOperations({ context, heartbeats }, actor),
    ...notifications(context, actor),
    plugin: (port) => plugins.scope(port, actor),
  }
}

function queueOperations(
  { gate, context }: Pick<ScopeDependencies, 'gate' | 'context'>,
  actor: Actor,
): ControlScope['queue'] {
  return {
    ...readRecords(context, actor, {
      name: 'queue entry',
      operations: { get: 'queue.get', list: 'queue.list' },
      find: findQueueEntry,
      list: listQueueEntries,
    }),
    waitingFor: (userId, query = {}) => readWaiting(context, actor, { userId, ...query }),
    stats: () => readQueueStats(context, actor),
    cancel: (id, reason) => cancelEntry(context, actor, { id, reason }),
    prioritize: (id, request) => prioritizeEntry(context, actor, { id, request }),
    process: () => processQueue(gate, actor),
    expire: () => expireQueueNow(context, actor),
    resolve: (id, resolution) => resolveEntry(context, actor, { id, resolution }),
  }
}

function proposalOperations(
  { gate, context, metaAgent, review }: ScopeDependencies,
  actor: Actor,
): ControlScope['proposals'] {
  return {
    ...readRecords(context, actor, {
      name: 'proposal',
      operations: { get: 'proposals.get', list: 'proposals.list' },
      find: findProposal,
      list: listProposals,
      visible: visibleProposal,
    }),
    approve: (id, approval) => approveProposal(gate, actor, { id, approval }),
    reject: (id, rejection) => rejectProposal(gate, actor, { id, rejection }),
    respond: (id, answer) => respondToProposal(gate, actor, { id, answer }),
    cancel: (id, reason) => cancelProposal(context, actor, { id, reason }),
    card: (id) => readCard(gate, actor, id),
    advise: (id) => adviseOnProposal(metaAgent, actor, id),
    review: (id) => reviewByAgent(review, actor, id),
    advices: (id, query = {}) => readAdvices(context, actor, { id, ...query }),
    resolve: (id, resolution) => resolveProposal(gate, actor, { id, resolution }),
    batch: (batch) => batchProposals(gate, actor, batch),
    extend: (id, extension) => extendProposal(gate, actor, { id, extension }),
    assign: (id, to) => assignProposal(gate, actor, { id, to }),
    acknowledge: (id) => acknowledgeProposal(gate, actor, id),
    snooze: (id, until) => snoozeProposal(gate, actor, { id, until }),
    comment: (id, text) => commentOnProposal(context, actor, { id, text }),
    comments: (id, query = {}) => readComments(context, actor, { id, ...query }),
    history: (agent, query = {}) => readHistory(context, actor, { agent, ...query }),
  }
}

function reviewOperations(review: ReviewDependencies, actor: Actor): Pick<ControlScope, 'reviews' | 'reviewers'> {
  return {
    reviews: readRecords(review.context, actor, {
      name: 'review',
      operations: { get: 'reviews.get', list: 'reviews.list' },
      find: findAgentReview,
      list: listAgentReviews,
    }),
    reviewers: {
      list: (query = {}) => readReviewers(review, actor, query),
      suspend: (agent, reason) => suspendReviewer(review, actor, { agent, reason }),
      resume: (agent, reason) => resumeReviewer(review, actor, { agent, reason }),
    },
  }
}

function sessionOperations(
  { gate, context }: Pick<ScopeDependencies, 'gate' | 'context'>,
  actor: Actor,
): ControlScope['sessions'] {
  return {
    get: (id) => readSession(context, actor, id),
    list: (query = {}) => readSessions(context, actor, query),
    attach: (id) => attach(context, actor, id),
    intervene: (id, intervention) => intervene(gate, actor, { id, intervention }),
    object: (id, objection) => objectToStep(context, actor, { id, ...objection }),
    handOver: (id, to) => handOver(context, actor, { id, to }),
    takeOver: (id, reason) => takeOver(context, actor, { id, reason }),
    complete: (id, rating) => completeSession(context, actor, { id, rating }),
    events: (id, query = {}) => readSessionEvents(context, actor, { id, ...query }),
    follow: (id, following = {}) => followSession({ ...context, isClosed: gate.isClosed }, actor, { id, ...following }),
  }
}

function grantOperations(
  { gate, context }: Pick<ScopeDependencies, 'gate' | 'context'>,
  actor: Actor,
): ControlScope['grants'] {
  return {
    ...readGrants(context, actor),
    preview: (request) => previewGrant(context, actor, request),
    create: (request) => createGrant(gate, actor, request),
    revoke: (id, reason) => revokeGrant(context, actor, { id, reason }),
  }
}

function agentOperations(context: AccessContext, actor: Actor): ControlScope['agents'] {
  return {
    register: (registration) => registerAgent(context, actor, registration),
    get: (id) => readAgent(context, actor, id),
    list: (query = {}) => readAgents(context, actor, query),
    change: (id, change) => changeAgent(context, actor, { id, change }),
    pause: (id, reason) => moveLifecycle(context, actor, { id, move: 'pause', reason }),
    resume: (id, reason) => moveLifecycle(context, actor, { id, move: 'resume', reason }),
    stop: (id, reason) => moveLifecycle(context, actor, { id, move: 'stop', reason }),
    retire: (id, reason) => moveLifecycle(context, actor, { id, move: 'retire', reason }),
    promote: (id, reason, at = {}) => promoteAgent(context, actor, { id, reason, ...at }),
    demote: (id, to, reason, at = {}) => demoteAgent(context, actor, { id, to, reason, ...at }),
    recordIncident: (id, reason) => recordIncident(context, actor, { id, reason }),
    attest: (id, reason) => attestAgent(context, actor, { id, reason }),
    confidence: (agent, query = {}) => readConfidence(context, actor, { agent, ...query }),
    transitions: (agent, query = {}) => readTransitions(context, actor, { agent, ...query }),
    suggestions: (id) => readSuggestions(context, actor, id),
    promotion: (id, at = {}) => explainPromotion(context, actor, { id, ...at }),
    timeline: (agent, query = {}) => readTimeline(context, actor, { agent, ...query }),
    incidents: (agent, query = {}) => readIncidents(context, actor, { agent, ...query }),
    trainingHistory: (agent, query = {}) => readTrainingHistory(context, actor, { agent, ...query }),
    closeIncident: (id, incident, reason) => closeIncident(context, actor, { id, incident, reason }),
  }
}

type Administration = Pick<
  ControlScope,
  'policies' | 'journal' | 'keys' | 'stops' | 'bypasses' | 'members' | 'workspaces'
>

function administration({ gate, context }: Pick<ScopeDependencies, 'gate' | 'context'>, actor: Actor): Administration {
  return {
    policies: {
      current: () => readPolicy(context, actor),
      list: (query = {}) => readPolicies(context, actor, query),
      put: (document, options) => putPolicy(context, actor, { document, ...options }),
      simulate: (document, options = {}) => simulatePolicy(gate, actor, { document, options }),
      shadow: (query = {}) => reportShadow(context, actor, query),
    },
    journal: {
      list: (query = {}) => readJournal(context, actor, query),
      verify: () => verifyJournalOf(context, actor),
      export: (query = {}) => exportJournalOf(context, actor, query),
    },
    keys: {
      create: (request) => createKey(context, actor, request),
      list: (query = {}) => readKeys(context, actor, query),
      rotate: (id, rotation = {}) => rotateKey(context, actor, { ...rotation, id }),
      revoke: (id) => revokeKey(context, actor, id),
    },
    stops: {
      set: (request) => setStop(context, actor, request),
      list: (query = {}) => readStops(context, actor, query),
      lift: (id, reason) => liftStopOf(context, actor, { id, reason }),
    },
    bypasses: {
      set: (request) => setBypass(context, actor, request),
      list: (query = {}) => readBypasses(context, actor, query),
      lift: (id, reason) => liftBypassOf(context, actor, { id, reason }),
    },
    members: {
      put: (userId, member) => putMember(context, actor, { userId, ...member }),
      list: (query = {}) => readMembers(context, actor, query),
      remove: (userId) => removeMember(context, actor, userId),
    },
    workspaces: {
      create: (request) => createWorkspace(context, actor, request),
      list: (query = {}) => readWorkspaces(context, actor, query),
    },
  }
}

function presenceOperations(
  { context, heartbeats }: Pick<ScopeDependencies, 'context' | 'heartbeats'>,
  actor: Actor,
): ControlScope['presence'] {
  return {
    heartbeat: (options = {}) => heartbeat(heartbeats, actor, options),
    get: (userId) => readPresence(context, actor, userId),
    available: () => readAvailableSupervisors(context, actor),
    override: (userId, override) => overridePresence(context, actor, { userId, ...override }),
    clearOverride: (userId) => clearPresenceOverride(context, actor, userId),
    sessions: (userId, query = {}) => readPresenceSessions(context, actor, { userId, ...query }),
    endSession: (id) => endPresenceSession(context, actor, id),
  }
}

function notifications(
  context: AccessContext,
  actor: Actor,
): Pick<ControlScope, 'webhooks' | 'escalations' | 'alerts'> {
  return {
    webhooks: {
      create: (request) => createWebhook(context, actor, request),
      list: (query = {}) => readWebhooks(context, actor, query),
      get: (id) => readWebhook(context, actor, id),
      remove: (id) => removeWebhook(context, actor, id),
      deliveries: (webhook, query = {}) => readDeliveries(context, actor, { webhook, query }),
      replay: (webhook, delivery) => replayDelivery(context, actor, { webhook, delivery }),
      test: (id) => testWebhook(context, actor, id),
    },
    escalations: {
      create: (request) => createEscalation(context, actor, request),
      list: (query = {}) => readEscalations(context, actor, query),
      remove: (id) => removeEscalation(context, actor, id),
    },
    alerts: {
      list: (query = {}) => readAlerts(context, actor, query),
      acknowledge: (id) => acknowledgeAlert(context, actor, id),
      mute: (id, until) => muteAlert(context, actor, { id, until }),
      settings: () => readAlertSettings(context, actor),
      changeRule: (code, change) => changeAlertRule(context, actor, { code, change }),
      previewRule: (code, change) =>
        previewAlertRule(context, actor, { code, change, more: [REVIEWER_DRIFT, MISSED_TARGETS] }),
      tell: (target, from) => tellFrom(context, actor, { target, from }),
    },
  }
}
