import { GovernanceError } from '@preceptor/client'
import { isoTime, type Tx } from '@preceptor/core/plugin'
import type { TrainingRun } from '../client/training.ts'
import type { DeploymentPlan, TrainingPorts } from '../ports/training-ports.ts'
import { findRun, insertRun, shownRun } from './training-store.ts'

/** A run that is to begin. */
export interface RunDraft {
  readonly agentType: string
  readonly cause: TrainingRun['cause']
  readonly deploy: DeploymentPlan | null
  readonly actor: string
}

/** Writes a run with its journal row; undefined where one of that type has not ended. */
export async function beginRun(
  { context }: Pick<TrainingPorts, 'context'>,
  tx: Tx,
  draft: RunDraft,
): Promise<TrainingRun | undefined> {
  const id = context.ids.next('trn')
  if (!(await insertRun(tx, { ...draft, id, createdAt: isoTime(context.clock.now()) }))) return undefined
  const { agentType, cause, actor, deploy } = draft
  const body = { actor, agentType, cause, deploy: deploy === null ? null : { ...deploy } }
  await context.journal.append(tx, { kind: 'training_run.created', subject: id, body })
  const run = await findRun(tx, id)
  if (run === undefined)
    throw new GovernanceError('INTERNAL', { message: 'A training run that was made is not there.' })
  return shownRun(run)
}
