import type { JsonObject } from '@preceptor/client'
import { isoTime } from '../kernel/clock.ts'
import { canonicalText } from './canonical-text.ts'
import type { EventKind } from './event-kinds.ts'
import type { NewJournalRow } from './store.ts'

/** What happened, before it has an id. */
export interface JournalDraft {
  readonly kind: EventKind
  /** Id of what it happened to. */
  readonly subject: string
  /** Id of the agent that it concerns. */
  readonly agent?: string
  /** Plain facts, with `actor`; no secret and no raw args. */
  readonly body: JsonObject
}

/** The row of a draft that happened at the given time, in milliseconds since the epoch. */
export function toJournalRow(draft: JournalDraft, id: string, recordedAt: number): NewJournalRow {
  return {
    id,
    kind: draft.kind,
    subject: draft.subject,
    agent: draft.agent ?? null,
    body: canonicalText(draft.body),
    recordedAt: isoTime(recordedAt),
  }
}
