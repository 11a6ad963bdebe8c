import { GovernanceError } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import type { ChangesSince } from '../routing/guard.ts'
import type { Change, Lease } from '../routing/lease.ts'
import { parseAgentFacts } from '../routing/parse-facts.ts'
import { stopFor } from '../routing/stop-for.ts'
import { readFacts } from '../routing/store.ts'
import { concerns, startListening } from './changes-since.ts'
import { hasChanged } from './has-changed.ts'
import type { RunningCall, RunningCalls } from './running-calls.ts'
import { isSessionTerminated } from './store.ts'

/** What aborting stands on. */
export interface AbortDependencies {
  readonly context: GovernorContext
  readonly lease: Lease
  readonly running: RunningCalls
}

/** Ends running calls that must not go on. */
export interface AbortWatch {
  /** Listens to what changes while a call is decided on and does not run yet. */
  listen(): ChangesSince
  /**
   * Looks now whether calls like this one must end, and aborts them if so.
   *
   * @throws GovernanceError with the code of the fault when that cannot be read.
   */
  look(call: RunningCall): Promise<void>
}

/** Aborts running calls when a stop or a demotion reaches them: looks again at whatever runs when something changed. */
export function abortOnChange({ context, lease, running }: AbortDependencies): AbortWatch {
  const listeners = new Set<(change: Change) => void>()
  const look = (call: RunningCall): Promise<void> => abortWhatMustEnd(context, running, call)
  lease.onChange((change) => {
    for (const listener of listeners) listener(change)
    const touched = running.list().filter((call) => concerns(change, call))
    for (const call of new Map(touched.map((one) => [keyOf(one), one])).values()) {
      look(call).catch((error: unknown) => {
        const message = `Whether ${call.agents[0]} must stop could not be read: ${String(error)}`
        context.report({ level: 'warn', code: 'STORE_UNAVAILABLE', message })
      })
    }
  })
  return { look, listen: () => startListening(listeners) }
}

function keyOf({ workspace, agents, sessionId }: RunningCall): string {
  return JSON.stringify([workspace, sessionId, ...agents])
}

async function abortWhatMustEnd(context: GovernorContext, running: RunningCalls, call: RunningCall): Promise<void> {
  const options = { workspace: call.workspace, deadlineMs: context.settings.deadlineMs, named: true }
  const { facts, isTerminated } = await inWorkspace(context.database, options, async (tx) => ({
    facts: await readFacts(tx, { agents: call.agents, hold: false }),
    isTerminated: call.sessionId !== null && (await isSessionTerminated(tx, call.sessionId)),
  }))
  const same = (other: RunningCall): boolean => keyOf(other) === keyOf(call)
  if (isTerminated) return running.abort(same, new GovernanceError('RUN_TERMINATED'))
  if (stopFor(facts.stops, call.agents) !== undefined) return running.abort(same, new GovernanceError('STOPPED'))
  const agents = facts.agents.map(parseAgentFacts)
  if (agents.some(({ lifecycle }) => lifecycle !== 'active')) {
    return running.abort(same, new GovernanceError('AGENT_STOPPED'))
  }
  running.abort((other) => same(other) && hasChanged(other.epochs, agents), new GovernanceError('AGENT_CHANGED'))
}
