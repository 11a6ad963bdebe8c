export { AGENT_TYPES, type AgentType } from './agent-type.ts'
export {
  type About,
  type AboutKind,
  type AgentInsights,
  type AgentMetrics,
  type Example,
  type ExampleExport,
  type ExampleImport,
  type ExampleOperations,
  type ExampleQuery,
  FEEDBACK_KINDS,
  type Feedback,
  type FeedbackKind,
  type FeedbackOperations,
  type FeedbackQuery,
  type FeedbackRequest,
  type TrainingOpportunity,
} from './client/feedback.ts'
export { learning } from './client/learning.ts'
export type { LearningOperations } from './client/learning-operations.ts'
export type {
  Adaptation,
  AnalyticsOperations,
  CrossSuggestion,
  LearningDashboard,
  LearningExport,
  LearningHealth,
  LearningSession,
  LearningSessionOperations,
  LearningSessionQuery,
  LearningSessionRequest,
  LearningStatistics,
  Prediction,
  ResponseFormat,
  SessionMode,
  Trend,
  TypeStatistics,
} from './client/trainer.ts'
export type {
  Experiment,
  ExperimentOperations,
  ExperimentRequest,
  ExperimentSubject,
  PairedResult,
  TrainingOperations,
  TrainingRequest,
  TrainingRun,
} from './client/training.ts'
export { createLearning, type LearningOptions } from './create-learning.ts'
export { createEvaluators, type Evaluators } from './evaluation/create-evaluators.ts'
export { COMMON_CRITERIA } from './evaluation/criteria.ts'
export { type EvaluationTools, evaluatePair, evaluateResponse } from './evaluation/evaluate-response.ts'
export type {
  CriterionScore,
  Evaluation,
  EvaluationRequest,
  EvaluationSubject,
  Evaluator,
  Rating,
} from './evaluation/evaluation.ts'
export { type RubricOptions, rubricEvaluator } from './evaluation/rubric-evaluator.ts'
export { createFormats, type Formats } from './formats/create-formats.ts'
export type { Format } from './formats/format.ts'
export { type Improvement, type ImprovementTools, improveResponse } from './improvement/improve-response.ts'
export {
  type CachedModelOptions,
  createModelCache,
  type ModelCache,
  type ModelCacheOptions,
  type ModelCacheStats,
} from './models/model-cache.ts'
export {
  type EvaluatedPair,
  openTrainerParts,
  type TrainerCall,
  type TrainerParts,
} from './options/open-trainer-parts.ts'
export type { TrainerOptions, TrainerSettings } from './options/trainer-options.ts'
export type { Check, CheckFinding, CheckKind, CheckResult, CheckSubject } from './strategies/checks/check.ts'
export { createStrategies, type Strategies } from './strategies/create-strategies.ts'
export type {
  Criterion,
  ImprovementWork,
  PromptSection,
  Strategy,
  StrategyPrompt,
  WorkExample,
} from './strategies/strategy.ts'
export { createTemplates, type Templates } from './templates/create-templates.ts'
export type { Template } from './templates/template.ts'
