import { updateLifecycle } from '../agents/store.ts'
import { raiseAlert } from '../alerts/raise-alert.ts'
import type { AgentFailure, GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { windowStart } from '../kernel/windows.ts'
import { newestPolicyDocument } from '../policy/newest-policy-document.ts'
import type { Breaker } from '../policy/policy-document.ts'
import { addFailure, forgetFailures } from './breaker-store.ts'

const ACTOR = 'system:breaker'

type BreakerContext = Pick<GovernorContext, 'database' | 'clock' | 'ids' | 'journal' | 'report' | 'settings'>

/**
 * Counts a failure or refusal of an agent where the policy has a breaker, and pauses the agent at the last one it is let
 * have: a person resumes it. What failed is on record already; a count that cannot be made is told to the host's log.
 */
export async function countFailure(context: BreakerContext, { workspace, agent }: AgentFailure): Promise<void> {
  const options = { workspace, deadlineMs: context.settings.deadlineMs, retry: true }
  try {
    await inWorkspace(context.database, options, async (tx) => {
      const { breaker } = await newestPolicyDocument(tx)
      if (breaker !== undefined) await countIn(context, tx, { agent, breaker })
    })
  } catch (error) {
    const message = `A failure of "${agent}" could not be counted: ${String(error)}`
    context.report({ level: 'error', code: 'STORE_UNAVAILABLE', message })
  }
}

async function countIn(
  context: BreakerContext,
  tx: Tx,
  { agent, breaker }: { readonly agent: string; readonly breaker: Breaker },
): Promise<void> {
  const now = context.clock.now()
  const counter = { agent, windowStart: isoTime(windowStart(breaker.per, now)) }
  const count = await addFailure(tx, counter)
  if (count < breaker.failures) return
  const move = { from: ['active'], to: 'paused', at: isoTime(now) } as const
  if (!(await updateLifecycle(tx, agent, move))) return
  // Who resumes it gives it a new chance.
  await forgetFailures(tx, counter)
  const reason = `Paused by its breaker: ${count} failures or refusals within one ${breaker.per}.`
  await context.journal.append(tx, { kind: 'agent.paused', subject: agent, agent, body: { actor: ACTOR, reason } })
  await raiseAlert(context, tx, { code: 'BREAKER_OPEN', subject: agent, agent, message: reason })
}
