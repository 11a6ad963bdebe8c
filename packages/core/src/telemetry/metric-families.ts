/** What a metric is called, what it says, and what tells its numbers apart. */
export interface MetricSpecification<Labels extends readonly string[]> {
  readonly name: string
  readonly help: string
  readonly labelNames: Labels
}

interface CounterLabels {
  readonly decisions: readonly ['level', 'verdict', 'source']
  readonly unrecorded: readonly []
  readonly cache: readonly ['result']
  readonly proposalDecisions: readonly ['outcome', 'channel']
  readonly proposalsExpired: readonly []
  readonly interventions: readonly ['type']
  readonly trainingSessions: readonly ['outcome']
  readonly levelChanges: readonly ['from', 'to', 'cause']
  readonly notifications: readonly ['channel', 'result']
  readonly reviews: readonly ['verdict', 'by']
  readonly learningSessions: readonly ['type', 'outcome']
  readonly playbookDeployments: readonly ['tier', 'outcome']
}

export type CounterName = keyof CounterLabels
export type HistogramName = 'decide' | 'proposalWait' | 'improvement'

interface GaugeLabels {
  readonly up: readonly []
  readonly proposalsOpen: readonly ['risk']
  readonly sessions: readonly ['state']
  readonly queue: readonly ['reason']
  readonly agents: readonly ['level']
  readonly presence: readonly ['state']
  readonly agreement: readonly []
}

export type GaugeName = keyof GaugeLabels

// Every label has few values: names of states, levels and kinds; never an id, and never a text that somebody wrote.

/** What this process did, since it began: each is counted once it is committed. */
export const COUNTERS: { readonly [Name in CounterName]: MetricSpecification<CounterLabels[Name]> } = {
  decisions: {
    name: 'governance_decisions_total',
    help: 'Decisions on record, by the level of the agent, the route and what set the attempt off.',
    labelNames: ['level', 'verdict', 'source'],
  },
  unrecorded: {
    name: 'governance_unrecorded_denials_total',
    help: 'Attempts that were denied and could not be put on record, mostly because the database was away.',
    labelNames: [],
  },
  cache: {
    name: 'governance_cache_requests_total',
    help: 'Decisions that found the agent in memory (hit) or had to read it (miss).',
    labelNames: ['result'],
  },
  proposalDecisions: {
    name: 'governance_proposal_decisions_total',
    help: 'Proposals that were decided, by the outcome and by what the decision came by.',
    labelNames: ['outcome', 'channel'],
  },
  proposalsExpired: {
    name: 'governance_proposals_expired_total',
    help: 'Proposals that nobody decided or ran in time.',
    labelNames: [],
  },
  interventions: {
    name: 'governance_interventions_total',
    help: 'Interventions in supervised runs.',
    labelNames: ['type'],
  },
  trainingSessions: {
    name: 'governance_training_sessions_total',
    help: 'Training sessions that ended.',
    labelNames: ['outcome'],
  },
  levelChanges: {
    name: 'governance_level_changes_total',
    help: 'Promotions and demotions of agents.',
    labelNames: ['from', 'to', 'cause'],
  },
  notifications: {
    name: 'governance_notifications_total',
    help: 'Attempts to notify somebody, by channel, and whether the receiver took it.',
    labelNames: ['channel', 'result'],
  },
  reviews: {
    name: 'governance_reviews_total',
    help: 'Reviews of proposals and steps, by verdict and by what gave it: a person, rules, a model or an endpoint.',
    labelNames: ['verdict', 'by'],
  },
  learningSessions: {
    name: 'governance_learning_sessions_total',
    help: 'Learning sessions that ended.',
    labelNames: ['type', 'outcome'],
  },
  playbookDeployments: {
    name: 'governance_playbook_deployments_total',
    help: 'Playbook versions that were deployed or rolled back.',
    labelNames: ['tier', 'outcome'],
  },
}

/** What this process timed or measured; times in seconds. */
export const HISTOGRAMS: Readonly<
  Record<HistogramName, MetricSpecification<readonly []> & { readonly bounds: readonly number[] }>
> = {
  decide: {
    name: 'governance_decide_duration_seconds',
    help: 'Time from a trigger to its decision, without the wait for people that may follow.',
    labelNames: [],
    // From a decision out of memory to the deadline.
    bounds: [0.000_025, 0.000_1, 0.000_25, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  },
  proposalWait: {
    name: 'governance_proposal_wait_seconds',
    help: 'Time from a proposal to its decision.',
    labelNames: [],
    bounds: [5, 15, 60, 300, 900, 1_800, 3_600, 14_400, 43_200, 86_400, 259_200],
  },
  improvement: {
    name: 'governance_learning_improvement_points',
    help: 'What learning sessions came to: points of rating that the answer gained over the one before it.',
    labelNames: [],
    bounds: [-20, -10, -5, 0, 1, 2, 5, 10, 20, 40, 60],
  },
}

/** What stands in the database when it is looked at: the same from every process, so it is not to be added up. */
export const GAUGES: { readonly [Name in GaugeName]: MetricSpecification<GaugeLabels[Name]> } = {
  up: {
    name: 'governance_up',
    help: 'Whether this process can decide now: 1, or 0 while the database, the journal or the lease is not there.',
    labelNames: [],
  },
  proposalsOpen: {
    name: 'governance_proposals_open',
    help: 'Proposals that wait for people.',
    labelNames: ['risk'],
  },
  sessions: {
    name: 'governance_supervision_sessions',
    help: 'Supervision sessions that have not ended.',
    labelNames: ['state'],
  },
  queue: {
    name: 'governance_queue_depth',
    help: 'Runs that wait for a supervisor: unwatched (nobody was asked yet), offered, or put back for a while.',
    labelNames: ['reason'],
  },
  agents: {
    name: 'governance_agents',
    help: 'Agents that are not retired, by their level.',
    labelNames: ['level'],
  },
  presence: {
    name: 'governance_presence_users',
    help: 'Members by presence.',
    labelNames: ['state'],
  },
  agreement: {
    name: 'governance_reviewer_agreement_ratio',
    help: 'Share of the verdicts of reviewer agents that people came to as well; not there before the first one.',
    labelNames: [],
  },
}
