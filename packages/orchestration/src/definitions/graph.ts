import type { WorkflowDefinition, WorkflowStep } from '../client/workflow-definition.ts'

/** What a target says that ends the list. */
export const END = 'end'

/** How a run goes from one step to another. */
export interface WorkflowEdge {
  /** Id of the step; null for the end of the list. */
  readonly to: string | null
  readonly kind: 'next' | 'when' | 'otherwise' | 'error' | 'reject' | 'expire'
  /** Which branch of a condition it is. */
  readonly index?: number
}

/** A definition by its ids, for whoever walks it. The definition must be one that was checked. */
export interface WorkflowPlan {
  readonly definition: WorkflowDefinition
  /** Ids of all steps, each list before the lists inside it. */
  readonly ids: readonly string[]
  /** Undefined for an id that is not there. */
  step(id: string): WorkflowStep | undefined
  /** The step that a list begins with; the list is that of the workflow (null) or a branch such as `checks/credit`. */
  first(list: string | null): string | null
  /** The step that follows when a step succeeds, of a condition when no branch holds; null for the end of the list. */
  nextOf(id: string): string | null
  /** What a target that is written in the definition leads to; null for `end`. */
  targetOf(target: string): string | null
  /** The parallel step and the branch that a step stands in; null in the list of the workflow. */
  parentOf(id: string): { readonly parallel: string; readonly branch: string } | null
  /** Path of the branch that a step stands in, such as `checks/credit`; null in the list of the workflow. */
  listOf(id: string): string | null
  /** Path of a branch of a parallel step. */
  branchPath(parallel: string, branch: string): string
  /** Ways on from a step within its list. */
  edgesOf(id: string): readonly WorkflowEdge[]
  /** Steps that a run can come to from a step, without it unless a way leads back; inside of parallel steps too. */
  reachableFrom(id: string): ReadonlySet<string>
}

interface Place {
  readonly step: WorkflowStep
  readonly list: string | null
  readonly parent: { readonly parallel: string; readonly branch: string } | null
  /** The one after it in the list. */
  readonly following: string | null
}

/** Indexes a definition by its ids. Of two steps of one id the first counts. */
export function planOf(definition: WorkflowDefinition): WorkflowPlan {
  const places = new Map<string, Place>()
  const firsts = new Map<string | null, string | null>()
  index(definition.steps, { list: null, parent: null }, places, firsts)
  const edges = new Map<string, readonly WorkflowEdge[]>()
  const reached = new Map<string, ReadonlySet<string>>()
  const placeOf = (id: string): Place | undefined => places.get(id)
  const plan: WorkflowPlan = {
    definition,
    ids: [...places.keys()],
    step: (id) => placeOf(id)?.step,
    first: (list) => firsts.get(list) ?? null,
    nextOf(id) {
      const place = placeOf(id)
      if (place === undefined) return null
      const written = place.step.type === 'condition' ? place.step.otherwise : place.step.next
      return written === undefined ? place.following : plan.targetOf(written)
    },
    targetOf: (target) => (target === END ? null : target),
    parentOf: (id) => placeOf(id)?.parent ?? null,
    listOf: (id) => placeOf(id)?.list ?? null,
    branchPath: (parallel, branch) => pathOf(placeOf(parallel)?.list ?? null, parallel, branch),
    edgesOf: (id) => kept(edges, id, () => edgesFrom(plan, id)),
    reachableFrom: (id) => kept(reached, id, () => reach(plan, id)),
  }
  return plan
}

/** What was worked out before is given again: a definition can ask for one thing thousands of times. */
function kept<Value>(known: Map<string, Value>, id: string, work: () => Value): Value {
  const found = known.get(id) ?? work()
  known.set(id, found)
  return found
}

function index(
  steps: readonly WorkflowStep[],
  at: Pick<Place, 'list' | 'parent'>,
  places: Map<string, Place>,
  firsts: Map<string | null, string | null>,
): void {
  firsts.set(at.list, steps[0]?.id ?? null)
  steps.forEach((step, position) => {
    if (!places.has(step.id)) places.set(step.id, { ...at, step, following: steps[position + 1]?.id ?? null })
  })
  for (const step of steps) {
    if (step.type !== 'parallel') continue
    for (const branch of step.branches) {
      const parent = { parallel: step.id, branch: branch.name }
      index(branch.steps, { list: pathOf(at.list, step.id, branch.name), parent }, places, firsts)
    }
  }
}

function pathOf(list: string | null, parallel: string, branch: string): string {
  return `${list === null ? '' : `${list}/`}${parallel}/${branch}`
}

function edgesFrom(plan: WorkflowPlan, id: string): readonly WorkflowEdge[] {
  const step = plan.step(id)
  if (step === undefined) return []
  if (step.type === 'condition') {
    return [
      ...step.branches.map(
        ({ next }, position) => ({ to: plan.targetOf(next), kind: 'when', index: position }) as const,
      ),
      { to: plan.nextOf(id), kind: 'otherwise' },
    ]
  }
  const other = (target: string | undefined, kind: WorkflowEdge['kind']): readonly WorkflowEdge[] =>
    target === undefined ? [] : [{ to: plan.targetOf(target), kind }]
  const next: WorkflowEdge = { to: plan.nextOf(id), kind: 'next' }
  if (step.type === 'approval') return [next, ...other(step.onReject, 'reject'), ...other(step.onExpire, 'expire')]
  return step.type === 'transform' ? [next] : [next, ...other(step.onError, 'error')]
}

function reach(plan: WorkflowPlan, id: string): ReadonlySet<string> {
  const found = new Set<string>()
  const open = [id]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const step = plan.step(at)
    const inside =
      step?.type === 'parallel' ? step.branches.map(({ name }) => plan.first(plan.branchPath(step.id, name))) : []
    for (const to of [...plan.edgesOf(at).map((edge) => edge.to), ...inside]) {
      if (to === null || found.has(to)) continue
      found.add(to)
      open.push(to)
    }
  }
  return found
}
