import type { JsonObject } from '@preceptor/client'
import type { EventKind, JournalDraft, Tx } from '@preceptor/core/plugin'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { StoredStep } from './step.ts'

/** Who the steps are tried by. */
export const ENGINE = 'system:workflows'

/** Something that is written down about a step. */
export interface StepNote {
  readonly step: Pick<StoredStep, 'id' | 'owner' | 'step' | 'visit' | 'attempts' | 'trigger'>
  readonly kind: EventKind
  readonly body?: JsonObject
  readonly actor?: string
}

/** Writes a row about a step; it is about what the step goes on in. */
export async function journalStep(
  { context, owners }: Pick<EnginePorts, 'context' | 'owners'>,
  tx: Tx,
  note: StepNote,
): Promise<void> {
  const { owner } = note.step
  await context.journal.append(tx, stepDraft(await owners[owner.kind].describe(tx, owner.id), note))
}

/** The row about a step, with what is said of whom it goes on in. */
export function stepDraft(
  about: Readonly<Record<string, string>>,
  { step, kind, body = {}, actor = ENGINE }: StepNote,
): JournalDraft {
  const { id, owner, step: name, visit, attempts, trigger } = step
  return {
    kind,
    subject: owner.id,
    ...(trigger === null ? {} : { agent: trigger.agent }),
    body: { actor, ...about, step: name, row: id, visit, attempts, ...body },
  }
}
