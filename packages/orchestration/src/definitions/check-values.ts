import { GovernanceError, type JsonValue } from '@preceptor/client'
import { type HeaderValue, headerRefusal } from '../api-calls/api-call-args.ts'
import type { DefinitionProblem } from '../client/workflow-definition.ts'
import { expressionIn, isObject, secretIn, workflowExpression } from './expressions.ts'
import type { WorkflowPlan } from './graph.ts'
import { pathText } from './parse-definition.ts'
import type { LocatedValue } from './step-values.ts'

type Problems = readonly DefinitionProblem[]

const NAME_OF_SECRET = 'A name is a letter, then letters, digits, _ . and -, 100 at most.'
const SECRET_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,99}$/
const OF_A_RUN: ReadonlySet<string> = new Set(['id', 'workflow', 'version', 'startedBy', 'startedAt'])

/** What is wrong with a value: its form, its expressions, and what they name. */
export function valueProblems(located: LocatedValue, plan: WorkflowPlan): Problems {
  const { value, path, kind } = located
  if (kind === 'when') return expressionProblems(String(value), path, { located, plan })
  if (kind === 'header') {
    const secret = secretIn(value)
    if (secret !== undefined && !SECRET_NAME.test(secret.$secret)) return [malformed(`${path}.$secret`, NAME_OF_SECRET)]
    if (secret !== undefined || typeof value === 'string') return headerProblems(located, secret ?? String(value))
  }
  const form = formProblem(located)
  return form === null ? insideProblems(value, path, { located, plan }) : [malformed(path, form)]
}

function formProblem({ value, kind }: LocatedValue): string | null {
  if (kind === 'any' || expressionIn(value) !== undefined) return null
  if (kind === 'object') return isObject(value) ? null : 'An object is needed, or an expression that gives one.'
  if (kind === 'header') {
    return typeof value === 'string' || isObject(value) ? null : 'A text is needed, or an expression that gives one.'
  }
  return isAddress(value) ? null : 'An address with http or https is needed, or an expression that gives one.'
}

function isAddress(value: JsonValue): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  const { protocol, username, password } = new URL(value)
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === ''
}

interface At {
  readonly located: LocatedValue
  readonly plan: WorkflowPlan
}

function insideProblems(value: JsonValue, path: string, at: At): Problems {
  if (typeof value !== 'object' || value === null) return []
  if (!isObject(value)) {
    // What is no object is a list.
    return (value as readonly JsonValue[]).flatMap((item, index) => insideProblems(item, `${path}[${index}]`, at))
  }
  const source = expressionIn(value)
  if (source !== undefined) return expressionProblems(source, `${path}.$cel`, at)
  if (Object.hasOwn(value, '$secret')) {
    return [malformed(path, 'A secret is only filled in as a header of an api_call step, alone or with a prefix.')]
  }
  if (Object.hasOwn(value, '$cel')) {
    return [malformed(path, 'An object with "$cel" holds nothing else, and the expression is a text.')]
  }
  return Object.entries(value).flatMap(([key, item]) => insideProblems(item, under(path, key), at))
}

function under(path: string, key: string): string {
  const part = pathText([key])
  return part.startsWith('[') ? `${path}${part}` : `${path}.${part}`
}

/** The header of the action that the step attempts has the same rule: what it would refuse is told here. */
function headerProblems({ path, header = '' }: LocatedValue, value: HeaderValue): Problems {
  const problem = headerRefusal(header, value)
  return problem === undefined ? [] : [malformed(path, `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`)]
}

function expressionProblems(source: string, path: string, { located, plan }: At): Problems {
  try {
    const { references } = workflowExpression(source)
    return references.flatMap((reference) => {
      const message = referenceProblem(reference, located.step, plan)
      return message === null ? [] : [{ path, code: 'unknown_reference' as const, message }]
    })
  } catch (error) {
    if (!GovernanceError.isInstance(error)) throw error
    return [{ path, code: 'expression_invalid', message: error.message }]
  }
}

function referenceProblem([variable, name]: readonly string[], from: string | null, plan: WorkflowPlan): string | null {
  if (name === undefined) return null
  if (variable === 'run') return OF_A_RUN.has(name) ? null : `A run has no ${JSON.stringify(name)}.`
  if (variable !== 'steps' && variable !== 'failures') return null
  if (plan.step(name) === undefined) return `There is no step ${JSON.stringify(name)}.`
  if (from === null || mayComeBefore(plan, name, from)) return null
  return `The step ${JSON.stringify(name)} cannot have ended before ${JSON.stringify(from)} begins.`
}

/** Whether a step can have ended when another one begins: along the ways of the innermost list that holds both. */
function mayComeBefore(plan: WorkflowPlan, earlier: string, later: string): boolean {
  const before = ancestry(plan, earlier)
  const after = ancestry(plan, later)
  for (const [list, id] of before) {
    const other = after.get(list)
    if (other !== undefined) return plan.reachableFrom(id).has(other)
  }
  return false
}

/** A step and the parallel steps around it, each by the list that it stands in, innermost first. */
function ancestry(plan: WorkflowPlan, id: string): ReadonlyMap<string | null, string> {
  const found = new Map<string | null, string>()
  for (let at: string | undefined = id; at !== undefined; at = plan.parentOf(at)?.parallel)
    found.set(plan.listOf(at), at)
  return found
}

function malformed(path: string, message: string): DefinitionProblem {
  return { path, code: 'malformed', message }
}
