import type { Tx } from '@preceptor/core/plugin'
import type { EndedStep } from '../ports/collaboration-ports.ts'
import type { StepOwnerPort } from '../ports/engine-ports.ts'
import { holdCollaboration } from './collaboration-store.ts'

/** Collaborations, as what steps go on in. */
export function createCollaborationOwner(onStepEnded: (tx: Tx, step: EndedStep) => Promise<void>): StepOwnerPort {
  return {
    // A member whose call may have taken effect is told from one that failed by the code.
    asksOfUnknown: false,
    hold: async (tx, id) => (await holdCollaboration(tx, id))?.state === 'running',
    describe: async (_, id) => ({ collaboration: id }),
    moved: async () => undefined,
    async ended(tx, { id, owner }, end) {
      const ended =
        end.state === 'succeeded' ? { output: end.output, failure: null } : { output: null, failure: end.failure }
      await onStepEnded(tx, { id, ownerId: owner.id, state: end.state, ...ended })
      // What follows was woken by whoever asked for it.
      return []
    },
  }
}
