import type { JsonObject } from '@preceptor/client'
import { isoTime, type Tx } from '@preceptor/core/plugin'
import type { WorkflowPlan } from '../definitions/graph.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { dropSteps } from '../steps/drop-steps.ts'
import { startingAgents } from '../steps/engine-actor.ts'
import { HOLD_MS } from '../steps/hold.ts'
import { ENGINE, journalStep, type StepNote, stepDraft } from '../steps/journal-step.ts'
import type { NewStep, StepFailure, StepOwner, StoredStep } from '../steps/step.ts'
import { endStep, findSteps, insertSteps, listWalkedSteps, markReplayed, progressStep } from '../steps/step-store.ts'
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
  const rows = await listWalkedSteps(tx, ownerOf(run))
  return {
    plan,
    input,
    run: { id, workflow, version, startedBy, startedAt: createdAt },
    delegation: startingAgents(startedBy),
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
  const notes: StepNote[] = inserts.flatMap((step) => noteOfInsert({ ...step, owner, attempts: 0 }))
  const parallel = new Map(
    (
      await findSteps(
        tx,
        progressed.map(({ id }) => id),
      )
    ).map((step) => [step.id, step]),
  )
  for (const { id, progress, end: ended } of progressed) {
    await progressStep(tx, id, { progress, end: ended, at })
    const step = parallel.get(id)
    if (step === undefined || ended === null) continue
    const kind = ended.state === 'succeeded' ? 'workflow_step.completed' : 'workflow_step.failed'
    notes.push({ step, kind, body: ended.state === 'failed' ? { ...ended.failure } : {} })
  }
  const about = { workflow: run.workflow }
  await context.journal.appendAll(
    tx,
    notes.map((note) => stepDraft(about, note)),
  )
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

/** Where a run failed from which nothing leads on. */
export const BROKEN = 'broken'

/** Fails a run for good at a step whose end cannot be recorded. */
export async function breakRun(
  ports: EnginePorts,
  tx: Tx,
  { run, step, failure }: { readonly run: StoredRun; readonly step: StoredStep; readonly failure: StepFailure },
): Promise<void> {
  const at = isoTime(ports.context.clock.now())
  if (!(await endStep(tx, step, { state: 'failed', failure, at }))) return
  await journalStep(ports, tx, { step, kind: 'workflow_step.failed', body: { ...failure } })
  await dropSteps(ports, tx, { owner: ownerOf(run), reason: 'The run failed.' })
  const end = { state: 'failed', failure: { step: step.step, ...failure }, failedAt: BROKEN } as const
  await writeEnd(ports, tx, { run, end, actor: ENGINE })
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

function noteOfInsert(step: NewStep & Pick<StoredStep, 'owner' | 'attempts'>): readonly StepNote[] {
  const { state, failure, type } = step
  const begun: readonly StepNote[] =
    type === 'parallel' && state !== 'cancelled' ? [{ step, kind: 'workflow_step.started' }] : []
  if (state === 'succeeded') return [...begun, { step, kind: 'workflow_step.completed' }]
  return state === 'failed' ? [...begun, { step, kind: 'workflow_step.failed', body: { ...failure } }] : begun
}
