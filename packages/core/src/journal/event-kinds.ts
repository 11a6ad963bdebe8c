/** Who hears of an event: a topic stands for `agent:{id}`, `proposal:{id}` and so on, or for the whole workspace. */
export type TopicKind = 'agent' | 'user' | 'session' | 'proposal' | 'workflow' | 'workspace' | 'learning'

// Each list holds the events that are heard on the same topics.
const OF_AGENTS = [
  'agent.registered',
  'agent.changed',
  'agent.promoted',
  'agent.demoted',
  'agent.paused',
  'agent.resumed',
  'agent.stopped',
  'agent.retired',
  'agent.attested',
  'agent.capped',
  'agent.incident_recorded',
  'agent.incident_closed',
  'reviewer.suspended',
  'reviewer.resumed',
  'confidence.changed',
  'decision.made',
  'run.started',
  'run.progressed',
  'run.completed',
  'run.failed',
  'run.lost',
  'run.released',
  'training_proposal.created',
  'training_proposal.designed',
  'training_proposal.approved',
  'training_proposal.rejected',
  'training_session.scheduled',
  'training_session.started',
  'training_session.progressed',
  'training_session.completed',
  'training_session.paused',
  'training_session.resumed',
  'training_session.cancelled',
  'training_session.failed',
  'blocked_trigger.resolved',
  'grant.created',
  'grant.revoked',
  'queue_entry.created',
  'queue_entry.prioritized',
  'queue_entry.started',
  'queue_entry.completed',
  'queue_entry.failed',
  'queue_entry.expired',
  'queue_entry.cancelled',
  'queue_entry.outcome_unknown',
  'queue_entry.returned',
  'queue_entry.resolved',
  'delegation.created',
  'delegation.completed',
  'delegation.reassigned',
  'delegation.failed',
  'feedback.received',
] as const

const OF_PROPOSALS = [
  'proposal.created',
  'proposal.approved',
  'proposal.reviewed',
  'proposal.edited',
  'proposal.advised',
  'proposal.returned',
  'proposal.resolved',
  'proposal.rejected',
  'proposal.responded',
  'proposal.expired',
  'proposal.cancelled',
  'proposal.succeeded',
  'proposal.failed',
  'proposal.outcome_unknown',
  'proposal.escalated',
  'proposal.commented',
  'proposal.assigned',
  'proposal.acknowledged',
  'proposal.snoozed',
  'proposal.extended',
  'permit.redeemed',
  'review.completed',
  'viewer.joined',
  'viewer.left',
  'content.changed',
] as const

const OF_SESSIONS = [
  'supervision_session.started',
  'supervision_session.attached',
  'supervision_session.handed_over',
  'supervision_session.taken_over',
  'supervision_session.step_announced',
  'supervision_session.escalated',
  'supervision_session.pausing',
  'supervision_session.paused',
  'supervision_session.resumed',
  'supervision_session.completed',
  'supervision_session.terminated',
  'supervision_session.failed',
  'supervision_session.rated',
  'intervention.requested',
  'intervention.applied',
] as const

const INSIDE_SESSIONS = ['supervision_session.emitted'] as const

const OF_WORKFLOWS = [
  'workflow_run.started',
  'workflow_run.waiting',
  'workflow_run.completed',
  'workflow_run.failed',
  'workflow_run.cancelled',
  'workflow_run.replayed',
  'workflow_approval.requested',
  'workflow.created',
  'workflow.versioned',
  'workflow.archived',
  'workflow_schedule.created',
  'workflow_schedule.removed',
  'workflow_schedule.skipped',
] as const

const INSIDE_WORKFLOWS = [
  'workflow_step.started',
  'workflow_step.waiting',
  'workflow_step.retried',
  'workflow_step.completed',
  'workflow_step.failed',
  'workflow_step.resolved',
  'workflow_step.cancelled',
] as const

const OF_USERS = ['member.changed', 'member.removed', 'presence.changed', 'presence.overridden'] as const

const OF_WORKSPACES = [
  'workspace.created',
  'action.registered',
  'policy.changed',
  'training_scenario.imported',
  'key.created',
  'key.rotated',
  'key.revoked',
  'stop.set',
  'stop.lifted',
  'bypass.set',
  'bypass.lifted',
  'collaboration.created',
  'collaboration.started',
  'collaboration.completed',
  'collaboration.failed',
  'collaboration.cancelled',
  'collaboration.context_changed',
  'collaboration.member_joined',
  'collaboration.member_left',
  'collaboration.message_sent',
  'consensus.opened',
  'consensus.vote_cast',
  'consensus.decided',
  'alert.raised',
  'alert.cleared',
  'alert.acknowledged',
  'alert.muted',
  'alert_rule.changed',
  'alert_audience.changed',
  'webhook.created',
  'webhook.removed',
  'webhook.disabled',
  'webhook.replayed',
  'webhook.tested',
  'escalation.created',
  'escalation.removed',
  'journal.checkpointed',
  'journal.exported',
] as const

const OF_LEARNING = [
  'example.added',
  'example.imported',
  'learning_session.created',
  'learning_session.completed',
  'learning_session.failed',
  'training_run.created',
  'training_run.completed',
  'training_run.failed',
  'adaptation.added',
  'adaptation.switched_off',
  'adaptation.removed',
  'experiment.started',
  'experiment.decided',
  'experiment.stopped',
  'playbook.versioned',
  'playbook.tested',
  'playbook.deployed',
  'playbook.rolled_back',
] as const

/** Name of an event, noun.verb-past. */
export type EventKind =
  | (typeof OF_AGENTS)[number]
  | (typeof OF_PROPOSALS)[number]
  | (typeof OF_SESSIONS)[number]
  | (typeof INSIDE_SESSIONS)[number]
  | (typeof OF_WORKFLOWS)[number]
  | (typeof INSIDE_WORKFLOWS)[number]
  | (typeof OF_USERS)[number]
  | (typeof OF_WORKSPACES)[number]
  | (typeof OF_LEARNING)[number]

/** Every event that the journal knows, with the kinds of topics on which it is heard. */
export const EVENT_KINDS: ReadonlyMap<EventKind, readonly TopicKind[]> = new Map([
  ...heardOn(['agent', 'workspace'], OF_AGENTS),
  ...heardOn(['proposal', 'agent', 'workspace'], OF_PROPOSALS),
  ...heardOn(['session', 'agent', 'workspace'], OF_SESSIONS),
  ...heardOn(['session'], INSIDE_SESSIONS),
  ...heardOn(['workflow', 'workspace'], OF_WORKFLOWS),
  ...heardOn(['workflow'], INSIDE_WORKFLOWS),
  ...heardOn(['user', 'workspace'], OF_USERS),
  ...heardOn(['workspace'], OF_WORKSPACES),
  ...heardOn(['learning', 'workspace'], OF_LEARNING),
])

const KNOWN: ReadonlySet<string> = new Set(EVENT_KINDS.keys())

/** Whether a text from outside names an event. */
export function isEventKind(text: string): text is EventKind {
  return KNOWN.has(text)
}

function heardOn(
  topics: readonly TopicKind[],
  kinds: readonly EventKind[],
): (readonly [EventKind, readonly TopicKind[]])[] {
  return kinds.map((kind) => [kind, topics] as const)
}
