import type { Evaluation, LearningSession } from '../client/trainer.ts'

/** A way that was tried, and what came of it. */
export interface TriedWay {
  readonly strategy: string
  readonly adaptationId: string | null
  /** Points; null where it could not be scored, or gave no answer. */
  readonly improvement: number | null
}

/** A session as its worker sees it. */
export interface StoredSession extends LearningSession {
  readonly template: string | null
  /** The way that was kept first. */
  readonly tried: readonly TriedWay[]
  readonly attempts: number
  readonly startedAt: string | null
}

/** How a session ended; it failed where there is a failure. */
export interface SessionEnd {
  readonly improved: string | null
  readonly before: Evaluation | null
  readonly after: Evaluation | null
  readonly improvement: number | null
  readonly strategy: string
  readonly tried: readonly TriedWay[]
  readonly adaptationId: string | null
  /** Ids of the examples that stood in the prompt. */
  readonly examples: readonly string[]
  readonly tags: readonly string[]
  readonly model: string | null
  readonly durationMs: number
  readonly failure: string | null
  readonly at: string
}

/** A session as it is shown. */
export function shownSession({
  template: _,
  tried: __,
  attempts: ___,
  startedAt: ____,
  ...session
}: StoredSession): LearningSession {
  return session
}
