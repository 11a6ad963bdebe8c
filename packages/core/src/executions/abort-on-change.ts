import { GovernanceError, type Maturity } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { compareMaturity } from '../maturity/levels.ts'
import type { Change, Lease } from '../routing/lease.ts'
import { parseAgentFacts } from '../routing/parse-facts.ts'
import { readFacts } from '../routing/store.ts'
import type { RunningCall, RunningCalls } from './running-calls.ts'

/** What aborting stands on. */
export interface AbortDependencies {
  readonly context: GovernorContext
  readonly lease: Lease
  readonly running: RunningCalls
}

/** Looks whether what runs may go on. */
export interface AbortWatch {
  /** How many changes this process has heard of. */
  readonly generation: () => number
  /** Looks now at calls that began while something changed. */
  readonly look: (calls: readonly RunningCall[]) => Promise<void>
}

/** Aborts running calls when a stop or a demotion reaches them: looks again at whatever runs when something changed. */
export function abortOnChange({ context, lease, running }: AbortDependencies): AbortWatch {
  const look = async (calls: readonly RunningCall[]): Promise<void> => {
    const unique = new Map(calls.map((call) => [keyOf(call), call]))
    await Promise.all([...unique.values()].map((call) => lookAt(context, running, call)))
  }
  lease.onChange((change) => void look(running.list().filter((call) => concerns(change, call))))
  return { generation: () => lease.generation(), look }
}

function keyOf({ workspace, agents }: RunningCall): string {
  return JSON.stringify([workspace, ...agents])
}

function concerns(change: Change, { workspace, agents }: RunningCall): boolean {
  if (change === 'everything') return true
  if (change.kind === 'stop') return change.workspace === '*' || change.workspace === workspace
  return change.kind === 'agent' && change.workspace === workspace && agents.includes(change.subject)
}

async function lookAt(context: GovernorContext, running: RunningCalls, call: RunningCall): Promise<void> {
  try {
    await abortWhatMustEnd(context, running, call)
  } catch (error) {
    const message = `Whether ${call.agents[0]} must stop could not be read: ${String(error)}`
    context.report({ level: 'warn', code: 'STORE_UNAVAILABLE', message })
  }
}

async function abortWhatMustEnd(context: GovernorContext, running: RunningCalls, call: RunningCall): Promise<void> {
  const options = { workspace: call.workspace, deadlineMs: context.settings.deadlineMs }
  const facts = await inWorkspace(context.database, options, (tx) =>
    readFacts(tx, { agents: call.agents, hold: false }),
  )
  const same = (other: RunningCall): boolean => keyOf(other) === keyOf(call)
  const agents = facts.agents.map(parseAgentFacts)
  const stopped = facts.stops.some(
    ({ target, agent }) => target !== 'agent' || (agent !== null && call.agents.includes(agent)),
  )
  if (stopped) return running.abort(same, new GovernanceError('STOPPED'))
  if (agents.some(({ lifecycle }) => lifecycle !== 'active')) {
    return running.abort(same, new GovernanceError('AGENT_STOPPED'))
  }
  const levels = new Map(agents.map(({ id, maturity }) => [id, maturity]))
  running.abort((other) => same(other) && other.levels.some(isAbove(levels)), new GovernanceError('AGENT_CHANGED'))
}

/** Whether an agent had earned more when it began than it has now. */
function isAbove(levels: ReadonlyMap<string, Maturity>): (before: RunningCall['levels'][number]) => boolean {
  return ({ id, maturity }) => compareMaturity(levels.get(id) ?? 'student', maturity) < 0
}
