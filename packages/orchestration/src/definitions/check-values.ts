import { GovernanceError, type JsonValue } from '@preceptor/client'
import { type HeaderValue, headerRefusal } from '../api-calls/api-call-args.ts'
import type { DefinitionProblem } from '../client/workflow-definition.ts'
import { expressionIn, isObject, secretIn, workflowExpression } from './expressions.ts'
import type { WorkflowPlan } from './graph.ts'
import { pathText } from './parse-definition.ts'
import type { LocatedValue } from './step-values.ts'

type Problems = Iterable<DefinitionProblem>

const NAME_OF_SECRET = 'A name is a letter, then letters, digits, _ . and -, 100 at most.'
const SECRET_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,99}$/
const OF_A_RUN: ReadonlySet<string> = new Set(['id', 'workflow', 'version', 'startedBy', 'startedAt'])

const MOST_EXPRESSIONS = 500
const MOST_CHARACTERS = 16_384

/** What is wrong with values, one after the other: their form, their expressions, and what they name. */
export function* valuesProblems(values: readonly LocatedValue[], plan: WorkflowPlan): Generator<DefinitionProblem> {
  const known: Known = { plan, sources: new Set(), messages: new Map(), characters: 0, isFull: false }
  for (const located of values) yield* valueProblems(located, known)
}

/** What the values of one definition have in common: what was worked out for one is not worked out again. */
interface Known {
  readonly plan: WorkflowPlan
  /** Sources of the expressions so far; to compile them takes the longest of all. */
  readonly sources: Set<string>
  /** What is wrong with a reference from a step. */
  readonly messages: Map<string, string | null>
  characters: number
  isFull: boolean
}

function valueProblems(located: LocatedValue, known: Known): Problems {
  const { value, path, kind } = located
  if (kind === 'when') return expressionProblems(String(value), path, { located, known })
  if (kind === 'header') {
    const secret = secretIn(value)
    if (secret !== undefined && !SECRET_NAME.test(secret.$secret)) return [malformed(`${path}.$secret`, NAME_OF_SECRET)]
    if (secret !== undefined || typeof value === 'string') return headerProblems(located, secret ?? String(value))
  }
  const form = formProblem(located)
  if (form !== null) return [malformed(path, form)]
  return mayHold(value) ? insideProblems(value, path, { located, known }) : []
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
  readonly known: Known
}

function* insideProblems(value: JsonValue, path: string, at: At): Generator<DefinitionProblem> {
  if (!isObject(value)) {
    // What is no object is a list.
    for (const [index, item] of (value as readonly JsonValue[]).entries()) {
      if (mayHold(item)) yield* insideProblems(item, `${path}[${index}]`, at)
    }
    return
  }
  const source = expressionIn(value)
  if (source !== undefined) yield* expressionProblems(source, `${path}.$cel`, at)
  else if (Object.hasOwn(value, '$secret')) {
    yield malformed(path, 'A secret is only filled in as a header of an api_call step, alone or with a prefix.')
  } else if (Object.hasOwn(value, '$cel')) {
    yield malformed(path, 'An object with "$cel" holds nothing else, and the expression is a text.')
  } else {
    for (const [key, item] of Object.entries(value)) {
      if (mayHold(item)) yield* insideProblems(item, under(path, key), at)
    }
  }
}

/** Whether there can be an expression in a value. */
function mayHold(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null
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

function* expressionProblems(source: string, path: string, { located, known }: At): Generator<DefinitionProblem> {
  if (known.isFull) return
  if (!hasRoom(source, known)) {
    known.isFull = true
    yield malformed(
      path,
      `There are more than ${MOST_EXPRESSIONS} different expressions, or more than ${MOST_CHARACTERS} characters of them.`,
    )
    return
  }
  const compiled = compile(source)
  if (typeof compiled === 'string') yield { path, code: 'expression_invalid', message: compiled }
  else {
    for (const reference of compiled) {
      const message = messageOf(reference, located.step, known)
      if (message !== null) yield { path, code: 'unknown_reference', message }
    }
  }
}

function hasRoom(source: string, known: Known): boolean {
  if (known.sources.has(source)) return true
  known.sources.add(source)
  known.characters += source.length
  return known.sources.size <= MOST_EXPRESSIONS && known.characters <= MOST_CHARACTERS
}

/** What an expression names; a text says why it is none. */
function compile(source: string): readonly (readonly string[])[] | string {
  try {
    return workflowExpression(source).references
  } catch (error) {
    if (!GovernanceError.isInstance(error)) throw error
    return error.message
  }
}

function messageOf(reference: readonly string[], from: string | null, { plan, messages }: Known): string | null {
  const key = JSON.stringify([from, ...reference.slice(0, 2)])
  const found = messages.get(key)
  const message = found === undefined ? referenceProblem(reference, from, plan) : found
  messages.set(key, message)
  return message
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
