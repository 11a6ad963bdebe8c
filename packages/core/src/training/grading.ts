import type { JsonValue, Scenario } from '@preceptor/client'

/**
 * A chat model as core sees it: the shape of those of LangChain, of which nothing is imported. It gives text, or a
 * message whose `content` is text.
 */
export interface RubricModel {
  /** Name under which its scores stand in records. */
  readonly name?: string
  invoke(
    messages: readonly { readonly role: 'system' | 'user'; readonly content: string }[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<unknown>
}

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
  readonly model: RubricModel | null
}
