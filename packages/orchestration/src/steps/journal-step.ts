import type { JsonObject } from '@preceptor/client'
import type { EventKind, Tx } from '@preceptor/core/plugin'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { StoredStep } from './step.ts'

/** Who the steps are tried by. */
export const ENGINE = 'system:workflows'

/** Writes a row about a step; it is about what the step goes on in. */
export async function journalStep(
  { context, owners }: Pick<EnginePorts, 'context' | 'owners'>,
  tx: Tx,
  {
    step,
    kind,
    body = {},
    actor = ENGINE,
  }: {
    readonly step: Pick<StoredStep, 'id' | 'owner' | 'step' | 'visit' | 'attempts' | 'trigger'>
    readonly kind: EventKind
    readonly body?: JsonObject
    readonly actor?: string
  },
): Promise<void> {
  const { id, owner, step: name, visit, attempts, trigger } = step
  await context.journal.append(tx, {
    kind,
    subject: owner.id,
    ...(trigger === null ? {} : { agent: trigger.agent }),
    body: {
      actor,
      ...(await owners[owner.kind].describe(tx, owner.id)),
      step: name,
      row: id,
      visit,
      attempts,
      ...body,
    },
  })
}
