import type { JournalEntry } from './records.ts'

/** From where events are followed, and until when. */
export interface EventQuery {
  /** The sequence after which it begins, such as `position` of the subscription before; default: the present end. */
  readonly after?: number
  /** What is heard on `workspace`, `agent:{id}`, `proposal:{id}`, `user:{id}`, `workflow:{id}` or `learning:{agentType}` only. */
  readonly topic?: string
  /** Ends the iteration when it aborts; without one, `break` ends it. */
  readonly signal?: AbortSignal
}

/** Sealed rows of the journal as they come, in the order of the chain; it is iterated once. */
export interface EventSubscription extends AsyncIterable<JournalEntry> {
  /** Every row up to this sequence was handed over, if the reader may see it: what a later subscription begins after. */
  readonly position: number
}
