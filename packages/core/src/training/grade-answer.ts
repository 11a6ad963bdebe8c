import type { JsonValue, ScenarioGrader } from '@preceptor/client'
import { compileCondition, evaluateCondition } from '../policy/condition.ts'
import { gradeByRubric } from './grade-by-rubric.ts'
import type { Grading, GradingRequest } from './grading.ts'
import { schemaValidator } from './schema-validator.ts'

const FULL = 10_000

/** Whether a grader needs no person. */
export function isAutomatic({ kind }: ScenarioGrader): boolean {
  return kind !== 'human'
}

/** Grades an answer by the grader of its scenario. */
export async function gradeAnswer(request: GradingRequest): Promise<Grading> {
  const { grader } = request.scenario
  try {
    if (grader.kind === 'human') return { result: 'waits' }
    if (grader.kind === 'rubric') return await gradeByRubric(request, grader.rubric)
    const problem = problemOf(request, grader)
    return {
      result: 'graded',
      score: problem === null ? FULL : 0,
      feedback: problem,
      gradedBy: `grader:${grader.kind}`,
    }
  } catch (error) {
    return { result: 'outage', message: error instanceof Error ? error.message : String(error) }
  }
}

type Deterministic = Exclude<ScenarioGrader, { kind: 'human' | 'rubric' }>

/** What is wrong with an answer; null when nothing is. It does not give the expected answer away. */
function problemOf(request: GradingRequest, grader: Deterministic): string | null {
  const { answer } = request
  switch (grader.kind) {
    case 'exact':
      return holds(grader.expected, valueAt(answer, grader.at)) ? null : 'The answer is not the expected one.'
    case 'json_schema': {
      const problems = schemaValidator(grader.schema)(answer)
      return problems.length === 0 ? null : problems.join(' ').slice(0, 1_000)
    }
    case 'numeric':
      return numberProblem(valueAt(answer, grader.at), grader)
    case 'cel':
      return holdsCondition(request, grader.condition) ? null : 'The answer does not meet the condition.'
    default:
      return grader satisfies never
  }
}

function numberProblem(
  value: JsonValue | undefined,
  { expected, tolerance }: { readonly expected: number; readonly tolerance: number },
): string | null {
  if (typeof value !== 'number') return 'The answer has no number where one is needed.'
  return Math.abs(value - expected) <= tolerance ? null : 'The number is not the expected one.'
}

/** A condition that names what the answer lacks does not hold: the answer is wrong, not the grader. */
function holdsCondition({ scenario, agent, answer, at }: GradingRequest, source: string): boolean {
  const condition = compileCondition(source)
  const args = { answer, input: scenario.input }
  try {
    return evaluateCondition(condition, { args, agent, action: '', resource: '', source: '', type: '', now: at })
  } catch {
    return false
  }
}

/** Whether a value holds everything that is expected, and may hold more beside it. */
function holds(expected: JsonValue, value: JsonValue | undefined): boolean {
  if (typeof expected !== 'object' || expected === null) return expected === value
  if (typeof value !== 'object' || value === null || Array.isArray(expected) !== Array.isArray(value)) return false
  if (Array.isArray(expected) && Array.isArray(value)) {
    return expected.length === value.length && expected.every((item, index) => holds(item, value[index]))
  }
  return Object.entries(expected).every(([key, item]) => holds(item, member(value, key)))
}

/** The part of an answer that a JSON Pointer names. */
function valueAt(answer: JsonValue, pointer = ''): JsonValue | undefined {
  const steps = pointer.split('/').slice(1)
  return steps
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<JsonValue | undefined>((value, step) => member(value, step), answer)
}

function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return Reflect.get(value, key)
}
