import { inWorkspace, type PluginWork, type Tx } from '@preceptor/core/plugin'
import { countUnapplied, listWaiting } from '../examples/training-store.ts'
import { LEARNING } from '../learning-actor.ts'
import type { TrainingPorts } from '../ports/training-ports.ts'
import { beginRun } from './begin-run.ts'
import { holdType, lastRunAt } from './training-store.ts'

const HOUR_MS = 3_600_000

/** Finds the agent types of which enough examples came, over all workspaces; `id` is the agent type. */
export async function findDueTypes({ automatic }: TrainingPorts, tx: Tx): Promise<readonly PluginWork[]> {
  if (automatic === false) return []
  const waiting = await listWaiting(tx, { least: automatic.after })
  return waiting.map(({ workspace, agentType }) => ({ workspace, id: agentType }))
}

/** Begins the training of a type when it is due; once, however many processes ask at the same moment. */
export async function trainAutomatically(
  ports: TrainingPorts,
  { workspace, id: agentType }: PluginWork,
): Promise<void> {
  const { automatic, context } = ports
  if (automatic === false || agentType === undefined) return
  const run = await inWorkspace(context.database, { workspace }, async (tx) => {
    await holdType(tx, agentType)
    if (!(await isDue(ports, tx, { agentType, automatic }))) return undefined
    const { deploy } = automatic
    return beginRun(ports, tx, { agentType, cause: 'automatic', deploy, actor: LEARNING })
  })
  if (run !== undefined) await ports.enqueue('train', { workspace, id: run.id, key: 'first' })
}

async function isDue(
  { context }: TrainingPorts,
  tx: Tx,
  { agentType, automatic }: { readonly agentType: string; readonly automatic: { after: number; everyHours: number } },
): Promise<boolean> {
  const last = await lastRunAt(tx, agentType)
  const isRested = last === undefined || Date.parse(last) + automatic.everyHours * HOUR_MS <= context.clock.now()
  return isRested && (await countUnapplied(tx, { agentType })) >= automatic.after
}
