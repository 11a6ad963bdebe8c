import type { JsonObject } from '@preceptor/client'
import { isoTime, type Tx } from '@preceptor/core/plugin'
import type { WorkflowPlan } from '../definitions/graph.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { dropSteps } from '../steps/drop-steps.ts'
import { HOLD_MS } from '../steps/hold.ts'
import { ENGINE, journalStep } from '../steps/journal-step.ts'
import type { NewStep, StepOwner, StoredStep } from '../steps/step.ts'
import { insertSteps, listSteps, markReplayed, progressStep } from '../steps/step-store.ts'
import type { RunEnd, StoredRun } from './run.ts'
import { endRun, moveRun } from './run-store.ts'
import type { WalkInput, WalkResult } from './walk-state.ts'

/** The owner of the steps of a run. */
export function ownerOf({ id }: Pick<StoredRun, 'id'>): StepOwner {
  return { kind: 'workflow_run', id }
}

/** What a run is walked on, as it is in this transaction. */
export async function walkInput(
  { context }: Pick<EnginePorts, 'context'>,
  tx: Tx,
  { run, plan }: { readonly run: StoredRun; readonly plan: WorkflowPlan },
): Promise<WalkInput> {
  const { id, workflow, version, startedBy, createdAt, input } = run
  const rows = await listSteps(tx, ownerOf(run))
  return {
    plan,
    input,
    run: { id, workflow, version, startedBy, startedAt: createdAt },
    delegation: startedBy.startsWith('agent:') ? [startedBy.slice('agent:'.length)] : [],
    // What another visit took the place of is told of no more.
    rows,
    newId: () => context.ids.next('wst'),
  }
}

/** Writes what follows from a step of a run; gives the ids of the steps that are to be tried now. */
export async function applyWalk(
  ports: EnginePorts,
  tx: Tx,
  { run, result, actor = ENGINE }: { readonly run: StoredRun; readonly result: WalkResult; readonly actor?: string },
): Promise<readonly string[]> {
  const { context } = ports
  const now = context.clock.now()
  const at = isoTime(now)
  const owner = ownerOf(run)
  const { inserts, progressed, cancelled, replayed, end } = result
  await markReplayed(tx, replayed)
  await insertSteps(tx, inserts, { owner, askedBy: run.startedBy, at, wakeAt: isoTime(now + HOLD_MS) })
  for (const step of inserts) await journalInsert(ports, tx, { ...step, owner, attempts: 0 })
  const parallel = new Map((await stepsNamed(tx, owner, progressed)).map((step) => [step.id, step]))
  for (const { id, progress, end: ended } of progressed) {
    await progressStep(tx, id, { progress, end: ended, at })
    const step = parallel.get(id)
    if (step === undefined || ended === null) continue
    const kind = ended.state === 'succeeded' ? 'workflow_step.completed' : 'workflow_step.failed'
    await journalStep(ports, tx, { step, kind, body: ended.state === 'failed' ? { ...ended.failure } : {} })
  }
  if (cancelled.length > 0) await dropSteps(ports, tx, { owner, ids: cancelled, reason: 'The run went on without it.' })
  if (end !== null) {
    await writeEnd(ports, tx, { run, end, actor })
    return []
  }
  await noteState(ports, tx, run)
  return inserts.filter(({ state, trigger }) => state === 'pending' && trigger !== null).map(({ id }) => id)
}

/** Says whether a run waits, and tells of it where that is new. */
export async function noteState(
  { context }: Pick<EnginePorts, 'context'>,
  tx: Tx,
  { id, workflow }: Pick<StoredRun, 'id' | 'workflow'>,
): Promise<void> {
  if ((await moveRun(tx, id)) !== 'waiting') return
  await context.journal.append(tx, { kind: 'workflow_run.waiting', subject: id, body: { actor: ENGINE, workflow } })
}

async function writeEnd(
  ports: EnginePorts,
  tx: Tx,
  { run, end, actor }: { readonly run: StoredRun; readonly end: RunEnd; readonly actor: string },
): Promise<void> {
  const { context } = ports
  await endRun(tx, run.id, { ...end, at: isoTime(context.clock.now()) })
  const failure: JsonObject = end.state === 'completed' || end.failure === null ? {} : { ...end.failure }
  const { workflow, version } = run
  await context.journal.append(tx, {
    kind: `workflow_run.${end.state}`,
    subject: run.id,
    body: { actor, workflow, version, ...failure },
  })
}

async function journalInsert(
  ports: EnginePorts,
  tx: Tx,
  step: NewStep & Pick<StoredStep, 'owner' | 'attempts'>,
): Promise<void> {
  const { state, failure, type } = step
  if (type === 'parallel' && state !== 'cancelled')
    await journalStep(ports, tx, { step, kind: 'workflow_step.started' })
  if (state === 'succeeded') await journalStep(ports, tx, { step, kind: 'workflow_step.completed' })
  if (state === 'failed') await journalStep(ports, tx, { step, kind: 'workflow_step.failed', body: { ...failure } })
}

async function stepsNamed(
  tx: Tx,
  owner: StepOwner,
  named: readonly { readonly id: string }[],
): Promise<readonly StoredStep[]> {
  if (named.length === 0) return []
  const ids = new Set(named.map(({ id }) => id))
  return (await listSteps(tx, owner)).filter(({ id }) => ids.has(id))
}
