import type { ArgChange } from './arg-change.ts'

/** What the meta-agent advises on a proposal. */
export type AdviceVerdict = 'approve' | 'modify' | 'reject' | 'escalate'

/** A review of one version of a proposal by the meta-agent. It is for people to read: it decides nothing. */
export interface Advice {
  readonly id: string
  readonly proposalId: string
  readonly version: number
  /** Hash of what was reviewed. */
  readonly actionHash: string
  readonly verdict: AdviceVerdict
  /** One sentence each, at least one. */
  readonly reasons: readonly string[]
  /** With `modify`: what to change in the args. The action takes them so. */
  readonly suggestions: readonly ArgChange[]
  /** `rules`, or `model:` and its name. */
  readonly by: string
  readonly createdAt: string
}
