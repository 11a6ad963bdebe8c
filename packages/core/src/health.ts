import type { Health } from '@preceptor/client'
import type { GovernorContext } from './context.ts'
import { ping } from './database/rows.ts'
import { inWorkspace } from './database/transaction.ts'

/** What health looks at besides the store. */
export interface HealthState {
  readonly isClosed: () => boolean
  readonly isLive: () => boolean
}

/** Whether the gate can decide now. It never throws: a store that does not answer is an answer. */
export async function health(context: GovernorContext, state: HealthState): Promise<Health> {
  const checks = {
    open: state.isClosed() ? { ok: false, message: 'The governor was closed.' } : { ok: true },
    store: await storeCheck(context),
    journal: context.journal.healthy ? { ok: true } : { ok: false, message: 'The journal cannot be written.' },
    lease: state.isLive() ? { ok: true } : { ok: false, message: 'The database was not heard from for a second.' },
  }
  return { ready: Object.values(checks).every(({ ok }) => ok), checks }
}

async function storeCheck({ database, settings }: GovernorContext): Promise<Health['checks'][string]> {
  const scope = { workspace: '*', role: 'system', deadlineMs: settings.deadlineMs } as const
  try {
    await inWorkspace(database, scope, ping)
    return { ok: true }
  } catch {
    return { ok: false, message: 'The database does not answer.' }
  }
}
