export { GovernanceError, type GovernanceErrorOptions } from '@preceptor/client'
export { defineActions } from './actions/define-actions.ts'
export type { Report } from './context.ts'
export type { LoginRole } from './database/login-role.ts'
export type { DatabasePlace } from './database-place.ts'
export { applySchema, readSchema, type SchemaStatus } from './database-schema.ts'
export { createGovernor, type EmbeddedGovernor } from './governor.ts'
export type { JobTelemetry } from './jobs/backend.ts'
export type { JobHost } from './jobs/job-host.ts'
export type { FailingJob } from './jobs/read-queues.ts'
export type { StuckKind, StuckWork } from './jobs/stuck-store.ts'
export type { CheckpointOptions } from './journal/checkpoints/checkpoint-options.ts'
export type { CheckpointLine, CheckpointStore } from './journal/checkpoints/checkpoint-store.ts'
export { createFileCheckpoints } from './journal/checkpoints/file-checkpoints.ts'
export type { JournalCheckpoint } from './journal/checkpoints/journal-checkpoint.ts'
export type { CheckpointResult } from './journal/checkpoints/take-checkpoint.ts'
export { type ExportVerification, verifyExportedJournal } from './journal/export/verify-export.ts'
export { replayJournal } from './journal/replay/replay-journal.ts'
export type {
  ReplayedAgent,
  ReplayedExecution,
  ReplayedItem,
  ReplayedProposal,
  ReplayedRecord,
  ReplayedSession,
  ReplayedWorkspace,
} from './journal/replay/replayed-state.ts'
export type { ChatMessage, ChatModel } from './models/chat-model.ts'
export type { Notification, NotificationChannel } from './notifications/notification.ts'
export type { GovernorOptions } from './options.ts'
export { comparePolicies, type PolicyChange, type PolicyEffect } from './policy/compare-policies.ts'
export { definePolicy } from './policy/parse-policy.ts'
export type {
  ActionRule,
  Breaker,
  Limit,
  MatrixName,
  PolicyDocument,
  ReviewLimit,
} from './policy/policy-document.ts'
export { policyJsonSchema } from './policy/policy-json-schema.ts'
export { type PolicyProblem, type PolicyReading, readPolicyDocument } from './policy/policy-problems.ts'
export type { QueueTurn } from './queue/run-queue.ts'
export { type RedisServer, readRedisServer } from './redis-server.ts'
export {
  type MeasuredRate,
  type MeasureReviewerOptions,
  measureReviewer,
  type ReviewerErrors,
  type ReviewerMeasurement,
} from './review/measure/measure-reviewer.ts'
export type { ReviewerBinding } from './review/reviewer-binding.ts'
export type { Settings } from './settings.ts'
export {
  checkpointStoredJournals,
  type StoredJournalOptions,
  verifyStoredJournal,
  verifyStoredJournals,
} from './stored-journal.ts'
export { readDatabaseRole } from './stored-role.ts'
export { readWork, type WorkPlace, type WorkState } from './stored-work.ts'
