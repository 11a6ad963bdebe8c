import type { Page, PageQuery } from '@preceptor/client'

/** How a session goes on after its answer: `continuous` counts for the trend at once, `batch` waits for a worker, `adaptive` tries more than one way and keeps the best. */
export type SessionMode = 'continuous' | 'batch' | 'adaptive'

/** What form an answer has. */
export type ResponseFormat = 'code' | 'documentation' | 'analysis' | 'conversation' | 'mixed' | (string & {})

/** A score of an answer, 0 to 100, by criterion; or why there is none. */
export type Evaluation =
  | {
      readonly state: 'scored'
      readonly score: number
      readonly criteria: Readonly<Record<string, number>>
      readonly checks: readonly CheckResult[]
    }
  | { readonly state: 'unscored'; readonly reason: string; readonly checks: readonly CheckResult[] }

/** What a check without a model found. */
export interface CheckResult {
  readonly name: string
  readonly passed: boolean
  /** 0 to 100. */
  readonly score: number
  readonly reason: string
}

/** What a learning session is made of. */
export interface LearningSessionRequest {
  /** One of the nine, another that was registered, or any: those without a strategy of their own use the generic one. */
  readonly agentType: string
  readonly agent?: string
  readonly originalResponse: string
  readonly correction?: string
  /** What the agent was asked, and what it knew. */
  readonly context: string
  readonly format: ResponseFormat
  /** Default `continuous`. */
  readonly mode?: SessionMode
  /** Template to write the prompt by, of those that were registered. */
  readonly template?: string
}

/** One improvement of one answer, with its scores before and after. */
export interface LearningSession {
  readonly id: string
  readonly agentType: string
  readonly agent: string | null
  readonly mode: SessionMode
  readonly format: ResponseFormat
  readonly state: 'pending' | 'running' | 'completed' | 'failed'
  readonly context: string
  readonly originalResponse: string
  readonly correction: string | null
  readonly improvedResponse: string | null
  readonly before: Evaluation | null
  readonly after: Evaluation | null
  /** Score after less score before; null where one of them is missing. */
  readonly improvement: number | null
  /** The strategy that was used, such as `engineer` or `generic`. */
  readonly strategy: string
  /** The adaptation that was in force; null where none was. */
  readonly adaptationId: string | null
  readonly model: string | null
  /** Milliseconds that it took; null until it ended. */
  readonly durationMs: number | null
  /** Why it failed. */
  readonly failure: string | null
  readonly actor: string
  readonly createdAt: string
  readonly endedAt: string | null
}

/** Filters of a list of learning sessions. */
export interface LearningSessionQuery extends PageQuery {
  readonly agentType?: string
  readonly agent?: string
  readonly state?: LearningSession['state']
}

/** What continuous learning changed in how an agent type is trained. */
export interface Adaptation {
  readonly id: string
  readonly agentType: string
  /** Why it was made. */
  readonly cause: 'low_improvement' | 'declining'
  /** What is done differently. */
  readonly change: string
  readonly state: 'active' | 'switched_off'
  /** 0.7 mean improvement / 100 + 0.3 success rate of the sessions since; null below three of them. */
  readonly effectiveness: number | null
  readonly sessions: number
  readonly createdAt: string
  readonly updatedAt: string
}

/** How improvements of an agent type move. */
export type Trend =
  | { readonly state: 'too_few'; readonly sessions: number; readonly needed: number }
  | {
      readonly state: 'known'
      readonly sessions: number
      readonly mean: number
      readonly slope: number
      readonly direction: 'improving' | 'stable' | 'declining'
    }

/** What the mean improvement of an agent type will be. */
export type Prediction =
  | { readonly state: 'too_few'; readonly sessions: number; readonly needed: number }
  | {
      readonly state: 'predicted'
      readonly id: string
      readonly agentType: string
      readonly mean: number
      /** The mean of the time to come lies in it at the level's rate. */
      readonly interval: readonly [number, number]
      /** Such as 0.9. */
      readonly level: number
      readonly direction: 'improving' | 'stable' | 'declining'
      readonly factors: readonly { readonly name: string; readonly value: number; readonly effect: string }[]
      readonly recommendations: readonly string[]
      readonly until: string
      readonly createdAt: string
    }

/** Numbers of an agent type. */
export interface TypeStatistics {
  readonly agentType: string
  readonly sessions: number
  readonly scored: number
  readonly failed: number
  readonly meanImprovement: number | null
  readonly successRate: number | null
  /** Variance of the improvements. */
  readonly variance: number | null
  /** Milliseconds. */
  readonly meanDurationMs: number | null
  readonly sessionsPerMinute: number | null
  /** Deployed versions of all versions that were written; null where there is none. */
  readonly deploymentRate: number | null
  /** Mean improvement by its own strategy less that by the generic one; null where one of them has none. */
  readonly specialization: number | null
  readonly trend: Trend
}

/** Numbers of all agent types, and of this process. */
export interface LearningStatistics {
  readonly types: readonly TypeStatistics[]
  readonly cache: { readonly hits: number; readonly misses: number; readonly hitRate: number | null }
  readonly process: { readonly cpuMs: number; readonly memoryBytes: number }
  /** How often what came lay in what was predicted. */
  readonly predictions: {
    readonly settled: number
    readonly hits: number
    readonly hitRate: number | null
    readonly interval: readonly [number, number] | null
  }
}

/** Everything about one agent type, as data. */
export interface LearningDashboard {
  readonly agentType: string
  readonly statistics: TypeStatistics
  readonly prediction: Prediction
  readonly adaptations: readonly Adaptation[]
  readonly suggestions: readonly CrossSuggestion[]
  readonly recent: readonly LearningSession[]
}

/** What helped a similar agent type, and may help this one. */
export interface CrossSuggestion {
  readonly from: string
  readonly tag: string
  /** How far it improved there, in points, over so many sessions. */
  readonly improvement: number
  readonly sessions: number
  readonly examples: readonly string[]
}

/** Whether learning can do its work. */
export interface LearningHealth {
  readonly ready: boolean
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly message?: string }>>
}

/** What is exported. */
export interface LearningExport {
  readonly kinds?: readonly ('sessions' | 'adaptations' | 'predictions' | 'playbooks')[]
  readonly agentType?: string
  readonly signal?: AbortSignal | undefined
}

/** Learning sessions: one answer improved, and what came of it. */
export interface LearningSessionOperations {
  /**
   * Starts a session; `continuous` and `adaptive` answer once it has ended, `batch` at once.
   *
   * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, `NOT_FOUND` for an agent that is not there.
   */
  start(request: LearningSessionRequest): Promise<LearningSession>
  get(id: string): Promise<LearningSession>
  list(query?: LearningSessionQuery): Promise<Page<LearningSession>>
}

/** What the sessions show. */
export interface AnalyticsOperations {
  statistics(): Promise<LearningStatistics>
  adaptations(query?: PageQuery & { readonly agentType?: string }): Promise<Page<Adaptation>>
  /** What was predicted in the last hour, or anew once a session was scored since; it stays to be compared with what comes. */
  predict(agentType: string): Promise<Prediction>
  dashboard(agentType: string): Promise<LearningDashboard>
  health(): Promise<LearningHealth>
  /** Writes what was learned as JSON lines, each with its `kind`. */
  export(query?: LearningExport): Promise<AsyncIterable<string>>
}
