import { type AccessContext, cancelEntryIn, cancelProposalIn, type Tx } from '@preceptor/core/plugin'
import { engineActor } from './engine-actor.ts'
import { ENGINE } from './journal-step.ts'

/** Takes back what a step waits for, where that is still open. */
export async function takeBack(
  context: AccessContext,
  tx: Tx,
  {
    proposalId,
    queueEntryId,
    reason,
  }: { readonly proposalId: string | null; readonly queueEntryId: string | null; readonly reason: string },
): Promise<void> {
  if (proposalId !== null) await cancelProposalIn(context, tx, { id: proposalId, by: ENGINE, reason })
  if (queueEntryId !== null)
    await cancelEntryIn(context, tx, { id: queueEntryId, actor: engineActor(tx.workspace), reason })
}
