export { ERROR_CODES, type ErrorCode, type ErrorCodeEntry, isErrorCode } from './errors/error-codes.ts'
export { GovernanceError, type GovernanceErrorOptions } from './errors/governance-error.ts'
export { isCardNumber, REDACTED, redactText } from './errors/redact-text.ts'
export { isSampleSecret } from './errors/sample-secret.ts'
export type { KeyOperations, MemberOperations, WorkspaceOperations } from './port/access-operations.ts'
export type { ActionDefinition, ActionDefinitions, CataloguedAction, RegisteredAction } from './port/action.ts'
export type { AnalyticsOperations } from './port/analytics-operations.ts'
export type {
  ApprovalLink,
  ApprovalLinkRefusal,
  ApprovalLinkRequest,
  ChannelDesk,
  ChannelMessage,
  ChannelMessageKey,
  ChannelOperations,
  ChannelVisitor,
  LinkDecision,
  LinkDecisionResult,
  OpenedApprovalLink,
  RefusedApprovalLink,
} from './port/channel-operations.ts'
export type {
  ActionOperations,
  AgentOperations,
  BlockedTriggerOperations,
  BypassOperations,
  ControlPlane,
  ControlScope,
  EventOperations,
  GrantOperations,
  Health,
  JournalOperations,
  PolicyOperations,
  ProposalOperations,
  ScenarioOperations,
  StopOperations,
  TrainingProposalOperations,
  TrainingSessionOperations,
} from './port/control-plane.ts'
export type {
  Assessment,
  BypassUse,
  Decision,
  DecisionFacts,
  DeniedDecision,
  ExecutionDecision,
  GrantUse,
  ProposalDecision,
  QueueDecision,
  SupervisionDecision,
  TrainingDecision,
} from './port/decision.ts'
export { describeDecision, explainDecision } from './port/explain-decision.ts'
export type { FollowedEnds, FollowOptions } from './port/follow-ends.ts'
export type { DecideOptions, Governor, Scope, TraceCarrier } from './port/governor.ts'
export type {
  Checkpointed,
  ExecutedResult,
  GuardCall,
  GuardOptions,
  GuardResult,
  ReplayedResult,
  StoredOutcome,
  WithheldResult,
} from './port/guard.ts'
export type {
  HostPlane,
  HostScope,
  OnceRequest,
  RedeemedTicket,
  StoredAnswer,
  ViewerLook,
} from './port/host-plane.ts'
export { isInfrastructureFailure } from './port/is-infrastructure-failure.ts'
export type { JsonObject, JsonValue } from './port/json.ts'
export type { Listing } from './port/listing.ts'
export type { MetricDistribution, MetricFamily, MetricSample } from './port/metrics.ts'
export type { AlertOperations, EscalationOperations, WebhookOperations } from './port/notification-operations.ts'
export { onQueueSettled, type QueueSettledHandler, type SettledQueueState } from './port/on-queue-settled.ts'
export {
  onSettled,
  type SettledHandler,
  type SettledOptions,
  type SettledProposals,
  type SettledState,
} from './port/on-settled.ts'
export type { PlaybookOperations } from './port/playbook-operations.ts'
export { playbookText } from './port/playbook-text.ts'
export type { PluginConnection, PluginGet, PluginPort, PluginSend } from './port/plugin.ts'
export type { PresenceOperations } from './port/presence-operations.ts'
export type { Identity, Principal, PrincipalKind, Role } from './port/principal.ts'
export type { QueueOperations } from './port/queue-operations.ts'
export {
  type AdmissionRequest,
  type CallerAddress,
  type RateLimitGroup,
  rateLimitHeaders,
} from './port/rate-limits.ts'
export type {
  RemoteAnswer,
  RemoteCall,
  RemoteCheckpoint,
  RemoteCheckpointed,
  RemoteClaim,
  RemoteClaimRequest,
  RemoteEnd,
  RemoteEvents,
  RemoteGuardOperations,
} from './port/remote-guard.ts'
export { replayedResult } from './port/replayed-result.ts'
export type { ReviewerOperations, ReviewOperations } from './port/review-operations.ts'
export type { SessionOperations } from './port/session-operations.ts'
export type { StandardIssue, StandardResult, StandardSchema } from './port/standard-schema.ts'
export type { StreamTicketOperations } from './port/stream-ticket-operations.ts'
export type { Fingerprint, Trigger } from './port/trigger.ts'
export { visibleJson, visibleText } from './port/visible-text.ts'
export {
  LIFECYCLES,
  type Lifecycle,
  MATURITIES,
  type Maturity,
  RISKS,
  type Risk,
  ROUTES,
  type Route,
  SURFACES,
  type Surface,
  type TriggerSource,
  type TriggerType,
} from './port/vocabulary.ts'
export {
  type ConnectOptions,
  connectGovernor,
} from './remote/connect-governor.ts'
export { connectSocket } from './remote/connect-socket.ts'
export { pathTo } from './remote/connection.ts'
export type { StreamSubscription } from './remote/event-stream.ts'
export type {
  GovernorSocket,
  SessionWatch,
  SocketConnectOptions,
  SocketTiming,
  TopicQuery,
} from './remote/governor-socket.ts'
export type { TransportOptions } from './remote/transport.ts'
export type { WebSocketClass, WebSocketLike } from './remote/web-socket.ts'
export type {
  ApiKey,
  ApiKeyRequest,
  CreatedApiKey,
  HeartbeatAnswer,
  HeartbeatOptions,
  KeyRotation,
  Membership,
  PolicyVersion,
  Presence,
  PresenceOverride,
  PresenceSession,
  PresenceState,
  Stop,
  StopRequest,
  Workspace,
  WorkspaceRequest,
} from './resources/administration.ts'
export type { Advice, AdviceVerdict } from './resources/advice.ts'
export type {
  Agent,
  AgentChange,
  AgentQuery,
  AgentRegistration,
  ConfidenceEntry,
  MaturityTransition,
} from './resources/agent.ts'
export type { AgentReview, Reviewer, ReviewerRecord, ReviewVerdict } from './resources/agent-review.ts'
export type {
  Alert,
  AlertAudience,
  AlertCode,
  AlertPreview,
  AlertQuery,
  AlertRule,
  AlertRuleChange,
  AlertSettings,
  AlertSeverity,
  AlertThreshold,
} from './resources/alerts.ts'
export {
  ANALYTICS_OUTCOMES,
  type AnalyticsDecisionBucket,
  type AnalyticsDecisions,
  type AnalyticsMaturity,
  type AnalyticsOpen,
  type AnalyticsOutcome,
  type AnalyticsPopulation,
  type AnalyticsQuery,
  type AnalyticsRange,
  type AnalyticsReviewer,
  type AnalyticsReviewers,
  type AnalyticsRouting,
  type AnalyticsShare,
  type AnalyticsStay,
  type AnalyticsSummary,
  type AnalyticsSupervision,
  type AnalyticsSystem,
  type AnalyticsTarget,
  type AnalyticsTargetName,
  type AnalyticsTraining,
  type AnalyticsTransition,
  type AnalyticsWaiting,
  type Compared,
} from './resources/analytics.ts'
export type { ArgChange } from './resources/arg-change.ts'
export type { Bypass, BypassCover, BypassRequest, BypassState } from './resources/bypass.ts'
export type { EventQuery, EventSubscription } from './resources/events.ts'
export type {
  ArgCondition,
  Grant,
  GrantMatcher,
  GrantPreview,
  GrantPreviewRequest,
  GrantRequest,
  GrantState,
  Suggestion,
} from './resources/grants.ts'
export type {
  CreatedWebhook,
  Delivery,
  DeliveryState,
  Escalation,
  EscalationMatch,
  EscalationRequest,
  EscalationStep,
  EscalationTarget,
  Webhook,
  WebhookRequest,
  WebhookTest,
} from './resources/notifications.ts'
export type { Page, PageQuery } from './resources/page.ts'
export type {
  EffectivePlaybook,
  Playbook,
  PlaybookDeployment,
  PlaybookDeploymentQuery,
  PlaybookDeploymentRequest,
  PlaybookDeploymentState,
  PlaybookDiff,
  PlaybookDiffLine,
  PlaybookDiffQuery,
  PlaybookExample,
  PlaybookQuery,
  PlaybookRollback,
  PlaybookTest,
  PlaybookTier,
  PlaybookUse,
  PlaybookVersion,
  PlaybookVersionSummary,
  PlaybookWriting,
} from './resources/playbooks.ts'
export type {
  PolicySimulation,
  PolicySimulationOptions,
  SimulatedDifference,
  SimulatedRoute,
  SimulatedShift,
  UnjudgedReason,
} from './resources/policy-simulation.ts'
export {
  type CapabilityChoice,
  type Incident,
  type LedgerQuery,
  type PromotionExplanation,
  type PromotionGate,
  type PromotionGateName,
  TIMELINE_KINDS,
  type TimelineEntry,
  type TimelineKind,
} from './resources/promotion.ts'
export type {
  PreviewBlock,
  PreviewItem,
  ProposalCard,
  ProposalCardHistory,
} from './resources/proposal-card.ts'
export {
  type BlockedTrigger,
  type DecisionRecord,
  type ExecutionRecord,
  type JournalEntry,
  type JournalExportQuery,
  type JournalQuery,
  type JournalVerification,
  type Proposal,
  type ProposalApproval,
  type ProposalRejection,
  type ProposalResolution,
  type ProposalResponse,
  type ProposalReview,
  type ProposalState,
  QUEUE_STATES,
  type QueueEntry,
  type QueuePriority,
  type QueueResolution,
  type QueueState,
  type QueueStats,
  REJECTION_CATEGORIES,
  type RecordQuery,
  type RejectionCategory,
  type ReviewedVersion,
  type TrainingProposal,
  type Verdict,
} from './resources/records.ts'
export type {
  BatchedProposal,
  ProposalBatch,
  ProposalBatchItem,
  ProposalBatchResult,
  ProposalComment,
  ProposalExtension,
  ProposalHistoryQuery,
} from './resources/reviewing.ts'
export type {
  ShadowCounts,
  ShadowedCapability,
  ShadowedDecision,
  ShadowQuery,
  ShadowReport,
} from './resources/shadow-report.ts'
export type { StreamTicket, StreamTicketRequest } from './resources/stream-tickets.ts'
export type {
  Intervention,
  InterventionRequest,
  RunEvent,
  SessionEvent,
  SessionEventQuery,
  SessionFollowing,
  SessionRating,
  SessionStep,
  SupervisionSession,
  SupervisionSessionDetail,
  SupervisionState,
} from './resources/supervision.ts'
export type {
  BlockedTriggerQuery,
  Scenario,
  ScenarioAnswer,
  ScenarioGrader,
  ScenarioQuestion,
  ScenarioRun,
  Trainee,
  TrainingApproval,
  TrainingSession,
  TrainingSessionDetail,
  TrainingSessionState,
  TypedScore,
} from './resources/training.ts'
