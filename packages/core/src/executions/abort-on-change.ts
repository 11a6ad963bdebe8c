import { GovernanceError } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import type { Change, Lease } from '../routing/lease.ts'
import { readFacts } from '../routing/store.ts'
import type { RunningCall, RunningCalls } from './running-calls.ts'

/** What aborting stands on. */
export interface AbortDependencies {
  readonly context: GovernorContext
  readonly lease: Lease
  readonly running: RunningCalls
}

/** Aborts running calls when a stop reaches them: looks again at whatever runs when something changed. */
export function abortOnChange({ context, lease, running }: AbortDependencies): void {
  lease.onChange((change) => {
    const touched = running.list().filter((call) => concerns(change, call))
    const unique = new Map(touched.map((call) => [keyOf(call), call]))
    for (const call of unique.values()) {
      abortIfStopped(context, running, call).catch((error: unknown) => {
        const message = `Whether ${call.agents[0]} must stop could not be read: ${String(error)}`
        context.report({ level: 'warn', code: 'STORE_UNAVAILABLE', message })
      })
    }
  })
}

function keyOf({ workspace, agents }: RunningCall): string {
  return JSON.stringify([workspace, ...agents])
}

function concerns(change: Change, { workspace, agents }: RunningCall): boolean {
  if (change === 'everything') return true
  if (change.kind === 'stop') return change.workspace === '*' || change.workspace === workspace
  return change.kind === 'agent' && change.workspace === workspace && agents.includes(change.subject)
}

async function abortIfStopped(context: GovernorContext, running: RunningCalls, call: RunningCall): Promise<void> {
  const options = { workspace: call.workspace, deadlineMs: context.settings.deadlineMs }
  const facts = await inWorkspace(context.database, options, (tx) =>
    readFacts(tx, { agents: call.agents, hold: false }),
  )
  const stopped = facts.stops.some(
    ({ target, agent }) => target !== 'agent' || (agent !== null && call.agents.includes(agent)),
  )
  const inactive = facts.agents.some(({ lifecycle }) => lifecycle !== 'active')
  if (!stopped && !inactive) return
  const reason = new GovernanceError(stopped ? 'STOPPED' : 'AGENT_STOPPED')
  running.abort((other) => keyOf(other) === keyOf(call), reason)
}
