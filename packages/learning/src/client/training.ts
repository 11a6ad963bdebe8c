import type { Page, PageQuery } from '@preceptor/client'

/** The result of a paired comparison on held-out cases; scores are 0 to 100. */
export type PairedResult =
  | { readonly state: 'too_few'; readonly cases: number; readonly needed: number }
  | {
      readonly state: 'tested'
      /** Cases with both scores. */
      readonly cases: number
      /** Cases without a score on one side. */
      readonly unscored: number
      readonly before: number
      readonly after: number
      /** After less before, in points. */
      readonly improvement: number
      /** Of the exact two-sided sign test. */
      readonly p: number
      /** Of the mean improvement, at 95 %. */
      readonly interval: readonly [number, number]
    }

/** What brings the examples of an agent type into a tested version of its playbook. */
export interface TrainingRun {
  readonly id: string
  readonly agentType: string
  readonly state: 'pending' | 'running' | 'completed' | 'failed'
  /** By a person, or because enough examples came. */
  readonly cause: 'asked' | 'automatic'
  /** Examples that it used. */
  readonly examples: number
  /** The version that it wrote; null where it wrote none. */
  readonly playbook: { readonly id: string; readonly version: number } | null
  readonly test: PairedResult | null
  /** Whether the version was deployed, and why or why not. */
  readonly deployment: { readonly deployed: boolean; readonly reason: string } | null
  readonly failure: string | null
  readonly actor: string
  readonly createdAt: string
  readonly endedAt: string | null
}

/** How a training run is asked for. */
export interface TrainingRequest {
  /** Deploys the version when it improves by more than 15 points; default false for people, the option's for automatic ones. */
  readonly deploy?: boolean
  readonly tier?: 'system' | 'user' | 'project'
  /** The user or project of the tier. */
  readonly target?: string
  readonly share?: number
}

/** What an experiment compares: two versions of a playbook, or two strategies of an agent type. */
export type ExperimentSubject =
  | { readonly kind: 'playbooks'; readonly playbook: string; readonly a: number | null; readonly b: number }
  | { readonly kind: 'strategies'; readonly a: string; readonly b: string }

/** An A/B experiment of real runs on examples, with a stop rule. */
export interface Experiment {
  readonly id: string
  readonly agentType: string
  readonly subject: ExperimentSubject
  readonly state: 'running' | 'decided' | 'inconclusive' | 'stopped' | 'failed'
  readonly winner: 'a' | 'b' | null
  readonly runs: number
  /** It ends inconclusively here. */
  readonly mostRuns: number
  /** Evidence against "no difference": it decides at 1 / alpha, whenever that is. */
  readonly evidence: number
  readonly alpha: number
  readonly meanA: number | null
  readonly meanB: number | null
  readonly reason: string | null
  readonly actor: string
  readonly createdAt: string
  readonly endedAt: string | null
}

/** How an experiment is started. */
export interface ExperimentRequest {
  readonly agentType: string
  readonly subject: ExperimentSubject
  /** 2 to 500; default 100. */
  readonly mostRuns?: number
  /** Rate of wrong decisions that is accepted, 0.001 to 0.2; default 0.05. */
  readonly alpha?: number
}

/** Training of agent types: from examples to a tested version. */
export interface TrainingOperations {
  /**
   * Trains the type of an agent on its examples; answers at once, a worker does it.
   *
   * @throws GovernanceError `INPUT_INVALID`, `NOT_FOUND`, `CONFLICT` while a run of that type has not ended,
   * `PERMISSION_DENIED`.
   */
  train(agent: string, request?: TrainingRequest): Promise<TrainingRun>
  get(id: string): Promise<TrainingRun>
  list(query?: PageQuery & { readonly agentType?: string }): Promise<Page<TrainingRun>>
}

/** A/B experiments. */
export interface ExperimentOperations {
  start(request: ExperimentRequest): Promise<Experiment>
  get(id: string): Promise<Experiment>
  list(query?: PageQuery & { readonly agentType?: string }): Promise<Page<Experiment>>
  stop(id: string, reason: string): Promise<Experiment>
}
