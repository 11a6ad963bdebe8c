import type { JsonObject, JsonValue } from '../port/json.ts'
import type { Fingerprint } from '../port/trigger.ts'
import type { Risk } from '../port/vocabulary.ts'
import type { Advice } from './advice.ts'
import type { ArgChange } from './arg-change.ts'
import type { Proposal, ProposalState } from './records.ts'

/** One part of a preview: plain data that every surface renders in its own way. All texts are plain text. */
export type PreviewBlock =
  | { readonly kind: 'kv'; readonly items: readonly PreviewItem[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'diff'; readonly before: string; readonly after: string; readonly language?: string }
  | { readonly kind: 'code'; readonly code: string; readonly language?: string }
  | { readonly kind: 'table'; readonly columns: readonly string[]; readonly rows: readonly (readonly JsonValue[])[] }
  | { readonly kind: 'money'; readonly amount: number; readonly currency: string; readonly label?: string }
  | { readonly kind: 'recipients'; readonly items: readonly string[] }
  | { readonly kind: 'link'; readonly url: string; readonly label?: string }
  | { readonly kind: 'warning'; readonly text: string }

/** A labelled value of a preview. */
export interface PreviewItem {
  readonly label: string
  readonly value: string | number | boolean | null
}

/** Everything that a person needs to decide on a proposal, as it stands at `serverTime`. */
export interface ProposalCard {
  readonly proposal: Proposal
  /** One line, at most 200 characters: that of the action, or made of its name and args. */
  readonly summary: string
  readonly risk: {
    readonly level: Risk
    /** What made it so, and what is unusual about it, one sentence each. */
    readonly reasons: readonly string[]
  }
  readonly preview: readonly PreviewBlock[]
  /** Against what this agent last ran of this action after an approval. */
  readonly changes: {
    readonly against: { readonly proposalId: string; readonly decidedAt: string } | null
    readonly entries: readonly ArgChange[]
  }
  /** What reviewers changed: from the first version to the present one. */
  readonly edits: readonly ArgChange[]
  /** JSON Pointers of the args that are masked; sent back unchanged in an edit, they keep their values. */
  readonly masked: readonly string[]
  /** What the approval is bound to, beside the args; `actionHash` of the proposal is the hash of it all. */
  readonly bound: {
    readonly agent: string
    readonly fingerprint: Fingerprint
    readonly action: string
    /** Digest of the registered action, its schema included. */
    readonly digest: string
    readonly policyVersion: number
    readonly expiresAt: string
    readonly nonce: string
    readonly version: number
  }
  /** JSON Schema of the args; null when the action takes any object. */
  readonly schema: JsonObject | null
  /** Approvals of the present version: how many it needs, and who gave one. */
  readonly approvals: { readonly required: number; readonly given: readonly string[] }
  /** Whether the caller may approve the present version now, and if not, why. */
  readonly mayDecide: { readonly allowed: boolean; readonly reason: string | null }
  /** What became of the last 20 decided proposals of this agent for this action. */
  readonly history: ProposalCardHistory
  /** The latest of the meta-agent on the present version; null without one, and for who may not read what reviewers note. */
  readonly advice: Advice | null
  /** Time of the gate: what expires is counted from here. */
  readonly serverTime: string
}

/** What became of earlier proposals of an agent for an action. */
export interface ProposalCardHistory {
  readonly decided: number
  readonly approvedUnchanged: number
  readonly edited: number
  readonly rejected: number
  /** The newest first. */
  readonly last: readonly { readonly proposalId: string; readonly state: ProposalState; readonly decidedAt: string }[]
}
