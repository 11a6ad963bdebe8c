import { GovernanceError } from '@preceptor/client'
import type { WorkflowBranch, WorkflowStep } from '../client/workflow-definition.ts'
import { evaluateValue, evaluateWhen } from '../definitions/evaluate-value.ts'
import { isObject } from '../definitions/expressions.ts'
import type { BranchProgress, StepFailure } from '../steps/step.ts'
import { attemptOf } from './attempt-of.ts'
import { joinOf } from './join-of.ts'
import {
  addStep,
  beginWalk,
  contextOf,
  getStep,
  isOpenStep,
  resultOf,
  type Walk,
  type WalkInput,
  type WalkResult,
  type WalkStep,
  type Way,
} from './walk-state.ts'

// A run that comes to steps more often than this is a loop that nothing ends.
const MOST_STEPS = 1_000

/** Begins a run at its first step. */
export function walkFromStart(on: WalkInput): WalkResult {
  const walk = beginWalk(on)
  walk.ways.push({ target: on.plan.first(null), parentId: null, branch: null, output: null, from: null })
  return finish(walk)
}

/** Goes on after a step ended; the row already says how. */
export function walkFromStep(on: WalkInput, id: string): WalkResult {
  const walk = beginWalk(on)
  follow(walk, getStep(walk, id))
  return finish(walk)
}

/** Goes on at the steps by which a run failed; what succeeded stays. */
export function walkFromFailure(on: WalkInput, failedAt: string): WalkResult {
  const walk = beginWalk(on)
  const row = getStep(walk, failedAt)
  const isOver = row.state === 'succeeded' || row.state === 'failed'
  // Only what is too long ends at a step that had not ended.
  if (!isOver) endTooLong(walk, { step: row.step, failedAt })
  // What failed on the way on from a step is only worked out again.
  else if (wayFrom(walk, row) !== undefined) follow(walk, row)
  else replay(walk, row, null)
  return finish(walk)
}

function finish(walk: Walk): WalkResult {
  for (let way = walk.ways.shift(); way !== undefined && walk.end === null; way = walk.ways.shift()) {
    if (way.target === null) endList(walk, way)
    else go(walk, way.target, way)
  }
  return resultOf(walk)
}

function go(walk: Walk, target: string, { parentId, from }: Way): void {
  const step = stepOf(walk, target)
  if (walk.rows.size >= MOST_STEPS) {
    endTooLong(walk, { step: step.id, failedAt: from ?? '' })
    return
  }
  try {
    enter(walk, step, parentId)
  } catch (error) {
    if (!GovernanceError.isInstance(error) || error.code !== 'EXPRESSION_FAILED') throw error
    const { code, message } = error
    follow(walk, addStep(walk, step, { parentId, state: 'failed', failure: { code, message } }))
  }
}

function endTooLong(walk: Walk, { step, failedAt }: { readonly step: string; readonly failedAt: string }): void {
  const failure = { step, code: 'WORKFLOW_TOO_LONG', message: `It came to ${MOST_STEPS} steps.` } as const
  walk.end = { state: 'failed', failedAt, failure }
}

function enter(walk: Walk, step: WorkflowStep, parentId: string | null): void {
  const context = contextOf(walk)
  switch (step.type) {
    case 'transform':
      follow(
        walk,
        addStep(walk, step, { parentId, state: 'succeeded', output: evaluateValue(step.value, context, walk.budget) }),
      )
      return
    case 'condition': {
      const chosen = step.branches.find(({ when }) => evaluateWhen(when, context, walk.budget))
      const target = chosen === undefined ? walk.on.plan.nextOf(step.id) : walk.on.plan.targetOf(chosen.next)
      const row = addStep(walk, step, { parentId, state: 'succeeded', output: { next: target ?? 'end' } })
      leave(walk, row, target)
      return
    }
    case 'parallel': {
      const row = addStep(walk, step, { parentId, state: 'running', progress: {} })
      for (const branch of step.branches) enterBranch(walk, row, branch)
      return
    }
    default:
      addStep(walk, step, { parentId, state: 'pending', ...attemptOf(walk, step, context) })
  }
}

function enterBranch(walk: Walk, row: WalkStep, { name }: WorkflowBranch): void {
  const { plan } = walk.on
  const target = plan.first(plan.branchPath(row.step, name))
  walk.ways.push({ target, parentId: row.id, branch: name, output: null, from: row.id })
}

/** Goes on from a step to another one, or to the end of its list. */
function leave(walk: Walk, { id, step, parentId, output }: WalkStep, target: string | null): void {
  walk.ways.push({ target, parentId, branch: walk.on.plan.parentOf(step)?.branch ?? null, output, from: id })
}

/** Goes on after a step that succeeded or failed. */
function follow(walk: Walk, row: WalkStep): void {
  const target = wayFrom(walk, row)
  if (target !== undefined) {
    leave(walk, row, target)
    return
  }
  const failure = failureOf(row)
  if (stepOf(walk, row.step).type === 'approval' && NO.has(failure.code)) {
    walk.end = { state: 'cancelled', failure: { step: row.step, ...failure } }
    return
  }
  failList(walk, row, failure)
}

/** Where a step that ended leads to; undefined for a failure that leads nowhere. */
function wayFrom(walk: Walk, row: WalkStep): string | null | undefined {
  const { plan } = walk.on
  const step = stepOf(walk, row.step)
  if (row.state !== 'succeeded') {
    const target = wayAfter(step, failureOf(row))
    return target === undefined ? undefined : plan.targetOf(target)
  }
  // A condition that was worked out stays as it was decided.
  return step.type === 'condition' && isObject(row.output)
    ? plan.targetOf(String(row.output.next))
    : plan.nextOf(step.id)
}

function failureOf({ failure }: WalkStep): StepFailure {
  return failure ?? { code: 'STEP_FAILED', message: 'It failed.' }
}

function stepOf({ on }: Walk, id: string): WorkflowStep {
  const step = on.plan.step(id)
  if (step === undefined) throw new GovernanceError('FACT_INVALID', { message: `There is no step ${id}.` })
  return step
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

function endList(walk: Walk, { parentId, branch, output, from }: Way): void {
  if (parentId !== null) {
    endBranch(walk, { parentId, branch: branch ?? '', end: { state: 'succeeded', output } })
    return
  }
  const { definition } = walk.on.plan
  if (definition.output === undefined) {
    walk.end = { state: 'completed', output }
    return
  }
  try {
    walk.end = { state: 'completed', output: evaluateValue(definition.output, contextOf(walk), walk.budget) }
  } catch (error) {
    if (!GovernanceError.isInstance(error)) throw error
    const { code, message } = error
    walk.end = { state: 'failed', failedAt: from ?? '', failure: { step: 'output', code, message } }
  }
}

function failList(walk: Walk, { id, step, parentId }: WalkStep, failure: StepFailure): void {
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
  const parent = getStep(walk, parentId)
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
    if (row.parentId !== parentId || !isOpenStep(row)) continue
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
function replay(walk: Walk, row: WalkStep, parentId: string | null): void {
  walk.replayed.push(row.id)
  const step = walk.on.plan.step(row.step)
  if (step?.type !== 'parallel') {
    const branch = walk.on.plan.parentOf(row.step)?.branch ?? null
    walk.ways.push({ target: row.step, parentId, branch, output: null, from: row.id })
    return
  }
  const progress = row.progress ?? {}
  const kept = Object.fromEntries(Object.entries(progress).filter(([, { state }]) => state === 'succeeded'))
  const again = addStep(walk, step, { parentId, state: 'running', progress: kept })
  for (const branch of step.branches) {
    const ended = Object.hasOwn(progress, branch.name) ? progress[branch.name] : undefined
    if (ended === undefined) enterBranch(walk, again, branch)
    else if (ended.state === 'failed') replay(walk, getStep(walk, ended.row), again.id)
  }
}
