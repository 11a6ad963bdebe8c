import type { StepType, WorkflowDefinition, WorkflowStep } from '@preceptor/orchestration/client'

/** What a way on is taken for; `into` leads into a branch of a parallel step. */
export type WayKind = 'next' | 'when' | 'otherwise' | 'error' | 'reject' | 'expire' | 'into'

/** A box of the drawing. */
export interface GraphNode {
  /** Where the step stands in the definition, such as `steps[2].branches[0].steps[1]`; the ends and joins have names of their own. */
  readonly key: string
  /** `missing`: a step that a way names and that is not there. */
  readonly kind: StepType | 'begin' | 'end' | 'join' | 'missing'
  /** Id of the step; what a join waits for. */
  readonly id: string
  readonly title: string | null
}

/** An arrow of the drawing. */
export interface GraphEdge {
  readonly from: string
  readonly to: string
  readonly kind: WayKind
  /** Condition, or name of a branch; null where the kind says all. */
  readonly label: string | null
}

/** A definition as boxes and arrows. */
export interface WorkflowGraph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
}

interface Sheet {
  readonly nodes: GraphNode[]
  readonly edges: GraphEdge[]
}

interface Place {
  /** Path of the list. */
  readonly list: string
  /** Steps of the list by id, the first of each id. */
  readonly keys: ReadonlyMap<string, string>
  /** What stands after the last of the list. */
  readonly end: string
  /** Key of the one after this one. */
  readonly following: string
}

const BEGIN = 'begin'
const END = 'end'

/**
 * A definition as boxes and arrows, with what runs mean by it: a step is followed by what it names in its own list, else by
 * the one after it; branches lead into a join. A definition with faults is drawn as far as it goes.
 */
export function graphOf({ steps }: Pick<WorkflowDefinition, 'steps'>): WorkflowGraph {
  const sheet: Sheet = { nodes: [node(BEGIN, 'begin', BEGIN)], edges: [] }
  sheet.edges.push(way(BEGIN, steps.length === 0 ? END : 'steps[0]', 'next'))
  drawList(steps, 'steps', END, sheet)
  sheet.nodes.push(node(END, 'end', END))
  return sheet
}

function drawList(steps: readonly WorkflowStep[], list: string, end: string, sheet: Sheet): void {
  const keys = new Map<string, string>()
  steps.forEach(({ id }, index) => {
    if (!keys.has(id)) keys.set(id, `${list}[${index}]`)
  })
  steps.forEach((step, index) => {
    const following = index + 1 < steps.length ? `${list}[${index + 1}]` : end
    drawStep(step, `${list}[${index}]`, { list, keys, end, following }, sheet)
  })
}

function drawStep(step: WorkflowStep, key: string, place: Place, sheet: Sheet): void {
  sheet.nodes.push(node(key, step.type, step.id, step.title ?? null))
  const to = (target: string): string => targetOf(target, place, sheet)
  const next = 'next' in step && step.next !== undefined ? to(step.next) : place.following
  switch (step.type) {
    case 'condition':
      for (const { when, next: target } of step.branches) sheet.edges.push(way(key, to(target), 'when', when))
      sheet.edges.push(way(key, step.otherwise === undefined ? place.following : to(step.otherwise), 'otherwise'))
      return
    case 'parallel': {
      const join = `${key}.join`
      step.branches.forEach(({ name, steps }, index) => {
        const list = `${key}.branches[${index}].steps`
        sheet.edges.push(way(key, steps.length === 0 ? join : `${list}[0]`, 'into', name))
        drawList(steps, list, join, sheet)
      })
      sheet.nodes.push(node(join, 'join', step.join ?? 'all'))
      sheet.edges.push(way(join, next, 'next'))
      if (step.onError !== undefined) sheet.edges.push(way(join, to(step.onError), 'error'))
      return
    }
    default:
      sheet.edges.push(way(key, next, 'next'))
      if ('onError' in step && step.onError !== undefined) sheet.edges.push(way(key, to(step.onError), 'error'))
      if (step.type !== 'approval') return
      if (step.onReject !== undefined) sheet.edges.push(way(key, to(step.onReject), 'reject'))
      if (step.onExpire !== undefined) sheet.edges.push(way(key, to(step.onExpire), 'expire'))
  }
}

function targetOf(target: string, place: Place, sheet: Sheet): string {
  if (target === END) return place.end
  const known = place.keys.get(target)
  if (known !== undefined) return known
  const key = `${place.list} ${target}`
  if (!sheet.nodes.some((one) => one.key === key)) sheet.nodes.push(node(key, 'missing', target))
  return key
}

function node(key: string, kind: GraphNode['kind'], id: string, title: string | null = null): GraphNode {
  return { key, kind, id, title }
}

function way(from: string, to: string, kind: WayKind, label: string | null = null): GraphEdge {
  return { from, to, kind, label }
}
