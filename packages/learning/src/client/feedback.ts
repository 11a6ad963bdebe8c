import type { Page, PageQuery } from '@preceptor/client'

/** What a piece of feedback says of an answer. */
export type FeedbackKind = 'positive' | 'negative' | 'correction' | 'suggestion'

/** Every kind of feedback. */
export const FEEDBACK_KINDS: readonly FeedbackKind[] = ['positive', 'negative', 'correction', 'suggestion']

/** What feedback or an example is about; `outside` for an answer that the gate does not know. */
export type AboutKind =
  | 'decision'
  | 'proposal'
  | 'supervision_session'
  | 'training_session'
  | 'learning_session'
  | 'subagent'
  | 'subprocess'
  | 'outside'

/** Every kind of record that feedback or an example may be about. */
export const ABOUT_KINDS: readonly AboutKind[] = [
  'decision',
  'proposal',
  'supervision_session',
  'training_session',
  'learning_session',
  'subagent',
  'subprocess',
  'outside',
]

/** What feedback or an example is about. */
export interface About {
  readonly kind: AboutKind
  /** Id of it, such as `dec_…`; for a sub-agent or a subprocess, its own id. */
  readonly id: string
  /** What a sub-agent or a subprocess was to do. */
  readonly task?: string
}

/** What somebody said of an answer of an agent. */
export interface Feedback {
  readonly id: string
  readonly agent: string
  /** Type of the agent when it was given, such as `engineer`; `generic` where it has none that is known. */
  readonly agentType: string
  readonly kind: FeedbackKind
  /** What the agent was asked. */
  readonly input: string
  /** What it answered. */
  readonly output: string
  /** What it should have answered; for a correction only. */
  readonly correction: string | null
  readonly comment: string | null
  readonly tags: readonly string[]
  readonly about: About
  /** Who gave it, such as `user:ana`. */
  readonly actor: string
  /** The example that came of it; null where none did. */
  readonly exampleId: string | null
  readonly createdAt: string
}

/** Feedback as it is given. */
export interface FeedbackRequest {
  readonly agent: string
  readonly kind: FeedbackKind
  readonly input: string
  readonly output: string
  /** Needed for a correction, refused for the others. */
  readonly correction?: string
  readonly comment?: string
  /** At most 20, each of 1 to 64 letters, digits, `.`, `_`, `-`, `:`. */
  readonly tags?: readonly string[]
  readonly about: About
}

/** Filters of a list of feedback. */
export interface FeedbackQuery extends PageQuery {
  readonly agent?: string
  readonly agentType?: string
  readonly kind?: FeedbackKind
  readonly tag?: string
}

/** What an agent type should do: one input with the answer that was right. */
export interface Example {
  readonly id: string
  /** The agent of which it is; null for an imported one. */
  readonly agent: string | null
  readonly agentType: string
  readonly input: string
  /** What was answered wrongly; null where nothing was. */
  readonly output: string | null
  /** The right answer. */
  readonly correction: string
  readonly tags: readonly string[]
  readonly about: About
  /** How it came: given as feedback, captured at its source, or imported. */
  readonly origin: 'feedback' | 'captured' | 'imported'
  /** SHA-256 over what it teaches: the same is there once. */
  readonly contentHash: string
  /** Whether it is held out: it tests playbooks and never stands in one. Settled by its hash. */
  readonly isHeldOut: boolean
  /** The training run that used it first; null until then. */
  readonly appliedBy: string | null
  /** How often it came. */
  readonly occurrences: number
  readonly actor: string
  readonly createdAt: string
}

/** Filters of a list of examples. */
export interface ExampleQuery extends PageQuery {
  readonly agent?: string
  readonly agentType?: string
  readonly tag?: string
  /** Words to be found in the input or the answers, best first. */
  readonly search?: string
  readonly isHeldOut?: boolean
  readonly isApplied?: boolean
}

/** What an import did. */
export interface ExampleImport {
  readonly added: number
  /** Those that were there. */
  readonly duplicates: number
  /** Lines that were refused, the first 100 of them. */
  readonly refused: readonly { readonly line: number; readonly message: string }[]
}

/** Numbers about how an agent answers, over a time. */
export interface AgentMetrics {
  readonly agent: string
  readonly from: string
  readonly to: string
  readonly total: number
  readonly byKind: Readonly<Record<FeedbackKind, number>>
  /** Share of positive feedback among positive, negative and corrections; null where there is none. */
  readonly accuracy: number | null
  /** Accuracy of the later half less that of the earlier half of the time; null where one of them has none. */
  readonly improvementRate: number | null
  /** Milliseconds from a decision of the agent to the end of its run; null where nothing ran. */
  readonly responseTimeMs: { readonly mean: number; readonly p95: number; readonly runs: number } | null
}

/** What stands out in the feedback on an agent. */
export interface AgentInsights {
  readonly agent: string
  readonly total: number
  readonly negativeRate: number | null
  readonly correctionRate: number | null
  /** The tags of negative feedback and corrections, most frequent first. */
  readonly topIssues: readonly { readonly tag: string; readonly count: number; readonly share: number }[]
  readonly recommendations: readonly { readonly code: string; readonly text: string }[]
  /** Corrections that say the same again and again. */
  readonly opportunities: readonly TrainingOpportunity[]
}

/** Repeated corrections of one agent type on one matter. */
export interface TrainingOpportunity {
  readonly agentType: string
  readonly tag: string | null
  /** Words that the corrections share. */
  readonly terms: readonly string[]
  readonly examples: readonly string[]
  readonly count: number
}

/** Feedback on answers of agents. */
export interface FeedbackOperations {
  /**
   * Records feedback; a correction becomes an example in the same transaction.
   *
   * @throws GovernanceError `INPUT_INVALID`, `NOT_FOUND` for an agent or a record that is not there, `PERMISSION_DENIED`.
   */
  give(request: FeedbackRequest): Promise<Feedback>
  get(id: string): Promise<Feedback>
  list(query?: FeedbackQuery): Promise<Page<Feedback>>
  /** Numbers of an agent over the last so many days; default 30. */
  metrics(agent: string, query?: { readonly days?: number }): Promise<AgentMetrics>
  insights(agent: string, query?: { readonly days?: number }): Promise<AgentInsights>
}

/** Examples, which playbooks are made of and tested with. */
export interface ExampleOperations {
  get(id: string): Promise<Example>
  list(query?: ExampleQuery): Promise<Page<Example>>
  /**
   * Adds examples, one JSON object a line with `agentType`, `input`, `correction` and optionally `output` and `tags`; at most
   * 10,000 lines of 64 KiB.
   */
  import(lines: string): Promise<ExampleImport>
  /** Writes examples as JSON lines, oldest first; what is written can be imported. */
  export(query?: ExampleExport): Promise<AsyncIterable<string>>
}

/** What is exported. */
export interface ExampleExport {
  readonly agent?: string
  readonly agentType?: string
  readonly tag?: string
  readonly signal?: AbortSignal | undefined
}
