import type { JsonValue, Scenario } from '@preceptor/client'
import type { ChatModel } from '../models/chat-model.ts'

/** What a grader says: a score in basis points, or that there is none. */
export type Grading =
  | { readonly result: 'graded'; readonly score: number; readonly feedback: string | null; readonly gradedBy: string }
  /** Only a person can say. */
  | { readonly result: 'waits' }
  /** The grader failed; there is no score, and never a default one. */
  | { readonly result: 'outage'; readonly message: string }

/** An answer, and what it is graded by. */
export interface GradingRequest {
  readonly scenario: Scenario
  readonly agent: string
  readonly answer: JsonValue
  /** ISO 8601, UTC. */
  readonly at: string
  /** Grades by rubric; null where none is configured. */
  readonly model: ChatModel | null
}
