import type { WorldIds } from './use-world.ts'

/** A page of the dashboard as it stands in a world. */
export interface WorldPage {
  /** Names its picture. */
  readonly name: string
  /** The route of the router that shows it. */
  readonly route: string
  /** Its address below the mount. */
  readonly address: string
  /** What it shows, in a sentence. */
  readonly shows: string
  /** Who looks; default: ana, who supervises. */
  readonly who?: 'ada'
}

/** Routes that lead on to another one, each with an address that it is asked by, and the route that it leads to. */
export const leadsOf = (ids: WorldIds): readonly (readonly [route: string, address: string, to: string])[] => [
  ['/', '', '/inbox'],
  ['/p/$proposalId', `p/${ids.proposals.refund}`, '/inbox/$proposalId'],
  ['/agents/$agentId', 'agents/support-bot', '/agents/$agentId/journey'],
  ['/training', 'training', '/training/proposals'],
  ['/learning', 'learning', '/learning/insights'],
  ['/analytics', 'analytics', '/analytics/$view'],
  ['/settings', 'settings', '/settings/$section'],
]

/** Every page of the dashboard, at an address of a world. */
export const pagesOf = (ids: WorldIds): readonly WorldPage[] => [
  ...inboxPages(ids),
  ...agentPages(),
  ...trainingPages(ids),
  ...learningPages(ids),
  ...flowPages(ids),
  ...Object.entries(ANALYTICS).map(([view, shows]) => ({
    name: `analytics-${view}`,
    route: '/analytics/$view',
    address: `analytics/${view}`,
    shows,
  })),
  { name: 'alerts', route: '/alerts', address: 'alerts', shows: 'What is wrong, until it is not any more.' },
  {
    name: 'audit',
    route: '/audit',
    address: 'audit',
    shows: 'The journal, row by row, and whether its chain holds.',
    who: 'ada',
  },
  ...Object.entries(SETTINGS).map(([section, shows]) => ({
    name: `settings-${section}`,
    route: '/settings/$section',
    address:
      section === 'notifications'
        ? `settings/notifications?webhook=${ids.administration.webhook}`
        : `settings/${section}`,
    shows,
    who: 'ada' as const,
  })),
  {
    name: 'settings-policy-editor',
    route: '/settings/$section',
    address: 'settings/policies?edit=true',
    shows: 'The policy as it is edited, with what would change.',
    who: 'ada',
  },
]

/** Parts of analytics, and what each shows. */
export const ANALYTICS: Readonly<Record<string, string>> = {
  overview: 'What waits, how fast it is decided, and where attempts are routed.',
  approvals: 'Who decides, how fast, and whether it was read.',
  maturity: 'How agents rise and fall.',
  supervision: 'Runs that were watched: how they were rated, and how often somebody stepped in.',
  training: 'Training, held against its targets.',
  system: 'Queues, reviewers and alerts, as they are now.',
}

/** Sections of the settings, and what each shows. */
export const SETTINGS: Readonly<Record<string, string>> = {
  policies: 'The policy in force, and its versions.',
  shadow: 'What the policy would have done with what it only watches, and the way to enforce it.',
  actions: 'What agents can attempt, as code declares it.',
  grants: 'What was allowed ahead of time, until when, and how much of it is used.',
  stops: 'What stands still, and what is let through for a while.',
  alerts: 'When alerts are raised, and who is told of which.',
  members: 'Who decides, and who is there.',
  escalations: 'Who is told when nobody decides.',
  reviewers: 'Agents that review, and what they have earned.',
  notifications: 'Webhooks, and what became of each delivery.',
  keys: 'API keys of people, agents and services.',
  me: 'What one person wants of these pages.',
  about: 'Where this page comes from, and whether the server is well.',
}

const inboxPages = ({ proposals, supervision }: WorldIds): readonly WorldPage[] => [
  {
    name: 'inbox',
    route: '/inbox',
    address: 'inbox',
    shows: 'What waits for a person, what expires first at the top.',
  },
  {
    name: 'inbox-card',
    route: '/inbox/$proposalId',
    address: `inbox/${proposals.refund}`,
    shows: 'One proposal: what will happen, why it is risky, and the decision.',
  },
  {
    name: 'inbox-preview',
    route: '/inbox/$proposalId',
    address: `inbox/${proposals.mail}`,
    shows: 'A preview with every kind of block.',
  },
  {
    name: 'inbox-long',
    route: '/inbox/$proposalId',
    address: `inbox/${proposals.long}`,
    shows: 'Arguments in full, and advice beside them.',
  },
  {
    name: 'inbox-critical',
    route: '/inbox/$proposalId',
    address: `inbox/${proposals.critical}`,
    shows: 'An action of critical risk, which one of two people has approved.',
  },
  {
    name: 'inbox-failed',
    route: '/inbox/$proposalId',
    address: `inbox/${proposals.failed}?state=all`,
    shows: 'A proposal that was approved, and failed.',
  },
  {
    name: 'inbox-batch',
    route: '/inbox/batch',
    address: `inbox/batch?select=${encodeURIComponent(JSON.stringify(proposals.alike))}`,
    shows: 'Proposals that are alike, side by side, with what stands out.',
  },
  { name: 'live', route: '/live', address: 'live', shows: 'Runs that are watched, what waits, and who is there.' },
  {
    name: 'live-session',
    route: '/live/$sessionId',
    address: `live/${supervision.running}`,
    shows: 'One run: its steps, its log, its output, and how to steer it.',
  },
  {
    name: 'live-paused',
    route: '/live/$sessionId',
    address: `live/${supervision.paused}`,
    shows: 'A run that stands still, with the call that waits.',
  },
  {
    name: 'live-completed',
    route: '/live/$sessionId',
    address: `live/${supervision.completed}`,
    shows: 'A run that is over, with its rating.',
  },
  {
    name: 'live-terminated',
    route: '/live/$sessionId',
    address: `live/${supervision.terminated}`,
    shows: 'A run that somebody ended, and why.',
  },
]

const agentPages = (): readonly WorldPage[] => [
  { name: 'agents', route: '/agents', address: 'agents', shows: 'All agents, those first that need somebody.' },
  ...(
    [
      ['journey', 'How an agent rose and fell, what it lacks, and where its score comes from.'],
      ['activity', 'What an agent did, and what was done about it.'],
      ['capabilities', 'What an agent may do at which level.'],
      ['training', 'What an agent was taught.'],
      ['proposals', 'What an agent proposed, and what became of it.'],
      ['settings', 'Who owns an agent, and what it is.'],
    ] as const
  ).map(([tab, shows]) => ({
    name: `agent-${tab}`,
    route: `/agents/$agentId/${tab}`,
    address: `agents/support-bot/${tab}`,
    shows,
  })),
]

const trainingPages = ({ training }: WorldIds): readonly WorldPage[] => [
  {
    name: 'training-courses',
    route: '/training/proposals',
    address: 'training/proposals',
    shows: 'Courses that wait for a decision, with their estimate.',
  },
  {
    name: 'training-course',
    route: '/training/proposals/$proposalId',
    address: `training/proposals/${training.course}`,
    shows: 'One course: its gaps, its plan, and what was blocked.',
  },
  {
    name: 'training-course-rejected',
    route: '/training/proposals/$proposalId',
    address: `training/proposals/${training.rejected}`,
    shows: 'A course that was rejected, and why.',
  },
  {
    name: 'training-sessions',
    route: '/training/sessions',
    address: 'training/sessions?state=all',
    shows: 'Sessions, with what came of each.',
  },
  {
    name: 'training-session',
    route: '/training/sessions/$sessionId',
    address: `training/sessions/${training.running}`,
    shows: 'A session, scenario by scenario, with the answer and the score.',
  },
  {
    name: 'training-session-completed',
    route: '/training/sessions/$sessionId',
    address: `training/sessions/${training.completed}`,
    shows: 'A session that brought an agent to the next level.',
  },
  {
    name: 'training-blocked',
    route: '/training/blocked',
    address: 'training/blocked?state=all',
    shows: 'What was blocked, and whether it can be tried again.',
  },
  {
    name: 'training-scenarios',
    route: '/training/scenarios',
    address: 'training/scenarios',
    shows: 'The scenarios that agents are tested with.',
    who: 'ada',
  },
]

const learningPages = ({ learning }: WorldIds): readonly WorldPage[] => [
  {
    name: 'learning-insights',
    route: '/learning/insights',
    address: 'learning/insights?agent=billing-bot',
    shows: 'What people say of an agent, and what it keeps getting wrong.',
  },
  {
    name: 'learning-examples',
    route: '/learning/examples',
    address: 'learning/examples',
    shows: 'Corrections that agents learn from.',
    who: 'ada',
  },
  {
    name: 'learning-sessions',
    route: '/learning/sessions',
    address: 'learning/sessions?type=support',
    shows: 'Answers that were improved, and by how much.',
  },
  {
    name: 'learning-session',
    route: '/learning/sessions/$sessionId',
    address: `learning/sessions/${learning.session}`,
    shows: 'One answer before and after, with both scores.',
  },
  {
    name: 'learning-playbooks',
    route: '/learning/playbooks',
    address: 'learning/playbooks',
    shows: 'Instructions that runtimes load.',
  },
  {
    name: 'learning-playbook',
    route: '/learning/playbooks/$playbookId',
    address: `learning/playbooks/${learning.playbook}`,
    shows: 'One playbook: its versions, what differs, and where each is deployed.',
  },
  {
    name: 'learning-experiments',
    route: '/learning/experiments',
    address: 'learning/experiments',
    shows: 'Two ways of doing it, tried against each other.',
  },
  {
    name: 'learning-predictions',
    route: '/learning/predictions',
    address: 'learning/predictions',
    shows: 'What the next sessions are expected to bring.',
  },
]

const flowPages = ({ orchestration: { workflow, runs, vote, delegated } }: WorldIds): readonly WorldPage[] => [
  { name: 'workflows', route: '/workflows', address: 'workflows', shows: 'The workflows that there are.' },
  {
    name: 'workflow-runs',
    route: '/workflows',
    address: 'workflows?show=runs',
    shows: 'Runs of workflows, and how they stand.',
  },
  { name: 'workflow-new', route: '/workflows/new', address: 'workflows/new', shows: 'A workflow that begins.' },
  {
    name: 'workflow',
    route: '/workflows/$workflowId',
    address: `workflows/${workflow}`,
    shows: 'One workflow: its drawing, its runs, its schedules and its versions.',
  },
  {
    name: 'workflow-edit',
    route: '/workflows/$workflowId/edit',
    address: `workflows/${workflow}/edit`,
    shows: 'A workflow as it is edited, beside its drawing.',
  },
  {
    name: 'workflow-run',
    route: '/workflows/runs/$runId',
    address: `workflows/runs/${runs.waiting}`,
    shows: 'A run that waits for people.',
  },
  {
    name: 'workflow-run-failed',
    route: '/workflows/runs/$runId',
    address: `workflows/runs/${runs.failed}`,
    shows: 'A run that failed, and at which step.',
  },
  { name: 'collaborations', route: '/collab', address: 'collab', shows: 'Who works together, and which votes wait.' },
  {
    name: 'collaboration-vote',
    route: '/collab/$sessionId',
    address: `collab/${vote}`,
    shows: 'A collaboration with a vote that is open.',
  },
  {
    name: 'collaboration-delegated',
    route: '/collab/$sessionId',
    address: `collab/${delegated}`,
    shows: 'A collaboration whose work was given to its members.',
  },
]
