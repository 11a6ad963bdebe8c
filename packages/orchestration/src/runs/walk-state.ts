import { GovernanceError, type JsonObject, type JsonValue } from '@preceptor/client'
import { type ExpressionBudget, expressionBudget } from '@preceptor/core/plugin'
import type { WorkflowStep } from '../client/workflow-definition.ts'
import type { WorkflowContext } from '../definitions/evaluate-value.ts'
import type { WorkflowPlan } from '../definitions/graph.ts'
import {
  type BranchProgress,
  type NewStep,
  OPEN_STATES,
  type StepEnd,
  type StepFailure,
  type StepState,
} from '../steps/step.ts'
import type { RunEnd } from './run.ts'

/** A step of a run, as far as it matters for how the run goes on. */
export interface WalkedStep {
  readonly id: string
  readonly step: string
  readonly visit: number
  readonly parentId: string | null
  readonly branch: string | null
  readonly state: StepState
  readonly output: JsonValue
  readonly failure: StepFailure | null
  readonly progress: BranchProgress | null
}

/** What a run is walked on. */
export interface WalkInput {
  readonly plan: WorkflowPlan
  readonly input: JsonObject
  /** What expressions know of the run. */
  readonly run: JsonObject
  /** Agents that the run acts for, origin first. */
  readonly delegation: readonly string[]
  /** Every step so far, oldest first, each as it is by now. */
  readonly rows: readonly WalkedStep[]
  readonly newId: () => string
}

/** What follows from a step that ended, or from the beginning: to be written in the transaction that records that. */
export interface WalkResult {
  readonly inserts: readonly NewStep[]
  /** Parallel steps that went on, each with how far its branches are and how it ended, if it did. */
  readonly progressed: readonly {
    readonly id: string
    readonly progress: BranchProgress
    readonly end: StepEnd | null
  }[]
  /** Open steps that are not needed any more. */
  readonly cancelled: readonly string[]
  /** Failed steps that another visit took the place of. */
  readonly replayed: readonly string[]
  readonly end: RunEnd | null
}

/** A step while a run is walked. */
export interface WalkStep extends Omit<WalkedStep, 'state' | 'output' | 'failure' | 'progress'> {
  state: StepState
  output: JsonValue
  failure: StepFailure | null
  progress: BranchProgress | null
}

/** A way on: the next step of a list, or its end. */
export interface Way {
  readonly target: string | null
  /** The parallel step whose branch the list is, and its name. */
  readonly parentId: string | null
  readonly branch: string | null
  /** What the list gives when it ends here. */
  readonly output: JsonValue
  /** The step that it leads on from; null where a run begins. */
  readonly from: string | null
}

/** A run while it is walked: what was there, and what follows so far. */
export interface Walk {
  readonly on: WalkInput
  readonly rows: Map<string, WalkStep>
  readonly visits: Map<string, number>
  readonly inserts: NewStep[]
  readonly touched: Set<string>
  readonly cancelled: Set<string>
  readonly replayed: string[]
  readonly ways: Way[]
  /** What all its expressions may take together: they are worked out while the run is held. */
  readonly budget: ExpressionBudget
  end: RunEnd | null
}

// About a tenth of a second.
const MOST_WORK = 1_000_000

/** Begins to walk a run on what is there. */
export function beginWalk(on: WalkInput): Walk {
  const visits = new Map<string, number>()
  for (const { step, visit } of on.rows) visits.set(step, Math.max(visit, visits.get(step) ?? 0))
  return {
    on,
    rows: new Map(on.rows.map((row) => [row.id, { ...row }])),
    visits,
    inserts: [],
    touched: new Set(),
    cancelled: new Set(),
    replayed: [],
    ways: [],
    budget: expressionBudget(MOST_WORK),
    end: null,
  }
}

/** What is to be written of a run that was walked. */
export function resultOf(walk: Walk): WalkResult {
  const { rows, inserts, touched, cancelled, replayed, end } = walk
  if (end !== null) for (const row of rows.values()) if (isOpenStep(row)) cancelled.add(row.id)
  const inserted = new Set(inserts.map(({ id }) => id))
  return {
    // As they are by now: what was begun here may have ended here.
    inserts: inserts.map((one) => ({ ...one, ...pick(getStep(walk, one.id), cancelled) })),
    progressed: [...touched]
      .filter((id) => !inserted.has(id) && !cancelled.has(id))
      .map((id) => ({ id, progress: getStep(walk, id).progress ?? {}, end: endOf(getStep(walk, id)) })),
    cancelled: [...cancelled].filter((id) => !inserted.has(id)),
    replayed,
    end,
  }
}

function pick(
  { id, state, output, failure, progress }: WalkStep,
  cancelled: ReadonlySet<string>,
): Pick<NewStep, 'state' | 'output' | 'failure' | 'progress'> {
  return { state: cancelled.has(id) ? 'cancelled' : state, output, failure, progress }
}

/** Adds a visit of a step. */
export function addStep(
  walk: Walk,
  { id: name, type }: WorkflowStep,
  row: Pick<NewStep, 'parentId' | 'state'> & Partial<NewStep>,
): WalkStep {
  const visit = (walk.visits.get(name) ?? 0) + 1
  walk.visits.set(name, visit)
  const step: NewStep = {
    id: walk.on.newId(),
    step: name,
    type,
    visit,
    branch: row.parentId === null ? null : walk.on.plan.listOf(name),
    trigger: null,
    settings: null,
    output: null,
    failure: null,
    progress: null,
    ...row,
  }
  walk.inserts.push(step)
  const kept = { ...step }
  walk.rows.set(step.id, kept)
  return kept
}

/** What expressions know by now. */
export function contextOf({ on, rows }: Walk): WorkflowContext {
  const steps: Record<string, JsonValue> = Object.create(null)
  const failures: Record<string, JsonValue> = Object.create(null)
  // Oldest first: the last visit is the one that counts.
  for (const { step, state, output, failure } of rows.values()) {
    if (state === 'succeeded') {
      steps[step] = output
      delete failures[step]
    } else if (state === 'failed' && failure !== null) {
      failures[step] = { ...failure }
      delete steps[step]
    }
  }
  return { input: on.input, steps: { ...steps }, failures: { ...failures }, run: on.run }
}

/** A step of the run. @throws GovernanceError `FACT_INVALID` */
export function getStep(walk: Walk, id: string): WalkStep {
  const row = walk.rows.get(id)
  if (row === undefined) throw new GovernanceError('FACT_INVALID', { message: `The run has no step ${id}.` })
  return row
}

/** Whether a step has not ended. */
export function isOpenStep({ state }: Pick<WalkStep, 'state'>): boolean {
  return OPEN_STATES.includes(state)
}

function endOf({ state, output, failure }: WalkStep): StepEnd | null {
  if (state === 'succeeded') return { state, output }
  return state === 'failed' && failure !== null ? { state, failure } : null
}
