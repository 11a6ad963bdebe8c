import type { Scenario } from '@preceptor/client'
import { isObject } from '../data/is-object.ts'
import { jsonFault, type TextPlace } from './json-fault.ts'

/** What a text of scenarios holds, or everything that is wrong with it. */
export type ScenarioFile =
  | { readonly kind: 'scenarios'; readonly scenarios: readonly Scenario[] }
  | { readonly kind: 'problems'; readonly problems: readonly ScenarioProblem[] }

/** One thing that is wrong: where, and what. */
export interface ScenarioProblem {
  /** A line and column of the text, or the place in it such as `[2].grader.kind`. */
  readonly where: TextPlace | { readonly path: string }
  readonly code: ProblemCode
  /** What is there, or what could be. */
  readonly detail: string
}

/** Kinds of problems. */
export type ProblemCode =
  | 'syntax'
  | 'not_list'
  | 'too_many'
  | 'not_object'
  | 'missing'
  | 'unknown_field'
  | 'text'
  | 'too_long'
  | 'id'
  | 'version'
  | 'weight'
  | 'object'
  | 'grader'
  | 'number'
  | 'twice'

const MOST = 500
const FIELDS = ['id', 'version', 'topic', 'capability', 'task', 'input', 'grader', 'weight']
const TEXTS: Readonly<Record<string, number>> = { id: 100, topic: 100, capability: 128, task: 4_000 }
const GRADERS: Readonly<Record<string, { readonly needs: readonly string[]; readonly may: readonly string[] }>> = {
  exact: { needs: ['expected'], may: ['at'] },
  json_schema: { needs: ['schema'], may: [] },
  cel: { needs: ['condition'], may: [] },
  numeric: { needs: ['expected', 'tolerance'], may: ['at'] },
  human: { needs: ['instructions'], may: [] },
  rubric: { needs: ['rubric'], may: [] },
}

type Found = readonly ScenarioProblem[]

/** Reads scenarios as JSON: a list of them, or one. The server looks at conditions and schemas as well. */
export function parseScenarioFile(text: string): ScenarioFile {
  const parsed = parseJson(text)
  if ('problem' in parsed) return { kind: 'problems', problems: [parsed.problem] }
  const values = isObject(parsed.value) ? [parsed.value] : parsed.value
  if (!Array.isArray(values)) return { kind: 'problems', problems: [at('', 'not_list', typeof values)] }
  if (values.length > MOST) return { kind: 'problems', problems: [at('', 'too_many', String(MOST))] }
  const problems = [...values.flatMap((value, index) => problemsOf(value, `[${index}]`)), ...twice(values)]
  // Every field was looked at just now.
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'scenarios', scenarios: values as Scenario[] }
}

function problemsOf(value: unknown, path: string): Found {
  if (!isObject(value)) return [at(path, 'not_object', JSON.stringify(value) ?? '')]
  const missing = FIELDS.filter((field) => value[field] === undefined)
  return [
    ...missing.map((field) => at(`${path}.${field}`, 'missing', field)),
    ...Object.keys(value).flatMap((key) => (FIELDS.includes(key) ? [] : [at(`${path}.${key}`, 'unknown_field', key)])),
    ...Object.entries(TEXTS).flatMap(([field, most]) => textProblems(value[field], { path: `${path}.${field}`, most })),
    ...idProblems(value.id, path),
    ...numberProblems(value, path),
    ...(value.input === undefined || isObject(value.input) ? [] : [at(`${path}.input`, 'object', typeof value.input)]),
    ...(value.grader === undefined ? [] : graderProblems(value.grader, `${path}.grader`)),
  ]
}

function textProblems(value: unknown, { path, most }: { readonly path: string; readonly most: number }): Found {
  if (value === undefined) return []
  if (typeof value !== 'string' || value === '') return [at(path, 'text', JSON.stringify(value) ?? '')]
  return value.length > most ? [at(path, 'too_long', `${value.length} > ${most}`)] : []
}

function idProblems(id: unknown, path: string): Found {
  if (typeof id !== 'string' || id === '' || /^[A-Za-z0-9._:-]+$/.test(id)) return []
  return [at(`${path}.id`, 'id', id)]
}

function numberProblems({ version, weight }: Readonly<Record<string, unknown>>, path: string): Found {
  const isVersion = version === undefined || (Number.isInteger(version) && Number(version) >= 1)
  const isWeight = weight === undefined || (typeof weight === 'number' && weight > 0 && weight <= 10)
  return [
    ...(isVersion ? [] : [at(`${path}.version`, 'version', JSON.stringify(version) ?? '')]),
    ...(isWeight ? [] : [at(`${path}.weight`, 'weight', JSON.stringify(weight) ?? '')]),
  ]
}

function graderProblems(grader: unknown, path: string): Found {
  const kinds = Object.keys(GRADERS).join(', ')
  if (!isObject(grader)) return [at(path, 'object', typeof grader)]
  const known =
    typeof grader.kind === 'string' && Object.hasOwn(GRADERS, grader.kind) ? GRADERS[grader.kind] : undefined
  if (known === undefined) return [at(`${path}.kind`, 'grader', kinds)]
  const allowed = ['kind', ...known.needs, ...known.may]
  const isNumeric = grader.kind === 'numeric'
  return [
    ...known.needs.flatMap((field) => (grader[field] === undefined ? [at(`${path}.${field}`, 'missing', field)] : [])),
    ...Object.keys(grader).flatMap((key) =>
      allowed.includes(key) ? [] : [at(`${path}.${key}`, 'unknown_field', key)],
    ),
    ...(isNumeric
      ? known.needs.flatMap((field) =>
          grader[field] === undefined || typeof grader[field] === 'number'
            ? []
            : [at(`${path}.${field}`, 'number', JSON.stringify(grader[field]) ?? '')],
        )
      : []),
  ]
}

function twice(values: readonly unknown[]): Found {
  const names = values.map((value) => (isObject(value) ? `${String(value.id)} ${String(value.version)}` : ''))
  return names.flatMap((name, index) =>
    name !== '' && names.indexOf(name) < index ? [at(`[${index}]`, 'twice', name)] : [],
  )
}

function parseJson(text: string): { readonly value: unknown } | { readonly problem: ScenarioProblem } {
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { problem: { where: jsonFault(text) ?? { line: 1, column: 1 }, code: 'syntax', detail: message } }
  }
}

function at(path: string, code: ProblemCode, detail: string): ScenarioProblem {
  return { where: { path }, code, detail }
}
