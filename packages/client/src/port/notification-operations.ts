import type {
  Alert,
  AlertAudience,
  AlertCode,
  AlertPreview,
  AlertQuery,
  AlertRule,
  AlertRuleChange,
  AlertSettings,
  AlertSeverity,
} from '../resources/alerts.ts'
import type {
  CreatedWebhook,
  Delivery,
  Escalation,
  EscalationRequest,
  Webhook,
  WebhookRequest,
  WebhookTest,
} from '../resources/notifications.ts'
import type { Page, PageQuery } from '../resources/page.ts'

/** Webhooks: addresses that are told of events, at least once each. */
export interface WebhookOperations {
  /** Creates one and shows its secret, this once. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
  create(request: WebhookRequest): Promise<CreatedWebhook>
  list(query?: PageQuery): Promise<Page<Webhook>>
  /** @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`. */
  get(id: string): Promise<Webhook>
  /** Removes it with its secret and deliveries. @throws GovernanceError `CONFLICT` while an escalation names it, `NOT_FOUND`. */
  remove(id: string): Promise<Webhook>
  /** What it was told, newest first. @throws GovernanceError `NOT_FOUND`. */
  deliveries(id: string, query?: PageQuery): Promise<Page<Delivery>>
  /** Sends what has ended once more, with the same id. @throws GovernanceError `CONFLICT`, `NOT_FOUND`. */
  replay(id: string, delivery: string): Promise<Delivery>
  /** Sends a signed message of the type `webhook.test` at once, as a delivery goes. @throws GovernanceError `CONFLICT` for a disabled one, `NOT_FOUND`. */
  test(id: string): Promise<WebhookTest>
}

/** Escalations: who is told, step by step, of proposals that nobody decides. */
export interface EscalationOperations {
  /** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
  create(request: EscalationRequest): Promise<Escalation>
  list(query?: PageQuery): Promise<Page<Escalation>>
  /** @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`. */
  remove(id: string): Promise<Escalation>
}

/** Alerts: what is wrong; at most one is open for one thing. */
export interface AlertOperations {
  /** Newest first. */
  list(query?: AlertQuery): Promise<Page<Alert>>
  /** Says that the caller looks at it. @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`. */
  acknowledge(id: string): Promise<Alert>
  /** Lets the same not be raised again until a time (ISO 8601). @throws GovernanceError `INPUT_INVALID`, `NOT_FOUND`. */
  mute(id: string, until: string): Promise<Alert>
  /** The rule of every code, and who is told from which severity on. @throws GovernanceError `PERMISSION_DENIED`. */
  settings(): Promise<AlertSettings>
  /**
   * Changes a rule; it counts from the next look on.
   *
   * @throws GovernanceError `CONFLICT` when somebody changed it since, `INPUT_INVALID` naming the bounds,
   * `PERMISSION_DENIED`.
   */
  changeRule(code: AlertCode, change: AlertRuleChange): Promise<AlertRule>
  /** Says what a rule would raise now; nothing is raised. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
  previewRule(code: AlertCode, change: Pick<AlertRuleChange, 'thresholds'>): Promise<AlertPreview>
  /**
   * Says from which severity on a channel or webhook is told of alerts; `info` is all of them, and nobody can be kept from
   * those that are critical.
   *
   * @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`.
   */
  tell(target: string, from: AlertSeverity): Promise<AlertAudience>
}
