import { GovernanceError } from '@preceptor/client'
import {
  type Actor,
  actorName,
  agentFilter,
  inWorkspace,
  isoTime,
  parseReason,
  recordNotFound,
  redactText,
  type Tx,
} from '@preceptor/core/plugin'
import type { WorkflowRun } from '../client/workflows.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { RunPorts } from '../ports/run-ports.ts'
import { dropSteps } from '../steps/drop-steps.ts'
import { FIRST_KEY } from '../steps/hold.ts'
import { applyWalk, BROKEN, ownerOf, walkInput } from './apply-walk.ts'
import { isOpen, type StoredRun, shownRun } from './run.ts'
import { endRun, findRun, holdRun, reopenRun } from './run-store.ts'
import { walkFromFailure } from './walk.ts'

type Ports = RunPorts & Pick<EnginePorts, 'owners'>

/**
 * Ends a run: nothing begins any more, what waits is taken back, what runs is aborted.
 *
 * @throws GovernanceError `CONFLICT` when it ended, `NOT_FOUND`, `PERMISSION_DENIED`, `INPUT_INVALID`.
 */
export async function cancelRun(
  ports: Ports,
  actor: Actor,
  request: { readonly id: string; readonly reason: string },
): Promise<WorkflowRun> {
  const { authorizer, context } = ports
  authorizer.authorize(actor, 'orchestration.runs.cancel')
  const reason = redactText(parseReason(request.reason))
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const run = await holdVisible(tx, actor, String(request.id))
    const by = actorName(actor)
    const failure = run.failure
    const at = isoTime(context.clock.now())
    if (!(await endRun(tx, run.id, { state: 'cancelled', failure, at }))) throw ended(run)
    await dropSteps(ports, tx, { owner: ownerOf(run), reason })
    const body = { actor: by, workflow: run.workflow, version: run.version, reason }
    await context.journal.append(tx, { kind: 'workflow_run.cancelled', subject: run.id, body })
    return get(tx, run.id)
  })
}

/**
 * Goes on with a failed run at the steps that failed; what succeeded never runs again.
 *
 * @throws GovernanceError `CONFLICT` when it did not fail, `NOT_FOUND`, `PERMISSION_DENIED`, `INPUT_INVALID`.
 */
export async function replayRun(
  ports: Ports,
  actor: Actor,
  request: { readonly id: string; readonly reason: string },
): Promise<WorkflowRun> {
  const { authorizer, context, plans } = ports
  authorizer.authorize(actor, 'orchestration.runs.replay')
  const reason = redactText(parseReason(request.reason))
  const { workspace } = actor
  const replayed = await inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    const run = await holdVisible(tx, actor, String(request.id))
    if (run.failedAt === null || run.failedAt === BROKEN || !(await reopenRun(tx, run.id))) throw ended(run)
    const by = actorName(actor)
    const body = { actor: by, workflow: run.workflow, version: run.version, step: run.failure?.step ?? null, reason }
    await context.journal.append(tx, { kind: 'workflow_run.replayed', subject: run.id, body })
    const on = await walkInput(ports, tx, { run, plan: await plans.get(tx, run) })
    const toTry = await applyWalk(ports, tx, { run, result: walkFromFailure(on, run.failedAt), actor: by })
    return { run: await get(tx, run.id), toTry }
  })
  for (const id of replayed.toTry) await ports.enqueue('step', { workspace, id, key: FIRST_KEY })
  return replayed.run
}

/** Holds a run that the actor may see. @throws GovernanceError `NOT_FOUND` */
export async function holdVisible(tx: Tx, actor: Actor, id: string): Promise<StoredRun> {
  const run = await holdRun(tx, id)
  if (run === undefined || !isVisible(actor, run)) throw recordNotFound('run', id)
  return run
}

/** Whether an actor may see a run: agents, and services that act for some agents, those that they started. */
export function isVisible(actor: Actor, { startedBy }: Pick<StoredRun, 'startedBy'>): boolean {
  return agentFilter(actor) === null || startedBy === actorName(actor)
}

async function get(tx: Tx, id: string): Promise<WorkflowRun> {
  const run = await findRun(tx, id)
  if (run === undefined) throw recordNotFound('run', id)
  return shownRun(run)
}

function ended(run: StoredRun): GovernanceError {
  const how = isOpen(run) ? 'goes on' : `is ${run.state}`
  return new GovernanceError('CONFLICT', { message: `The run ${run.id} ${how}.`, details: { state: run.state } })
}
