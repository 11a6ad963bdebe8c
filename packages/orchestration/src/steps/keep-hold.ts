import { GovernanceError } from '@preceptor/client'
import { inWorkspace, isoTime } from '@preceptor/core/plugin'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { HOLD_MS } from './hold.ts'
import type { StoredStep } from './step.ts'
import { keepStep } from './step-store.ts'

const EVERY_MS = 5_000

/** Holds a step while it is tried: renews the claim, and aborts the try once the step was cancelled or claimed by another. */
export function keepHold(
  ports: EnginePorts,
  { workspace, step }: { readonly workspace: string; readonly step: StoredStep },
): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  const remove = ports.running.add(step.owner, step.id, controller)
  const { clock, database } = ports.context
  const renew = async (): Promise<void> => {
    const until = isoTime(clock.now() + HOLD_MS)
    const isHeld = await inWorkspace(database, { workspace, deadlineMs: EVERY_MS }, (tx) => keepStep(tx, step, until))
    if (!isHeld)
      controller.abort(new GovernanceError('RUN_ABORTED', { message: 'The step is in other hands, or was cancelled.' }))
  }
  const timer = setInterval(() => {
    // A database that does not answer now is asked again; until then the claim of the action proves what it may do.
    renew().catch(() => undefined)
  }, EVERY_MS)
  return {
    signal: controller.signal,
    end() {
      clearInterval(timer)
      remove()
    },
  }
}
