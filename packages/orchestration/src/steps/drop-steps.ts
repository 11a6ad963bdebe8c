import { isoTime, type Tx } from '@preceptor/core/plugin'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { journalStep } from './journal-step.ts'
import type { StepOwner } from './step.ts'
import { askedFor, cancelSteps } from './step-store.ts'
import { takeBack } from './take-back.ts'

/** Cancels open steps and takes back what they wait for; those that run here are aborted once that is committed. */
export async function dropSteps(
  ports: EnginePorts,
  tx: Tx,
  { owner, ids, reason }: { readonly owner: StepOwner; readonly ids?: readonly string[]; readonly reason: string },
): Promise<void> {
  const { context, running } = ports
  const at = isoTime(context.clock.now())
  const dropped = await cancelSteps(tx, owner, { at, ...(ids === undefined ? {} : { ids }) })
  for (const step of dropped) {
    if (step.state !== 'cancelled') continue
    await takeBack(context, tx, { ...(await askedFor(tx, step)), reason })
    if (step.trigger !== null) await journalStep(ports, tx, { step, kind: 'workflow_step.cancelled', body: { reason } })
  }
  const aborted = dropped.map(({ id }) => id)
  if (aborted.length > 0) tx.afterCommit(() => running.abort(owner, aborted))
}
