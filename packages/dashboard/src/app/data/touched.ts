/** What a page read, by the first word of its query key. */
export type QueryRoot =
  | 'agents'
  | 'agent'
  | 'sessions'
  | 'session'
  | 'queue'
  | 'presence'
  | 'training'
  | 'learning'
  | 'playbooks'
  | 'workflows'
  | 'runs'
  | 'run'
  | 'collaborations'
  | 'collaboration'
  | 'alerts'
  | 'journal'
  | 'policies'
  | 'grants'
  | 'webhooks'
  | 'escalations'
  | 'keys'
  | 'members'
  | 'stops'
  | 'bypasses'
  | 'reviewers'
  | 'actions'

const OF_AGENTS = ['agents', 'agent'] as const

const ROOTS: Readonly<Record<string, readonly QueryRoot[]>> = {
  agent: OF_AGENTS,
  confidence: OF_AGENTS,
  run: ['sessions', 'session', 'agent'],
  supervision_session: ['sessions', 'session'],
  intervention: ['session', 'sessions'],
  queue_entry: ['queue'],
  presence: ['presence'],
  decision: ['agent'],
  blocked_trigger: ['training', 'agent'],
  proposal: OF_AGENTS,
  training_proposal: ['training', ...OF_AGENTS],
  training_session: ['training', ...OF_AGENTS],
  training_scenario: ['training'],
  feedback: ['learning'],
  example: ['learning'],
  learning_session: ['learning'],
  training_run: ['learning'],
  adaptation: ['learning'],
  experiment: ['learning'],
  playbook: ['playbooks', 'learning'],
  workflow: ['workflows'],
  workflow_run: ['runs', 'run', 'workflows'],
  workflow_step: ['run', 'runs'],
  workflow_approval: ['run'],
  workflow_schedule: ['workflows'],
  collaboration: ['collaborations', 'collaboration'],
  delegation: ['collaborations', 'collaboration'],
  consensus: ['collaborations', 'collaboration'],
  alert: ['alerts'],
  alert_rule: ['alerts'],
  alert_audience: ['alerts'],
  policy: ['policies'],
  grant: ['grants'],
  webhook: ['webhooks'],
  escalation: ['escalations'],
  key: ['keys'],
  member: ['members'],
  reviewer: ['reviewers'],
  stop: ['stops', ...OF_AGENTS],
  bypass: ['bypasses'],
  action: ['actions'],
}

/** Which queries are old after an event: by the noun of its kind. */
export function touchedBy(kind: string): readonly QueryRoot[] {
  const noun = kind.slice(0, kind.indexOf('.'))
  return ROOTS[noun] ?? []
}
