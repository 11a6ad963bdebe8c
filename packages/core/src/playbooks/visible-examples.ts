import type { PlaybookDiff, PlaybookExample } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { accessOf } from '../access/authorize.ts'
import type { Operation } from '../access/permissions.ts'
import { REDACTED } from '../journal/redact-text.ts'

/** Examples as an actor may see them: what agents were asked and answered is not for viewers. */
export function visibleExamples(
  actor: Actor,
  operation: Operation,
  examples: readonly PlaybookExample[],
): readonly PlaybookExample[] {
  return accessOf(actor, operation) === 'redacted' ? examples.map(withoutTexts) : examples
}

/** A difference as an actor may see it. */
export function visibleDiff(actor: Actor, operation: Operation, diff: PlaybookDiff): PlaybookDiff {
  if (accessOf(actor, operation) !== 'redacted') return diff
  const { added, removed, changed } = diff.examples
  return {
    ...diff,
    examples: {
      added: added.map(withoutTexts),
      removed: removed.map(withoutTexts),
      changed: changed.map(({ from, to }) => ({ from: withoutTexts(from), to: withoutTexts(to) })),
    },
  }
}

function withoutTexts({ note, ...example }: PlaybookExample): PlaybookExample {
  return { ...example, input: REDACTED, output: REDACTED, ...(note !== undefined && { note: REDACTED }) }
}
