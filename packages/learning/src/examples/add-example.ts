import { isoTime, type Tx } from '@preceptor/core/plugin'
import type { Example } from '../client/feedback.ts'
import type { FeedbackPorts } from '../ports/feedback-ports.ts'
import { upsertExample } from './example-store.ts'
import { type ExampleDraft, newExample } from './new-example.ts'

/** Adds an example; one that teaches the same is counted once more instead. Gives the one that is there now. */
export async function addExample(
  { context, heldOutShare }: Pick<FeedbackPorts, 'context' | 'heldOutShare'>,
  tx: Tx,
  draft: ExampleDraft,
): Promise<Example> {
  const { clock, ids, journal } = context
  const example = newExample(draft, { id: ids.next('exm'), at: isoTime(clock.now()), heldOutShare })
  const stored = await upsertExample(tx, example)
  if (stored.id === example.id) {
    const { id, agent, agentType, origin, about, actor, isHeldOut } = stored
    await journal.append(tx, {
      kind: 'example.added',
      subject: id,
      ...(agent === null ? {} : { agent }),
      body: { actor, agentType, origin, about: { kind: about.kind, id: about.id }, isHeldOut },
    })
  }
  return stored
}
