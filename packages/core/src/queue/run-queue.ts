import type { ActionSpecification } from '../actions/registered-action.ts'
import { inWorkspace } from '../database/transaction.ts'
import { hideValues } from '../journal/hide-values.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Gate } from '../routing/gate.ts'
import type { PermittedCall, Runner } from '../routing/guard.ts'
import { claimEntry } from './claim-entry.ts'
import { offerEntries } from './offer-entries.ts'
import { lookAtQueue, type RunnableEntry } from './offer-store.ts'

/** What running queued entries stands on. */
export interface QueueDependencies {
  readonly gate: Gate
  readonly runner: Runner
}

/** What one turn of a worker did. */
export interface QueueTurn {
  /** Runs that a supervisor was asked to watch. */
  readonly offered: number
  /** One for each run that was claimed and began; it resolves when that run has ended. */
  readonly runs: readonly Promise<void>[]
}

/**
 * Takes a turn at the supervised queue: asks supervisors who are online to watch what this process could run, and begins
 * what is watched, at most `limit` runs. It does not wait for them.
 *
 * @throws GovernanceError the code of a fault.
 */
export async function runQueue(dependencies: QueueDependencies, limit: number): Promise<QueueTurn> {
  const { registry, context } = dependencies.gate
  const runs: Promise<void>[] = []
  let offered = 0
  for (const [workspace, actions] of registry.executable()) {
    const query = { digests: actions.map(({ digest }) => digest), at: isoTime(context.clock.now()), limit }
    const seen = await inWorkspace(context.database, { workspace, named: true }, (tx) => lookAtQueue(tx, query))
    if (seen.offers || seen.withdrawals) offered += await offerEntries(dependencies.gate, { workspace, actions })
    const begun = await Promise.all(
      seen.ready.slice(0, limit - runs.length).map((entry) => begin(dependencies, { workspace, entry, actions })),
    )
    runs.push(...begun.flatMap((run) => run?.ended ?? []))
  }
  return { offered, runs }
}

interface BeginRequest {
  readonly workspace: string
  readonly entry: RunnableEntry
  readonly actions: readonly ActionSpecification[]
}

/** Claims an entry and begins its run; what is thrown while claiming does not keep others from it. */
async function begin(
  dependencies: QueueDependencies,
  { workspace, entry, actions }: BeginRequest,
): Promise<{ readonly ended: Promise<void> } | null> {
  const { gate, runner } = dependencies
  const action = actions.find(({ name, digest }) => name === entry.action && digest === entry.digest)
  if (action?.execute == null) return null
  const changes = runner.listen()
  try {
    const call = await claimEntry(gate, { workspace, entry, action })
    if (call !== null) return { ended: perform(dependencies, { call, execute: action.execute, changes }) }
  } catch (error) {
    report(dependencies, `The queued run ${entry.id} could not be claimed`, error)
  }
  changes.end()
  return null
}

async function perform(
  dependencies: QueueDependencies,
  request: {
    readonly call: PermittedCall
    readonly execute: NonNullable<ActionSpecification['execute']>
    readonly changes: ReturnType<Runner['listen']>
  },
): Promise<void> {
  const { call, execute, changes } = request
  try {
    await dependencies.runner.run({ call, run: execute, options: {}, changes })
  } catch (error) {
    // What it threw is on record as its outcome.
    const said = hideValues(String(error), call.hidden)
    report(dependencies, `The executor of ${call.trigger.action} failed for a queued run`, said)
  } finally {
    changes.end()
  }
}

function report({ gate }: QueueDependencies, what: string, error: unknown): void {
  gate.context.report({ level: 'warn', code: 'NOTICE', message: `${what}: ${String(error)}` })
}
