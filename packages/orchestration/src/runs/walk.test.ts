import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WorkflowBranch, WorkflowDefinition, WorkflowStep } from '../client/workflow-definition.ts'
import { checkDefinition } from '../definitions/check-definition.ts'
import { planOf, type WorkflowPlan } from '../definitions/graph.ts'
import type { StepEnd, StepFailure } from '../steps/step.ts'
import { walkFromFailure, walkFromStart, walkFromStep } from './walk.ts'
import type { WalkInput, WalkResult, WalkStep } from './walk-state.ts'

const RUNS = 400
const MOST_TURNS = 120
const MOST_REPLAYS = 3
const BROKEN = { $cel: 'input.missing.at' }

interface Shape {
  readonly type: 'transform' | 'broken' | 'agent' | 'approval' | 'condition' | 'parallel'
  /** Where ways lead that are written down: so many steps on, or back. */
  readonly ways: readonly number[]
  readonly flags: readonly boolean[]
  readonly branches: readonly Shape[][]
}

const frame = {
  ways: fc.array(fc.nat({ max: 5 }), { minLength: 3, maxLength: 3 }),
  flags: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
}
const leaf = fc.record({
  ...frame,
  type: fc.constantFrom('transform', 'broken', 'agent', 'agent', 'agent', 'approval', 'condition'),
  branches: fc.constant([]),
}) satisfies fc.Arbitrary<Shape>

function lists(depth: number): fc.Arbitrary<Shape[]> {
  if (depth === 0) return fc.array(leaf, { minLength: 1, maxLength: 3 })
  const parallel = fc.record({
    ...frame,
    type: fc.constant('parallel'),
    branches: fc.array(lists(depth - 1), { minLength: 2, maxLength: 3 }),
  }) satisfies fc.Arbitrary<Shape>
  const shape = fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 2, arbitrary: parallel })
  return fc.array(shape, { minLength: 1, maxLength: 4 })
}

function build(shapes: readonly Shape[], prefix: string): readonly WorkflowStep[] {
  return shapes.map((shape, index) => stepOf(shape, { prefix, index, count: shapes.length }))
}

function stepOf(
  { type, ways, flags, branches }: Shape,
  { prefix, index, count }: { readonly prefix: string; readonly index: number; readonly count: number },
): WorkflowStep {
  const id = `${prefix}${index}`
  const on = (at: number): string => {
    const target = index + 1 + (ways[at] ?? 0)
    return target >= count ? 'end' : `${prefix}${target}`
  }
  // Back is a way that only leads by people.
  const anywhere = (at: number): string => `${prefix}${(ways[at] ?? 0) % count}`
  switch (type) {
    case 'broken':
      return { id, type: 'transform', value: BROKEN }
    case 'transform':
      return { id, type, value: id }
    case 'agent':
      return { id, type, action: 'a.b', ...(flags[0] ? { onError: on(0) } : {}) }
    case 'approval':
      return {
        ...{ id, type, question: 'Well?' },
        ...(flags[0] ? { onReject: anywhere(0) } : {}),
        ...(flags[1] ? { onExpire: anywhere(1) } : {}),
      }
    case 'condition':
      return { id, type, branches: [{ when: flags[0] ? 'true' : 'false', next: on(0) }] }
    default: {
      const inner = branches.map((list, at): WorkflowBranch => {
        const policy = flags[at] ? ({ onFailure: 'ignore' } as const) : {}
        return { name: `b${at}`, steps: build(list, `${id}_${at}_`), ...policy }
      })
      const way = flags[1] ? { onError: on(1) } : {}
      return { id, type: 'parallel', branches: inner, join: flags[2] ? 'any' : 'all', ...way }
    }
  }
}

const outputs: fc.Arbitrary<Partial<WorkflowDefinition>> = fc.constantFrom({}, { output: 1 }, { output: BROKEN })
const anyAccepted: fc.Arbitrary<WorkflowDefinition> = fc
  .tuple(lists(2), outputs)
  .map(([shapes, more]) => ({ name: 'A', agent: 'bot', steps: build(shapes, 's'), ...more }))

/** A run as the database would keep it. */
class Run {
  readonly plan: WorkflowPlan
  readonly rows: (WalkStep & { replayed?: boolean })[] = []
  end: WalkResult['end'] = null
  #ids = 0

  constructor(definition: WorkflowDefinition) {
    this.plan = planOf(definition)
    this.#apply(walkFromStart(this.#on()), undefined)
  }

  get open(): readonly WalkStep[] {
    return this.rows.filter(({ state, step }) => state === 'pending' && this.plan.step(step)?.type !== 'parallel')
  }

  finish(row: WalkStep, end: StepEnd): void {
    row.state = end.state
    if (end.state === 'succeeded') row.output = end.output
    else row.failure = end.failure
    this.#apply(walkFromStep(this.#on(), row.id), row)
  }

  replay(): WalkResult {
    if (this.end?.state !== 'failed') throw new Error('It did not fail.')
    const { failedAt } = this.end
    this.end = null
    const result = walkFromFailure(this.#on(), failedAt)
    this.#apply(result, undefined)
    return result
  }

  #on(): WalkInput {
    const newId = () => {
      this.#ids += 1
      return `w${this.#ids}`
    }
    const rows = this.rows.map((row) => ({ ...row }))
    return { plan: this.plan, input: {}, run: {}, delegation: [], rows, newId }
  }

  #apply(result: WalkResult, ended: WalkStep | undefined): void {
    this.#checkInserts(result, ended)
    const byId = new Map(this.rows.map((row) => [row.id, row]))
    for (const id of result.replayed) {
      const row = byId.get(id)
      if (row?.state === 'failed') row.replayed = true
    }
    for (const { id, step, visit, parentId, branch, state, output, failure, progress } of result.inserts) {
      expect(this.rows.some((row) => row.step === step && row.visit === visit)).toBe(false)
      const row = { id, step, visit, parentId, branch, state, output, failure, progress }
      this.rows.push(row)
      byId.set(id, row)
    }
    for (const { id, progress, end } of result.progressed) {
      const row = byId.get(id)
      // Once it has joined it does not go on.
      expect(row?.state).toBe('running')
      if (row === undefined) continue
      row.progress = progress
      if (end === null) continue
      row.state = end.state
      if (end.state === 'succeeded') row.output = end.output
      else row.failure = end.failure
    }
    for (const id of result.cancelled) {
      const row = byId.get(id)
      expect(row?.state).toMatch(/^(pending|running)$/)
      if (row !== undefined) row.state = 'cancelled'
    }
    this.end = result.end
    this.#checkState(byId)
  }

  /** What succeeded begins again only by a way of the definition. */
  #checkInserts({ inserts, progressed }: WalkResult, ended: WalkStep | undefined): void {
    const latest = new Map(this.rows.map((row) => [row.step, row]))
    const moved = [
      ...(ended === undefined ? [] : [ended]),
      ...inserts.filter(({ state }) => state === 'succeeded' || state === 'failed'),
      ...progressed.flatMap(({ id, end }) => (end === null ? [] : this.rows.filter((row) => row.id === id))),
    ]
    for (const { step, parentId } of inserts) {
      if (latest.get(step)?.state !== 'succeeded') continue
      const isOnWay = moved.some(
        (from) => from.parentId === parentId && this.plan.edgesOf(from.step).some(({ to }) => to === step),
      )
      const inside = inserts.find(({ id }) => id === parentId)
      const isFirst = inside !== undefined && this.plan.first(this.plan.listOf(step)) === step
      expect({ step, isAllowed: isOnWay || isFirst }).toEqual({ step, isAllowed: true })
    }
  }

  #checkState(byId: ReadonlyMap<string, WalkStep>): void {
    const open = this.rows.filter(({ state }) => state === 'pending' || state === 'running')
    if (this.end !== null) {
      expect(open).toEqual([])
      return
    }
    // Something goes on, in every parallel step that waits for it.
    const busy = new Set<string>()
    for (const row of this.open) {
      for (let parent = row.parentId; parent !== null; parent = byId.get(parent)?.parentId ?? null) busy.add(parent)
    }
    expect(this.open.length).toBeGreaterThan(0)
    for (const row of open) {
      if (row.state === 'running') expect(busy).toContain(row.id)
      if (row.parentId !== null) expect(byId.get(row.parentId)?.state).toBe('running')
    }
  }
}

function endOf(run: Run, row: WalkStep, choice: number): StepEnd {
  if (choice % 3 !== 0) return { state: 'succeeded', output: choice }
  const codes: readonly StepFailure['code'][] =
    run.plan.step(row.step)?.type === 'approval'
      ? ['PROPOSAL_REJECTED', 'PROPOSAL_EXPIRED', 'PROPOSAL_RESPONDED', 'STEP_FAILED']
      : ['STEP_FAILED', 'STEP_TIMED_OUT']
  return { state: 'failed', failure: { code: codes[choice % codes.length] ?? 'STEP_FAILED', message: 'No.' } }
}

describe('the walk of a run', () => {
  it('ends or goes on, joins once, and begins nothing again that succeeded but by a way, whatever happens [I-23]', () => {
    const met = { completed: 0, failed: 0, cancelled: 0, replayed: 0, joined: 0 }
    fc.assert(
      fc.property(anyAccepted, fc.infiniteStream(fc.nat({ max: 1_000 })), (definition, choices) => {
        expect(checkDefinition(definition)).toEqual([])
        const run = new Run(definition)
        let replays = 0
        for (let turn = 0; turn < MOST_TURNS; turn += 1) {
          if (run.end !== null) {
            met[run.end.state] += 1
            if (run.end.state !== 'failed' || replays === MOST_REPLAYS) break
            replays += 1
            met.replayed += 1
            run.replay()
            continue
          }
          const choice = choices.next().value ?? 0
          const row = run.open[choice % run.open.length]
          if (row !== undefined) run.finish(row, endOf(run, row, Math.floor(choice / 7)))
        }
        const joined = run.rows.filter(
          ({ step, state }) => state === 'succeeded' && run.plan.step(step)?.type === 'parallel',
        )
        met.joined += joined.length
      }),
      { numRuns: RUNS },
    )
    // It speaks of nothing that it did not meet.
    for (const [what, count] of Object.entries(met)) expect(count, what).toBeGreaterThan(5)
  })

  it('ends a loop that comes to more than 1,000 steps, and does so again when it is replayed', () => {
    const run = new Run({
      name: 'A',
      agent: 'bot',
      steps: [
        { id: 'ask', type: 'approval', question: 'Again?', onReject: 'count' },
        { id: 'done', type: 'transform', value: 1, next: 'end' },
        { id: 'count', type: 'transform', value: 2, next: 'ask' },
      ],
    })
    const no: StepEnd = { state: 'failed', failure: { code: 'PROPOSAL_REJECTED', message: 'Not yet.' } }
    for (let row = run.open[0]; row !== undefined; row = run.open[0]) run.finish(row, no)
    expect(run.rows).toHaveLength(1_000)
    expect(run.end).toMatchObject({ state: 'failed', failure: { code: 'WORKFLOW_TOO_LONG' } })
    const again = run.replay()
    expect(again).toMatchObject({ inserts: [], end: { state: 'failed', failure: { code: 'WORKFLOW_TOO_LONG' } } })
  })

  it('works out again only what the run gives, where that failed', () => {
    const run = new Run({
      name: 'A',
      agent: 'bot',
      steps: [
        { id: 'first', type: 'agent', action: 'a.b' },
        { id: 'which', type: 'condition', branches: [{ when: 'true', next: 'end' }] },
        { id: 'never', type: 'agent', action: 'a.b' },
      ],
      output: BROKEN,
    })
    finishFirst(run, { state: 'succeeded', output: null })
    expect(run.end).toMatchObject({ state: 'failed', failure: { step: 'output', code: 'EXPRESSION_FAILED' } })
    expect(run.replay()).toMatchObject({ inserts: [], end: { state: 'failed', failure: { step: 'output' } } })
  })
  it('does not try again a step whose failure the definition goes on from', () => {
    const run = new Run({
      name: 'A',
      agent: 'bot',
      steps: [{ id: 'ask', type: 'approval', question: 'Well?', onReject: 'end' }],
      output: BROKEN,
    })
    finishFirst(run, { state: 'failed', failure: { code: 'PROPOSAL_REJECTED', message: 'No.' } })
    expect(run.replay()).toMatchObject({ inserts: [], replayed: [], end: { failure: { step: 'output' } } })
  })
})

function finishFirst(run: Run, end: StepEnd): void {
  const [first] = run.open
  if (first === undefined) throw new Error('Nothing began.')
  run.finish(first, end)
}
