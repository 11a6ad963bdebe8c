import type { ExampleOperations, FeedbackOperations } from './feedback.ts'
import type { AnalyticsOperations, LearningSessionOperations } from './trainer.ts'
import type { ExperimentOperations, TrainingOperations } from './training.ts'

/** What `scope.plugin(learning)` gives. Every method checks the permission table first. */
export interface LearningOperations {
  readonly feedback: FeedbackOperations
  readonly examples: ExampleOperations
  readonly sessions: LearningSessionOperations
  readonly analytics: AnalyticsOperations
  readonly training: TrainingOperations
  readonly experiments: ExperimentOperations
}
