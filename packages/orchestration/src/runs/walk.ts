import type { JsonObject, JsonValue } from '@preceptor/client'
import { GovernanceError } from '@preceptor/client'
import type { WorkflowBranch, WorkflowStep } from '../client/workflow-definition.ts'
import { evaluateValue, evaluateWhen, type WorkflowContext } from '../definitions/evaluate-value.ts'
import type { WorkflowPlan } from '../definitions/graph.ts'
import { type BranchProgress, type NewStep, OPEN_STATES, type StepEnd, type StepFailure, type StepState } from '../steps/step.ts'
import { attemptOf } from './attempt-of.ts'
import { joinOf } from './join-of.ts'
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
  readonly progressed: readonly { readonly id: string; readonly progress: BranchProgress; readonly end: StepEnd | null }[]
  /** Open steps that are not needed any more. */
  readonly cancelled: readonly string[]
  /** Failed steps that another visit took the place of. */
  readonly replayed: readonly string[]
  readonly end: RunEnd | null
}

// A run that comes to steps more often than this is a loop that nothing ends.
const MOST_STEPS = 1_000

interface Mutable extends Omit<WalkedStep, 'state' | 'output' | 'failure' | 'progress'> {
  state: StepState
  output: JsonValue
  failure: StepFailure | null
  progress: BranchProgress | null
}

/** A way on: the next step of a list, or its end. */
interface Way {
  readonly target: string | null
  /** The parallel step whose branch the list is, and its name. */
  readonly parentId: string | null
  readonly branch: string | null
  /** What the list gives when it ends here. */
  readonly output: JsonValue
}

interface Walk {
  readonly on: WalkInput
  readonly rows: Map<string, Mutable>
  readonly visits: Map<string, number>
  readonly inserts: NewStep[]
  readonly touched: Set<string>
  readonly cancelled: Set<string>
  readonly replayed: string[]
  readonly ways: Way[]
  end: RunEnd | null
}

/** Begins a run at its first step. */
export function walkFromStart(on: WalkInput): WalkResult {
  const walk = begin(on)
  walk.ways.push({ target: on.plan.first(null), parentId: null, branch: null, output: null })
  return finish(walk)
}

/** Goes on after a step ended; the row already says how. */
export function walkFromStep(on: WalkInput, id: string): WalkResult {
  const walk = begin(on)
  follow(walk, get(walk, id))
  return finish(walk)
}

/** Goes on at the steps by which a run failed; what succeeded stays. */
export function walkFromFailure(on: WalkInput, failedAt: string): WalkResult {
  const walk = begin(on)
  replay(walk, get(walk, failedAt), null)
  return finish(walk)
}

function begin(on: WalkInput): Walk {
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
    end: null,
  }
}

function finish(walk: Walk): WalkResult {
  for (let way = walk.ways.shift(); way !== undefined && walk.end === null; way = walk.ways.shift()) go(walk, way)
  const { rows, inserts, touched, cancelled, replayed, end } = walk
  if (end !== null) for (const row of rows.values()) if (isOpen(row)) cancelled.add(row.id)
  const inserted = new Set(inserts.map(({ id }) => id))
  return {
    // As they are by now: what was begun here may have ended here.
    inserts: inserts.map((one) => ({ ...one, ...pick(get(walk, one.id), cancelled) })),
    progressed: [...touched]
      .filter((id) => !inserted.has(id) && !cancelled.has(id))
      .map((id) => ({ id, progress: get(walk, id).progress ?? {}, end: endOf(get(walk, id)) })),
    cancelled: [...cancelled].filter((id) => !inserted.has(id)),
    replayed,
    end,
  }
}

function pick(
  { id, state, output, failure, progress }: Mutable,
  cancelled: ReadonlySet<string>,
): Pick<NewStep, 'state' | 'output' | 'failure' | 'progress'> {
  return { state: cancelled.has(id) ? 'cancelled' : state, output, failure, progress }
}

function go(walk: Walk, way: Way): void {
  const { target, parentId } = way
  if (target === null) return endList(walk, way)
  const step = walk.on.plan.step(target)
  if (step === undefined) throw new GovernanceError('FACT_INVALID', { message: `There is no step ${target}.` })
  if (walk.rows.size >= MOST_STEPS) {
    walk.end = {
      state: 'failed',
      failedAt: lastRow(walk),
      failure: { step: step.id, code: 'WORKFLOW_TOO_LONG', message: `It came to ${MOST_STEPS} steps.` },
    }
    return
  }
  try {
    enter(walk, step, parentId)
  } catch (error) {
    if (!GovernanceError.isInstance(error) || error.code !== 'EXPRESSION_FAILED') throw error
    const { code, message } = error
    follow(walk, add(walk, step, { parentId, state: 'failed', failure: { code, message } }))
  }
}

function enter(walk: Walk, step: WorkflowStep, parentId: string | null): void {
  const context = contextOf(walk)
  switch (step.type) {
    case 'transform':
      return follow(walk, add(walk, step, { parentId, state: 'succeeded', output: evaluateValue(step.value, context) }))
    case 'condition': {
      const chosen = step.branches.find(({ when }) => evaluateWhen(when, context))
      const target = chosen === undefined ? walk.on.plan.nextOf(step.id) : walk.on.plan.targetOf(chosen.next)
      const row = add(walk, step, { parentId, state: 'succeeded', output: { next: target ?? 'end' } })
      return leave(walk, row, target)
    }
    case 'parallel': {
      const row = add(walk, step, { parentId, state: 'running', progress: {} })
      for (const branch of step.branches) enterBranch(walk, row, branch)
      return
    }
    default:
      add(walk, step, { parentId, state: 'pending', ...attemptOf(walk.on, step, context) })
  }
}

function enterBranch(walk: Walk, row: Mutable, { name }: WorkflowBranch): void {
  const { plan } = walk.on
  const target = plan.first(plan.branchPath(row.step, name))
  walk.ways.push({ target, parentId: row.id, branch: name, output: null })
}

function add(
  walk: Walk,
  { id: name, type }: WorkflowStep,
  row: Pick<NewStep, 'parentId' | 'state'> & Partial<NewStep>,
): Mutable {
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

/** Goes on from a step to another one, or to the end of its list. */
function leave(walk: Walk, { step, parentId, output }: Mutable, target: string | null): void {
  walk.ways.push({ target, parentId, branch: walk.on.plan.parentOf(step)?.branch ?? null, output })
}

/** Goes on after a step that succeeded or failed. */
function follow(walk: Walk, row: Mutable): void {
  const { plan } = walk.on
  const step = plan.step(row.step)
  if (step === undefined) throw new GovernanceError('FACT_INVALID', { message: `There is no step ${row.step}.` })
  if (row.state === 'succeeded') return leave(walk, row, plan.nextOf(step.id))
  const failure = row.failure ?? { code: 'STEP_FAILED', message: 'It failed.' }
  const target = wayAfter(step, failure)
  if (target !== undefined) return leave(walk, row, plan.targetOf(target))
  if (step.type === 'approval' && NO.has(failure.code)) {
    walk.end = { state: 'cancelled', failure: { step: step.id, ...failure } }
    return
  }
  failList(walk, row, failure)
}

// What people said, and not that something went wrong.
const NO: ReadonlySet<StepFailure['code']> = new Set(['PROPOSAL_REJECTED', 'PROPOSAL_RESPONDED'])

function wayAfter(step: WorkflowStep, { code }: StepFailure): string | undefined {
  if (step.type === 'approval') {
    if (NO.has(code)) return step.onReject
    return code === 'PROPOSAL_EXPIRED' ? step.onExpire : undefined
  }
  return step.type === 'condition' || step.type === 'transform' ? undefined : step.onError
}

function endList(walk: Walk, { parentId, branch, output }: Way): void {
  if (parentId !== null) return endBranch(walk, { parentId, branch: branch ?? '', end: { state: 'succeeded', output } })
  const { definition } = walk.on.plan
  if (definition.output === undefined) {
    walk.end = { state: 'completed', output }
    return
  }
  try {
    walk.end = { state: 'completed', output: evaluateValue(definition.output, contextOf(walk)) }
  } catch (error) {
    if (!GovernanceError.isInstance(error)) throw error
    const { code, message } = error
    walk.end = { state: 'failed', failedAt: lastRow(walk), failure: { step: 'output', code, message } }
  }
}

function failList(walk: Walk, { id, step, parentId }: Mutable, failure: StepFailure): void {
  if (parentId === null) {
    walk.end = { state: 'failed', failedAt: id, failure: { step, ...failure } }
    return
  }
  const branch = walk.on.plan.parentOf(step)?.branch ?? ''
  endBranch(walk, { parentId, branch, end: { state: 'failed', failure, row: id } })
}

interface BranchEnd {
  readonly parentId: string
  readonly branch: string
  readonly end: NonNullable<BranchProgress[string]>
}

/** Notes that a branch ended, and goes on after the parallel step once that ended with it. */
function endBranch(walk: Walk, { parentId, branch, end }: BranchEnd): void {
  const parent = get(walk, parentId)
  const step = walk.on.plan.step(parent.step)
  if (step?.type !== 'parallel' || parent.state !== 'running') return
  parent.progress = { ...parent.progress, [branch]: end }
  walk.touched.add(parent.id)
  const joined = joinOf(step, parent.progress)
  if (joined === null) return
  cancelInside(walk, parent.id)
  parent.state = joined.state
  if (joined.state === 'succeeded') parent.output = joined.output
  else parent.failure = joined.failure
  follow(walk, parent)
}

/** Cancels what still goes on inside of a parallel step that has its answer. */
function cancelInside(walk: Walk, parentId: string): void {
  for (const row of walk.rows.values()) {
    if (row.parentId !== parentId || !isOpen(row)) continue
    row.state = 'cancelled'
    walk.cancelled.add(row.id)
    cancelInside(walk, row.id)
  }
  // What was on its way inside goes nowhere any more.
  for (let index = walk.ways.length - 1; index >= 0; index -= 1) {
    if (walk.ways[index]?.parentId === parentId) walk.ways.splice(index, 1)
  }
}

/** Tries a failed step anew; of a parallel step the branches that failed, while those that succeeded stay. */
function replay(walk: Walk, row: Mutable, parentId: string | null): void {
  walk.replayed.push(row.id)
  const step = walk.on.plan.step(row.step)
  if (step?.type !== 'parallel') {
    const branch = walk.on.plan.parentOf(row.step)?.branch ?? null
    walk.ways.push({ target: row.step, parentId, branch, output: null })
    return
  }
  const progress = row.progress ?? {}
  const kept = Object.fromEntries(Object.entries(progress).filter(([, { state }]) => state === 'succeeded'))
  const again = add(walk, step, { parentId, state: 'running', progress: kept })
  for (const branch of step.branches) {
    const ended = progress[branch.name]
    if (ended === undefined) enterBranch(walk, again, branch)
    else if (ended.state === 'failed') replay(walk, get(walk, ended.row), again.id)
  }
}

function contextOf({ on, rows }: Walk): WorkflowContext {
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

function get(walk: Walk, id: string): Mutable {
  const row = walk.rows.get(id)
  if (row === undefined) throw new GovernanceError('FACT_INVALID', { message: `The run has no step ${id}.` })
  return row
}

function lastRow({ rows }: Walk): string {
  return [...rows.keys()].at(-1) ?? ''
}

function isOpen({ state }: Pick<Mutable, 'state'>): boolean {
  return OPEN_STATES.includes(state)
}

function endOf({ state, output, failure }: Mutable): StepEnd | null {
  if (state === 'succeeded') return { state, output }
  return state === 'failed' && failure !== null ? { state, failure } : null
}
