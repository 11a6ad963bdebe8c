import type { PolicyVersion, Stop, StopRequest } from '../resources/administration.ts'
import type { Advice } from '../resources/advice.ts'
import type {
  Agent,
  AgentChange,
  AgentQuery,
  AgentRegistration,
  ConfidenceEntry,
  MaturityTransition,
} from '../resources/agent.ts'
import type { AgentReview } from '../resources/agent-review.ts'
import type { Bypass, BypassRequest } from '../resources/bypass.ts'
import type { EventQuery, EventSubscription } from '../resources/events.ts'
import type { Grant, GrantPreview, GrantPreviewRequest, GrantRequest, Suggestion } from '../resources/grants.ts'
import type { Page, PageQuery } from '../resources/page.ts'
import type { PolicySimulation, PolicySimulationOptions } from '../resources/policy-simulation.ts'
import type {
  CapabilityChoice,
  Incident,
  LedgerQuery,
  PromotionExplanation,
  TimelineEntry,
} from '../resources/promotion.ts'
import type { ProposalCard } from '../resources/proposal-card.ts'
import type {
  BlockedTrigger,
  DecisionRecord,
  JournalEntry,
  JournalExportQuery,
  JournalQuery,
  JournalVerification,
  Proposal,
  ProposalApproval,
  ProposalRejection,
  ProposalResolution,
  ProposalResponse,
  RecordQuery,
  TrainingProposal,
} from '../resources/records.ts'
import type {
  ProposalBatch,
  ProposalBatchResult,
  ProposalComment,
  ProposalExtension,
  ProposalHistoryQuery,
} from '../resources/reviewing.ts'
import type { ShadowQuery, ShadowReport } from '../resources/shadow-report.ts'
import type {
  BlockedTriggerQuery,
  Scenario,
  ScenarioAnswer,
  TrainingApproval,
  TrainingSession,
  TrainingSessionDetail,
  TypedScore,
} from '../resources/training.ts'
import type { KeyOperations, MemberOperations, WorkspaceOperations } from './access-operations.ts'
import type { CataloguedAction } from './action.ts'
import type { AnalyticsOperations } from './analytics-operations.ts'
import type { Decision } from './decision.ts'
import type { Governor, Scope } from './governor.ts'
import type { JsonObject } from './json.ts'
import type { Listing } from './listing.ts'
import type { AlertOperations, EscalationOperations, WebhookOperations } from './notification-operations.ts'
import type { PlaybookOperations } from './playbook-operations.ts'
import type { PluginPort } from './plugin.ts'
import type { PresenceOperations } from './presence-operations.ts'
import type { Identity } from './principal.ts'
import type { QueueOperations } from './queue-operations.ts'
import type { ReviewerOperations, ReviewOperations } from './review-operations.ts'
import type { SessionOperations } from './session-operations.ts'
import type { StreamTicketOperations } from './stream-ticket-operations.ts'
import type { Maturity, Surface } from './vocabulary.ts'

/** A governor that also administers, embedded or remote: what the MCP server and the command line stand on. */
export interface ControlPlane extends Governor {
  as(identity: Identity, surface?: Surface): ControlScope
  /** Whether the gate can decide now: the store answers, the journal is written, the schema fits. */
  health(): Promise<Health>
}

/** Health of the gate. */
export interface Health {
  readonly ready: boolean
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly message?: string }>>
}

/** The control plane, bound to a principal in a workspace. Every method checks the permission table first. */
export interface ControlScope extends Scope {
  readonly actions: ActionOperations
  readonly agents: AgentOperations
  readonly decisions: { get(id: string): Promise<DecisionRecord> }
  readonly blockedTriggers: BlockedTriggerOperations
  readonly trainingProposals: TrainingProposalOperations
  readonly trainingSessions: TrainingSessionOperations
  readonly scenarios: ScenarioOperations
  readonly playbooks: PlaybookOperations
  readonly proposals: ProposalOperations
  readonly grants: GrantOperations
  readonly reviews: ReviewOperations
  readonly reviewers: ReviewerOperations
  readonly sessions: SessionOperations
  readonly queue: QueueOperations
  readonly policies: PolicyOperations
  readonly analytics: AnalyticsOperations
  readonly journal: JournalOperations
  readonly events: EventOperations
  readonly streamTickets: StreamTicketOperations
  readonly keys: KeyOperations
  readonly stops: StopOperations
  readonly bypasses: BypassOperations
  readonly members: MemberOperations
  readonly workspaces: WorkspaceOperations
  readonly presence: PresenceOperations
  readonly webhooks: WebhookOperations
  readonly escalations: EscalationOperations
  readonly alerts: AlertOperations
  /**
   * What a plugin adds, such as `scope.plugin(learning)`.
   *
   * @throws GovernanceError `PLUGIN_MISSING` when this governor was opened without it; a remote one is only asked.
   */
  plugin<Operations extends object>(port: PluginPort<Operations>): Operations
}

/** The catalogue of actions; `registerActions` adds to it. */
export interface ActionOperations {
  list(query?: PageQuery): Promise<Page<CataloguedAction>>
}

/** Agents and what they have earned. */
export interface AgentOperations {
  register(registration: AgentRegistration): Promise<Agent>
  get(id: string): Promise<Agent>
  list(query?: AgentQuery): Promise<Page<Agent>>
  change(id: string, change: AgentChange): Promise<Agent>
  pause(id: string, reason: string): Promise<Agent>
  resume(id: string, reason: string): Promise<Agent>
  stop(id: string, reason: string): Promise<Agent>
  retire(id: string, reason: string): Promise<Agent>
  /** One step up, by an administrator who is not the owner; at a capability where the policy of trust is `capability`. */
  promote(id: string, reason: string, at?: CapabilityChoice): Promise<Agent>
  /** Any number of steps down, at once: at a capability, or wherever the agent is above the level. */
  demote(id: string, to: Maturity, reason: string, at?: CapabilityChoice): Promise<Agent>
  /** Records an incident: confidence falls and the agent is demoted by at least one step. */
  recordIncident(id: string, reason: string): Promise<Agent>
  /** Accepts the present build of the agent. */
  attest(id: string, reason: string): Promise<Agent>
  confidence(id: string, query?: LedgerQuery): Promise<Page<ConfidenceEntry>>
  transitions(id: string, query?: LedgerQuery): Promise<Page<MaturityTransition>>
  /** What the agent lacks for its next level: every gate, its value, its target, and what would do. */
  promotion(id: string, at?: CapabilityChoice): Promise<PromotionExplanation>
  incidents(id: string, query?: PageQuery): Promise<Page<Incident>>
  /** What became of the agent, newest first: levels, incidents, training, attestations, lifecycle. */
  timeline(id: string, query?: PageQuery): Promise<Page<TimelineEntry>>
  /** Sessions of the agent, newest first. */
  trainingHistory(id: string, query?: PageQuery): Promise<Page<TrainingSession>>
  /** Closes an incident that was dealt with; while one is open, a student does not become an intern. @throws GovernanceError `NOT_FOUND`. */
  closeIncident(id: string, incident: string, reason: string): Promise<Incident>
  /** What its record suggests: a grant for what is always approved, or a promotion. */
  suggestions(id: string): Promise<{ readonly items: readonly Suggestion[] }>
}

/** Attempts that were blocked. */
export interface BlockedTriggerOperations {
  /** @throws GovernanceError `NOT_FOUND`. */
  get(id: string): Promise<BlockedTrigger>
  list(query?: BlockedTriggerQuery): Promise<Page<BlockedTrigger>>
  /**
   * Makes the same attempt again as the one who asked, and resolves the record with what was decided.
   *
   * @throws GovernanceError `CONFLICT` when it was resolved, or when the agent would be blocked or denied again; `NOT_FOUND`,
   * `PERMISSION_DENIED`.
   */
  retry(id: string): Promise<{ readonly blockedTrigger: BlockedTrigger; readonly decision: Decision }>
}

/** Courses that were proposed; the first decision stands. */
export interface TrainingProposalOperations extends Listing<TrainingProposal> {
  /** Schedules a session. @throws GovernanceError `CONFLICT` when it was decided, `PERMISSION_DENIED` for the owner, `NOT_FOUND`. */
  approve(id: string, approval?: TrainingApproval): Promise<TrainingProposal>
  /** @throws GovernanceError as `approve`. */
  reject(id: string, reason: string): Promise<TrainingProposal>
  /**
   * Lets the meta-agent design the course anew from what was blocked: objectives, steps, scenarios. The hours stay those of the estimate.
   *
   * @throws GovernanceError as `approve`.
   */
  design(id: string): Promise<TrainingProposal>
}

/** Sessions of training. A worker that has the agent at hand runs them; without one, answers are entered by hand. */
export interface TrainingSessionOperations {
  /** With its scenarios. @throws GovernanceError `NOT_FOUND`. */
  get(id: string): Promise<TrainingSessionDetail>
  list(query?: RecordQuery): Promise<Page<TrainingSession>>
  /** @throws GovernanceError `CONFLICT` when it is not scheduled. */
  start(id: string): Promise<TrainingSession>
  /** Takes effect before the next scenario. @throws GovernanceError `CONFLICT`. */
  pause(id: string): Promise<TrainingSession>
  /** @throws GovernanceError `CONFLICT` when it is not paused. */
  resume(id: string): Promise<TrainingSession>
  /** @throws GovernanceError `CONFLICT` when it has ended. */
  cancel(id: string, reason: string): Promise<TrainingSession>
  /**
   * Enters an answer, or the score of one that waits for a person; the last score completes the session.
   *
   * @throws GovernanceError `CONFLICT` when it is not in progress, has the answer or the score already; `PERMISSION_DENIED`
   * for the owner of the agent, and for a score by anybody but a person; `NOT_FOUND`.
   */
  answer(id: string, answer: ScenarioAnswer): Promise<TrainingSessionDetail>
  /**
   * Completes a session of which every scenario has a score, once; or by the score that a human trainer types.
   *
   * @throws GovernanceError `CONFLICT` when scenarios lack a score or it has ended, `PERMISSION_DENIED`, `NOT_FOUND`.
   */
  complete(id: string, typed?: TypedScore): Promise<TrainingSession>
}

/** The scenarios that training sessions are made of. */
export interface ScenarioOperations {
  /** The newest version of each, by id. */
  list(query?: PageQuery): Promise<Page<Scenario>>
  /** Adds versions to the workspace. @throws GovernanceError `CONFLICT` for other content under a version that is there. */
  import(scenarios: readonly Scenario[]): Promise<{ readonly imported: number }>
}

/** Proposals, and what people decide on them; the first decision stands. */
export interface ProposalOperations extends Listing<Proposal> {
  /**
   * Approves a version, by the hash that was shown; with other `args` the reviewer makes the next version and approves
   * that; an arg that was shown masked and is sent back as it was keeps its value. The action may run once as many people as it needs have approved the same version.
   *
   * @throws GovernanceError `PROPOSAL_DECIDED`, `PROPOSAL_CHANGED`, `PERMISSION_DENIED`, `ARGS_INVALID`, `NOT_FOUND`.
   */
  approve(id: string, approval: ProposalApproval): Promise<Proposal>
  /** Rejects it for good, whoever else approved. @throws GovernanceError as `approve`. */
  reject(id: string, rejection: ProposalRejection): Promise<Proposal>
  /** Answers in the place of the action, which then never runs. @throws GovernanceError as `approve`. */
  respond(id: string, response: ProposalResponse): Promise<Proposal>
  /** Takes back what has not begun to run. @throws GovernanceError `PROPOSAL_DECIDED`, `PERMISSION_DENIED`, `NOT_FOUND`. */
  cancel(id: string, reason: string): Promise<Proposal>
  /** Reads everything that a person needs to decide. @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`. */
  card(id: string): Promise<ProposalCard>
  /**
   * Asks the meta-agent for advice on the present version. It is stored and stands on the card; nothing follows from it.
   *
   * @throws GovernanceError `PROPOSAL_DECIDED`, `PROPOSAL_CHANGED` when it changed while it was reviewed,
   * `PERMISSION_DENIED`, `NOT_FOUND`.
   */
  advise(id: string): Promise<Advice>
  /**
   * Asks an autonomous reviewer about the present version, once; asked again, it answers with the same review. It decides
   * only of safe or medium risk, and where its record lets it; whatever else it says is left to people.
   *
   * @throws GovernanceError `CONFLICT` when no reviewer may look at it, `LIMIT_EXCEEDED` when they were asked too often,
   * `PROPOSAL_DECIDED`, `PERMISSION_DENIED`, `NOT_FOUND`.
   */
  review(id: string): Promise<AgentReview>
  /** What it advised on any version, newest first. @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`. */
  advices(id: string, query?: PageQuery): Promise<Page<Advice>>
  /** Says what came of a run whose outcome is unknown. @throws GovernanceError `CONFLICT`, `PERMISSION_DENIED`, `NOT_FOUND`. */
  resolve(id: string, resolution: ProposalResolution): Promise<Proposal>
  /**
   * Decides on several proposals that are alike, each by itself: one that is refused stands with its problem in the
   * answer and keeps no other back.
   *
   * @throws GovernanceError `INPUT_INVALID` when they are not alike, too many or too risky, and then nothing is decided;
   * `PERMISSION_DENIED`, `NOT_FOUND`.
   */
  batch(batch: ProposalBatch): Promise<ProposalBatchResult>
  /**
   * Gives more time: the next version, with the same args and a later expiry. The expiry is part of what is approved, so
   * that approvals given so far count no more.
   *
   * @throws GovernanceError `PROPOSAL_DECIDED`, `PROPOSAL_CHANGED`, `PERMISSION_DENIED`, `NOT_FOUND`, `INPUT_INVALID`.
   */
  extend(id: string, extension: ProposalExtension): Promise<Proposal>
  /**
   * Says who is to decide: a supervisor or administrator of the workspace who may; null leaves it to all of them.
   *
   * @throws GovernanceError `INPUT_INVALID`, `PROPOSAL_DECIDED`, `PERMISSION_DENIED`, `NOT_FOUND`.
   */
  assign(id: string, to: string | null): Promise<Proposal>
  /** Says that the caller is looking: escalation stops, the expiry stays. @throws GovernanceError as `assign`. */
  acknowledge(id: string): Promise<Proposal>
  /** Lets escalation wait, until the expiry at most (ISO 8601). @throws GovernanceError as `assign`. */
  snooze(id: string, until: string): Promise<Proposal>
  /** Leaves a note for the other reviewers, of 1 to 4,000 characters. Agents never see it. @throws GovernanceError as `assign`. */
  comment(id: string, text: string): Promise<ProposalComment>
  /** The notes of reviewers, oldest first. @throws GovernanceError `PERMISSION_DENIED`, `NOT_FOUND`, `INPUT_INVALID`. */
  comments(id: string, query?: PageQuery): Promise<Page<ProposalComment>>
  /**
   * What was decided on the proposals of an agent, newest first: everything that is not pending any more.
   *
   * @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, `INPUT_INVALID`.
   */
  history(agent: string, query?: ProposalHistoryQuery): Promise<Page<Proposal>>
}

/** Grants: approvals ahead of time, for so many runs with args like these. */
export interface GrantOperations extends Listing<Grant> {
  /**
   * Says which of the last 100 proposals of an agent and action a grant would have let run.
   *
   * @throws GovernanceError `INPUT_INVALID`, `NOT_FOUND`, `PERMISSION_DENIED`.
   */
  preview(request: GrantPreviewRequest): Promise<GrantPreview>
  /**
   * Makes a grant: by a person who may approve the action, for what one approval lets run, for 7 days at most.
   *
   * @throws GovernanceError `GRANT_REFUSED` for critical risk, for more than one approval, and for an agent that is
   * trained or runs without approval, `ACTION_UNKNOWN`, `ACTION_AMBIGUOUS`, `INPUT_INVALID`, `NOT_FOUND`,
   * `PERMISSION_DENIED`.
   */
  create(request: GrantRequest): Promise<Grant>
  /** Ends a grant for good. @throws GovernanceError `CONFLICT` when it was revoked before, `NOT_FOUND`, `PERMISSION_DENIED`. */
  revoke(id: string, reason: string): Promise<Grant>
}

/** The policy document and its versions. */
export interface PolicyOperations {
  current(): Promise<PolicyVersion>
  list(query?: PageQuery): Promise<Page<PolicyVersion>>
  /** Writes the next version; `basedOn` is the version that the caller read. */
  put(document: JsonObject, options: { readonly basedOn: number; readonly reason: string }): Promise<PolicyVersion>
  /**
   * Says what a document would have changed of the last days' decisions, by the code that decides and without any effect.
   *
   * @throws GovernanceError `POLICY_INVALID` as `put`, `INPUT_INVALID`, `PERMISSION_DENIED`.
   */
  simulate(document: JsonObject, options?: PolicySimulationOptions): Promise<PolicySimulation>
  /**
   * Says what enforcing would have done to what ran in shadow, by capability, agent and action.
   *
   * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`.
   */
  shadow(query?: ShadowQuery): Promise<ShadowReport>
}

/** The journal. */
export interface JournalOperations {
  /**
   * Lists rows, newest first, or with `after` in the order of the chain.
   *
   * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
   */
  list(query?: JournalQuery): Promise<Page<JournalEntry>>
  verify(): Promise<JournalVerification>
  /**
   * Exports the sealed rows in the order of the chain, as pieces of text, read as they are asked for; it is journalled.
   *
   * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
   */
  export(query?: JournalExportQuery): Promise<AsyncIterable<string>>
}

/** What happens, as it happens. */
export interface EventOperations {
  /**
   * Follows the journal from a place on, without missing or repeating a row: whoever may list a row is told of it. The
   * subscription has its position as soon as it is there; iterating it throws the code of a fault, and
   * `GOVERNOR_CLOSED` when the governor is closed.
   *
   * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
   */
  subscribe(query?: EventQuery): Promise<EventSubscription>
}

/** Kill switches. */
export interface StopOperations {
  set(request: StopRequest): Promise<Stop>
  list(query?: PageQuery): Promise<Page<Stop>>
  lift(id: string, reason: string): Promise<Stop>
}

/** Emergency overrides: each ends by itself, and no stop is passed under one. */
export interface BypassOperations {
  /** Sets one, by an administrator in person. @throws GovernanceError `BYPASS_REFUSED`, `NOT_FOUND`, `INPUT_INVALID`. */
  set(request: BypassRequest): Promise<Bypass>
  list(query?: PageQuery): Promise<Page<Bypass>>
  /** Ends one before its time, by any administrator. @throws GovernanceError `NOT_FOUND`, `CONFLICT`. */
  lift(id: string, reason: string): Promise<Bypass>
}
