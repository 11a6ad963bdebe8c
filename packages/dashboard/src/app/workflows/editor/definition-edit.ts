import type { JsonObject, JsonValue } from '@preceptor/client'
import { STEP_TYPES, type StepType } from '@preceptor/orchestration/client'
import { isObject } from '../../data/is-object.ts'

/** Where something stands in a definition: `['steps', 2, 'branches', 0, 'name']`. */
export type Path = readonly (string | number)[]

/** A path as the server writes it: `steps[2].branches[0].name`. */
export function pathText(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('')
}

const PARTS = /\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g

/** A path of what the server wrote: the other way round. */
export function pathOf(text: string): Path {
  return [...text.matchAll(PARTS)].map(([, index, quoted, name = '']) =>
    index === undefined ? (quoted === undefined ? name : String(JSON.parse(quoted))) : Number(index),
  )
}

/** What stands at a path; undefined where there is nothing. */
export function valueAt(definition: JsonValue, path: Path): JsonValue | undefined {
  let value: JsonValue | undefined = definition
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as JsonObject)[String(part)]
  }
  return value
}

/** The definition with another value at a path; undefined takes it out. What leads there must be there. */
export function withValue(definition: JsonObject, path: Path, value: JsonValue | undefined): JsonObject {
  // The outermost value of a definition is an object, and stays one.
  return changed(definition, path, value) as JsonObject
}

function changed(at: JsonValue, [part, ...rest]: Path, value: JsonValue | undefined): JsonValue {
  if (part === undefined) return value ?? null
  if (Array.isArray(at)) {
    const items = at as readonly JsonValue[]
    return items.map((item, index) => (index === part ? changed(item, rest, value) : item))
  }
  const { [String(part)]: before, ...others } = isObject(at) ? at : {}
  if (rest.length === 0 && value === undefined) return others
  // Keys keep their order: a difference shows what changed.
  const after = changed(before ?? null, rest, value)
  if (before === undefined) return { ...others, [String(part)]: after }
  return Object.fromEntries(Object.entries(at as JsonObject).map(([key, one]) => [key, key === part ? after : one]))
}

/** The steps of a list; what is none of them is left out. */
export function stepsAt(definition: JsonObject, list: Path): readonly JsonObject[] {
  const steps = valueAt(definition, list)
  return Array.isArray(steps) ? (steps as readonly JsonValue[]).filter(isObject) : []
}

/** Tells whether a text names a step type. */
export function isStepType(text: JsonValue | undefined): text is StepType {
  return STEP_TYPES.some((type) => type === text)
}

/** Adds a step at the end of a list, with a name that is free in the whole definition. */
export function addStep(definition: JsonObject, list: Path, type: StepType): JsonObject {
  const id = freeId(definition, type)
  return withValue(definition, list, [...stepsAt(definition, list), newStep(type, id, definition)])
}

/** Moves a step up or down in its list; ways name steps, so that they stay. */
export function moveStep(definition: JsonObject, list: Path, index: number, by: -1 | 1): JsonObject {
  const steps = [...stepsAt(definition, list)]
  const [one, other] = [steps[index], steps[index + by]]
  if (one === undefined || other === undefined) return definition
  steps[index] = other
  steps[index + by] = one
  return withValue(definition, list, steps)
}

/** Takes a step out of its list; ways of the list that led to it lead to what follows by default. */
export function removeStep(definition: JsonObject, list: Path, index: number): JsonObject {
  const steps = stepsAt(definition, list)
  const id = steps[index]?.id
  const left = steps.filter((_, place) => place !== index)
  return withValue(
    definition,
    list,
    left.map((step) => withoutWay(step, id)),
  )
}

/** Gives a step another name; ways of its list that led to it still do. Expressions are left to their author. */
export function renameStep(definition: JsonObject, list: Path, index: number, name: string): JsonObject {
  const steps = stepsAt(definition, list)
  const before = steps[index]?.id
  return withValue(
    definition,
    list,
    steps.map((step, place) => {
      const led = typeof before === 'string' && before !== '' ? ledTo(step, before, name) : step
      return place === index ? { ...led, id: name } : led
    }),
  )
}

const WAYS = ['next', 'otherwise', 'onError', 'onReject', 'onExpire'] as const

function ledTo(step: JsonObject, before: string, after: string): JsonObject {
  const entries = Object.entries(step).map(([key, value]): [string, JsonValue] => {
    if (WAYS.some((way) => way === key)) return [key, value === before ? after : value]
    if (key !== 'branches' || step.type !== 'condition' || !Array.isArray(value)) return [key, value]
    const branches = (value as readonly JsonValue[]).map((branch) =>
      isObject(branch) && branch.next === before ? { ...branch, next: after } : branch,
    )
    return [key, branches]
  })
  return Object.fromEntries(entries)
}

function withoutWay(step: JsonObject, id: JsonValue | undefined): JsonObject {
  const entries = Object.entries(step).filter(([key, value]) => !(WAYS.some((way) => way === key) && value === id))
  const kept = Object.fromEntries(entries)
  return typeof id === 'string' ? ledTo(kept, id, 'end') : kept
}

function idsOf(value: JsonValue | undefined): readonly string[] {
  if (!Array.isArray(value)) return []
  return (value as readonly JsonValue[]).filter(isObject).flatMap((step) => {
    const inside = Array.isArray(step.branches) ? (step.branches as readonly JsonValue[]).filter(isObject) : []
    return [String(step.id), ...inside.flatMap((branch) => idsOf(branch.steps))]
  })
}

function freeId(definition: JsonObject, stem: string, taken: readonly string[] = []): string {
  const known = new Set([...idsOf(definition.steps), ...taken])
  let number = 1
  while (known.has(`${stem}_${number}`)) number += 1
  return `${stem}_${number}`
}

function newStep(type: StepType, id: string, definition: JsonObject): JsonObject {
  switch (type) {
    case 'agent':
      return { id, type, action: '', args: {} }
    case 'api_call':
      return { id, type, method: 'GET', url: 'https://' }
    case 'approval':
      return { id, type, question: '' }
    case 'condition':
      return { id, type, branches: [{ when: 'true', next: 'end' }] }
    case 'parallel': {
      const first = freeId(definition, 'transform')
      const second = freeId(definition, 'transform', [first])
      return { id, type, branches: [newBranch('one', first), newBranch('two', second)] }
    }
    case 'transform':
      return { id, type, value: null }
  }
}

function newBranch(name: string, step: string): JsonObject {
  return { name, steps: [{ id: step, type: 'transform', value: null }] }
}

/** A branch more for a parallel step, with a name that is free. */
export function addBranch(definition: JsonObject, step: Path): JsonObject {
  const branches = valueAt(definition, [...step, 'branches'])
  const present = Array.isArray(branches) ? (branches as readonly JsonValue[]) : []
  const names = new Set(present.filter(isObject).map(({ name }) => name))
  let number = present.length + 1
  while (names.has(`branch_${number}`)) number += 1
  const branch = newBranch(`branch_${number}`, freeId(definition, 'transform'))
  return withValue(definition, [...step, 'branches'], [...present, branch])
}

/** A list without one of its items. */
export function withoutItem(definition: JsonObject, list: Path, index: number): JsonObject {
  const items = valueAt(definition, list)
  if (!Array.isArray(items)) return definition
  return withValue(
    definition,
    list,
    (items as readonly JsonValue[]).filter((_, place) => place !== index),
  )
}
