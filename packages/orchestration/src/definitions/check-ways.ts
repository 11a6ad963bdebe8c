import type { DefinitionProblem, WorkflowStep } from '../client/workflow-definition.ts'
import { END, type WorkflowPlan } from './graph.ts'
import type { StepList } from './located-steps.ts'
import { MOST_PROBLEMS } from './most-problems.ts'

type Problems = readonly DefinitionProblem[]

/** Ids that are there twice or reserved, and names of branches that are there twice. */
export function nameProblems(lists: readonly StepList[]): Problems {
  const seen = new Map<string, string>()
  return lists.flatMap(({ steps }) =>
    steps.flatMap(({ step, path }) => {
      const first = seen.get(step.id)
      if (first === undefined) seen.set(step.id, path)
      const problems: DefinitionProblem[] = []
      if (first !== undefined) {
        const message = `The id ${JSON.stringify(step.id)} is that of ${first} too.`
        problems.push({ path: `${path}.id`, code: 'duplicate_step', message })
      }
      if (step.id === END) {
        const message = `${JSON.stringify(END)} is no id: as a target it stands for the end of the list.`
        problems.push({ path: `${path}.id`, code: 'duplicate_step', message })
      }
      return [...problems, ...branchNameProblems(step, path)]
    }),
  )
}

function branchNameProblems(step: WorkflowStep, path: string): Problems {
  if (step.type !== 'parallel') return []
  const names = step.branches.map(({ name }) => name)
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [
          {
            path: `${path}.branches[${index}].name`,
            code: 'duplicate_step' as const,
            message: `Another branch of ${JSON.stringify(step.id)} has the name ${JSON.stringify(name)}.`,
          },
        ],
  )
}

/** Targets that are no step of their list. */
export function targetProblems(lists: readonly StepList[]): Problems {
  const everywhere = new Set(lists.flatMap(({ steps }) => steps.map(({ step }) => step.id)))
  return lists.flatMap(({ steps }) => {
    const here = new Set(steps.map(({ step }) => step.id))
    return steps.flatMap(({ step, path }) =>
      targetsOf(step).flatMap(([field, target]) => {
        if (target === END || here.has(target)) return []
        const message = everywhere.has(target)
          ? `The step ${JSON.stringify(target)} is in another list; a target is in the same one.`
          : `There is no step ${JSON.stringify(target)}.`
        return [{ path: `${path}.${field}`, code: 'unknown_step' as const, message }]
      }),
    )
  })
}

/** The targets that a step names, each with its field. */
function targetsOf(step: WorkflowStep): readonly (readonly [field: string, target: string])[] {
  if (step.type === 'condition') {
    const branches = step.branches.map((branch, index) => [`branches[${index}].next`, branch.next] as const)
    return step.otherwise === undefined ? branches : [...branches, ['otherwise', step.otherwise]]
  }
  const named: readonly (readonly [string, string | undefined])[] = [
    ['next', step.next],
    ['onError', 'onError' in step ? step.onError : undefined],
    ['onReject', 'onReject' in step ? step.onReject : undefined],
    ['onExpire', 'onExpire' in step ? step.onExpire : undefined],
  ]
  return named.flatMap(([field, target]) => (target === undefined ? [] : [[field, target] as const]))
}

/** Steps that nothing leads to. */
export function reachProblems(lists: readonly StepList[], plan: WorkflowPlan): Problems {
  return lists.flatMap(({ steps }) => {
    const [first] = steps
    if (first === undefined) return []
    const reached = plan.reachableFrom(first.step.id)
    return steps.flatMap(({ step, path }) =>
      step.id === first.step.id || reached.has(step.id)
        ? []
        : [
            {
              path,
              code: 'unreachable_step' as const,
              message: `Nothing leads to the step ${JSON.stringify(step.id)}.`,
            },
          ],
    )
  })
}

/** Ways that lead back to where they began and come by no approval: they could go round for ever. Each list names some. */
export function cycleProblems(lists: readonly StepList[], plan: WorkflowPlan): Problems {
  return lists.flatMap(({ steps }) => {
    const free = new Map(steps.filter(({ step }) => step.type !== 'approval').map(({ step, path }) => [step.id, path]))
    const done = new Set<string>()
    const problems: DefinitionProblem[] = []
    for (const id of free.keys()) {
      if (problems.length >= MOST_PROBLEMS) break
      for (const cycle of cyclesFrom(id, { plan, free, done })) {
        const message = `${[...cycle, cycle[0]].join(' → ')} leads back to itself and comes by no approval.`
        problems.push({ path: free.get(cycle[0] ?? '') ?? '', code: 'cycle_without_wait', message })
      }
    }
    return problems
  })
}

interface Search {
  readonly plan: WorkflowPlan
  /** Steps of the list that do not wait for people. */
  readonly free: ReadonlyMap<string, string>
  /** Steps of which all ways on were followed. */
  readonly done: Set<string>
}

/** The ways back that a search into the depth comes by, each as the steps of its cycle in order. */
function cyclesFrom(start: string, { plan, free, done }: Search): readonly (readonly string[])[] {
  const found: string[][] = []
  const way: string[] = []
  function follow(id: string): void {
    // Of ways there can be more than steps, and each is named by all of its steps.
    if (found.length >= MOST_PROBLEMS) return
    const at = way.indexOf(id)
    if (at >= 0) {
      found.push(way.slice(at))
      return
    }
    if (done.has(id)) return
    way.push(id)
    for (const to of new Set(plan.edgesOf(id).map((edge) => edge.to))) if (to !== null && free.has(to)) follow(to)
    way.pop()
    done.add(id)
  }
  follow(start)
  return found
}
