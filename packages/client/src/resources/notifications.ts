import type { Role } from '../port/principal.ts'
import type { Risk } from '../port/vocabulary.ts'

/** How a delivery stands; `cancelled` when its webhook was disabled before. */
export type DeliveryState = 'pending' | 'sending' | 'delivered' | 'failed' | 'cancelled'

/** One event on its way to one webhook. */
export interface Delivery {
  /** What the receiver sees as `webhook-id`, at every attempt: it recognises repeats by it. */
  readonly id: string
  readonly webhook: string
  /** Kind of the event. */
  readonly kind: string
  /** Place of the event in the chain of the journal. */
  readonly sequence: number
  readonly subjectId: string
  readonly state: DeliveryState
  readonly attempt: number
  /** HTTP status of the last answer. */
  readonly status: number | null
  /** Why the last attempt failed, in a word. */
  readonly error: string | null
  /** When it is tried next; null once it has ended. */
  readonly dueAt: string | null
  readonly createdAt: string
  readonly settledAt: string | null
}

/** An address that is told of events, signed as Standard Webhooks has it. */
export interface Webhook {
  readonly id: string
  readonly url: string
  readonly events: readonly string[]
  /** `disabled` once the receiver answered 410. */
  readonly state: 'active' | 'disabled'
  readonly createdBy: string
  readonly createdAt: string
  /** The newest delivery that was tried. */
  readonly lastDelivery: Delivery | null
}

/** What came of a test of a webhook. */
export interface WebhookTest {
  /** What the receiver saw as `webhook-id`. */
  readonly id: string
  readonly webhook: string
  readonly outcome: 'delivered' | 'failed'
  /** HTTP status of the answer; null where there was none. */
  readonly status: number | null
  /** Why it failed, in a word. */
  readonly error: string | null
}

/** What creates a webhook. */
export interface WebhookRequest {
  /** An https address of the public internet, or one of an origin that the host allows. */
  readonly url: string
  /** Kinds of events, such as `proposal.created`; 1 to 100. */
  readonly events: readonly string[]
}

/** A created webhook: the only time that its secret is shown. */
export interface CreatedWebhook {
  readonly webhook: Webhook
  /** `whsec_` and base64, as libraries for Standard Webhooks take it. */
  readonly secret: string
}

/** Whom a step of an escalation tells. */
export type EscalationTarget = { readonly role: Role } | { readonly user: string } | { readonly webhook: string }

/** One step of an escalation. */
export interface EscalationStep {
  /** Milliseconds after the step before it; of the first, after the proposal was made or changed. */
  readonly afterMs: number
  readonly notify: EscalationTarget
}

/** Which proposals an escalation is for; what is left out matches all. */
export interface EscalationMatch {
  readonly risks?: readonly Risk[]
  readonly action?: string
  readonly agent?: string
}

/** What creates an escalation. */
export interface EscalationRequest {
  readonly name: string
  readonly match?: EscalationMatch
  /** 1 to 10. */
  readonly steps: readonly EscalationStep[]
  /** How often it begins again after its last step, 0 to 5; default 0. */
  readonly repeat?: number
}

/** Who is told, and when, of a proposal that nobody decides. It never decides by itself. */
export interface Escalation {
  readonly id: string
  readonly name: string
  readonly match: EscalationMatch
  readonly steps: readonly EscalationStep[]
  readonly repeat: number
  readonly createdBy: string
  readonly createdAt: string
}
