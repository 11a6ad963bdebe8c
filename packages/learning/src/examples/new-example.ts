import type { About, Example } from '../client/feedback.ts'
import { contentHash, isHeldOut, questionHash } from './content-hash.ts'

/** An example that is to be added: its texts are redacted. */
export interface ExampleDraft
  extends Pick<Example, 'agent' | 'agentType' | 'input' | 'output' | 'correction' | 'tags' | 'origin' | 'actor'> {
  readonly about: About
}

/** The example of a draft: whether it is held out is settled here, for good. */
export function newExample(
  draft: ExampleDraft,
  { id, at, heldOutShare }: { readonly id: string; readonly at: string; readonly heldOutShare: number },
): Example {
  return {
    ...draft,
    id,
    contentHash: contentHash(draft),
    isHeldOut: isHeldOut(questionHash(draft), heldOutShare),
    appliedBy: null,
    occurrences: 1,
    createdAt: at,
  }
}
