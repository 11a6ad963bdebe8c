/** Who hears of an event: a topic stands for `agent:{id}`, `proposal:{id}` and so on, or for the whole workspace. */
export type TopicKind = 'agent' | 'user' | 'session' | 'proposal' | 'workflow' | 'workspace'

const AGENT = ['agent', 'workspace'] as const
const PROPOSAL = ['proposal', 'agent', 'workspace'] as const
const SESSION = ['session', 'agent', 'workspace'] as const
const SESSION_ONLY = ['session'] as const
const WORKFLOW = ['workflow', 'workspace'] as const
const WORKFLOW_ONLY = ['workflow'] as const
const USER = ['user', 'workspace'] as const
const WORKSPACE = ['workspace'] as const

const KINDS = {
  'agent.registered': AGENT,
  'agent.changed': AGENT,
  'agent.promoted': AGENT,
  'agent.demoted': AGENT,
  'agent.paused': AGENT,
  'agent.resumed': AGENT,
  'agent.stopped': AGENT,
  'agent.retired': AGENT,
  'agent.attested': AGENT,
  'agent.capped': AGENT,
  'confidence.changed': AGENT,
  'incident.recorded': AGENT,

  'action.registered': WORKSPACE,
  'policy.changed': WORKSPACE,
  'workspace.created': WORKSPACE,
  'member.changed': USER,
  'key.created': WORKSPACE,
  'key.revoked': WORKSPACE,
  'stop.set': WORKSPACE,
  'stop.lifted': WORKSPACE,

  'decision.made': AGENT,
  'execution.succeeded': AGENT,
  'execution.failed': AGENT,
  'execution.released': AGENT,
  'execution.outcome_unknown': AGENT,

  'training_proposal.created': AGENT,
  'training_proposal.approved': AGENT,
  'training_proposal.rejected': AGENT,
  'training_session.scheduled': AGENT,
  'training_session.started': AGENT,
  'training_session.progressed': AGENT,
  'training_session.completed': AGENT,
  'training_session.cancelled': AGENT,

  'proposal.created': PROPOSAL,
  'proposal.approved': PROPOSAL,
  'proposal.rejected': PROPOSAL,
  'proposal.responded': PROPOSAL,
  'proposal.expired': PROPOSAL,
  'proposal.cancelled': PROPOSAL,
  'proposal.succeeded': PROPOSAL,
  'proposal.failed': PROPOSAL,
  'proposal.outcome_unknown': PROPOSAL,
  'permit.redeemed': PROPOSAL,
  'grant.created': AGENT,
  'grant.revoked': AGENT,
  'review.completed': PROPOSAL,

  'supervision_session.started': SESSION,
  'supervision_session.attached': SESSION,
  'supervision_session.emitted': SESSION_ONLY,
  'supervision_session.paused': SESSION,
  'supervision_session.resumed': SESSION,
  'supervision_session.completed': SESSION,
  'supervision_session.terminated': SESSION,
  'supervision_session.failed': SESSION,
  'intervention.requested': SESSION,
  'intervention.applied': SESSION,

  'queue_entry.created': AGENT,
  'queue_entry.started': AGENT,
  'queue_entry.completed': AGENT,
  'queue_entry.failed': AGENT,
  'queue_entry.expired': AGENT,
  'queue_entry.cancelled': AGENT,
  'queue_entry.outcome_unknown': AGENT,
  'presence.changed': USER,

  'run.started': AGENT,
  'run.progressed': AGENT,
  'run.completed': AGENT,
  'run.failed': AGENT,
  'workflow_run.started': WORKFLOW,
  'workflow_run.waiting': WORKFLOW,
  'workflow_run.completed': WORKFLOW,
  'workflow_run.failed': WORKFLOW,
  'workflow_run.cancelled': WORKFLOW,
  'workflow_step.started': WORKFLOW_ONLY,
  'workflow_step.completed': WORKFLOW_ONLY,
  'workflow_step.failed': WORKFLOW_ONLY,
  'workflow_approval.requested': WORKFLOW,

  'collaboration.member_joined': WORKSPACE,
  'collaboration.member_left': WORKSPACE,
  'collaboration.message_sent': WORKSPACE,
  'delegation.created': AGENT,
  'delegation.completed': AGENT,
  'consensus.opened': WORKSPACE,
  'consensus.vote_cast': WORKSPACE,
  'consensus.decided': WORKSPACE,
  'viewer.joined': PROPOSAL,
  'viewer.left': PROPOSAL,
  'content.changed': PROPOSAL,
  'feedback.received': AGENT,
  'playbook.deployed': WORKSPACE,
  'playbook.rolled_back': WORKSPACE,
  'alert.raised': WORKSPACE,
  'alert.cleared': WORKSPACE,
} as const satisfies Record<string, readonly TopicKind[]>

/** Name of an event, noun.verb-past. */
export type EventKind = keyof typeof KINDS

/** Every event that the journal knows, with the kinds of topics on which it is heard. */
export const EVENT_KINDS: Readonly<Record<EventKind, readonly TopicKind[]>> = KINDS

/** Tells whether a value from outside names an event. */
export function isEventKind(value: unknown): value is EventKind {
  return typeof value === 'string' && Object.hasOwn(EVENT_KINDS, value)
}
