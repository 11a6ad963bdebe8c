import type { parse } from '@bufbuild/cel'
import type { GovernanceError } from '@preceptor/client'

/** What a condition can name. */
export const CONDITION_VARIABLES = ['args', 'agent', 'action', 'resource', 'source', 'type', 'now'] as const

/** A node of the syntax tree. */
export type Expression = ReturnType<typeof parse>['expr']

/** Makes the error for a problem. */
export type Refuse = (problem: string, cause?: unknown) => GovernanceError

/** What a source may hold beside what every one may. */
export interface GuardRules {
  /** What it can name. */
  readonly variables: readonly string[]
  readonly mostLiterals: number
  /** How many comprehensions may stand in one another. */
  readonly deepestLoops: number
  /** Whether it makes values, with `map()`, `filter()` and `string()`, and not only compares. */
  readonly makesValues: boolean
}

/** The rules of a condition. */
export const CONDITION_RULES: GuardRules = {
  variables: CONDITION_VARIABLES,
  mostLiterals: 64,
  deepestLoops: 1,
  makesValues: false,
}

const DEEPEST = 64
const PREDICATE_RESULT = '@result'

const TIME_METHODS = [
  'getFullYear',
  'getMonth',
  'getDate',
  'getDayOfMonth',
  'getDayOfWeek',
  'getHours',
  'getMinutes',
  'getSeconds',
]

/** Operators and functions, by the number of their arguments. */
const FUNCTIONS: ReadonlyMap<string, number> = new Map([
  ...['!_', '-_', '@not_strictly_false', 'int', 'double', 'size', 'timestamp', 'duration'].map(arity(1)),
  ...['_+_', '_-_', '_*_', '_/_', '_%_', '_==_', '_!=_', '_<_', '_<=_', '_>_', '_>=_'].map(arity(2)),
  ...['_&&_', '_||_', '@in', '_[_]'].map(arity(2)),
  ['_?_:_', 3],
])
const MAKING_FUNCTIONS: ReadonlyMap<string, number> = new Map([...FUNCTIONS, ['string', 1]])

/** Methods, by the number of their arguments without the target. */
const METHODS: ReadonlyMap<string, number> = new Map([
  ...['size', ...TIME_METHODS].map(arity(0)),
  ...['contains', 'startsWith', 'endsWith', 'matches'].map(arity(1)),
])

/** A part of an expression of one kind. */
export type ExpressionOf<Case extends Expression['exprKind']['case']> = Extract<
  Expression['exprKind'],
  { case: Case }
>['value']

/** Where the walk stands, and what it has found. */
interface Walk {
  readonly depth: number
  /** Variables of the comprehensions around it. */
  readonly items: readonly string[]
  readonly found: { literals: number; readonly patterns: Set<string> }
  readonly rules: GuardRules
  readonly refuse: Refuse
}

/**
 * Walks the syntax tree and refuses what is not in the supported subset.
 *
 * @returns the patterns of `matches`, which must be literals.
 */
export function assertBounded(root: Expression, rules: GuardRules, refuse: Refuse): ReadonlySet<string> {
  const found = { literals: 0, patterns: new Set<string>() }
  visit(root, { depth: 1, items: [], found, rules, refuse })
  return found.patterns
}

function visit(expression: Expression | undefined, walk: Walk): void {
  if (walk.depth > DEEPEST) throw walk.refuse(`it is nested deeper than ${DEEPEST} levels`)
  const inner = { ...walk, depth: walk.depth + 1 }
  const kind = expression?.exprKind
  if (kind?.case === 'constExpr') countLiteral(walk)
  else if (kind?.case === 'identExpr') assertKnown(kind.value.name, walk)
  else if (kind?.case === 'selectExpr') visit(kind.value.operand, inner)
  else if (kind?.case === 'callExpr') visitCall(kind.value, inner)
  else if (kind?.case === 'listExpr') for (const element of kind.value.elements) visit(element, inner)
  else if (kind?.case === 'structExpr') visitMap(kind.value, inner)
  else if (kind?.case === 'comprehensionExpr') visitComprehension(kind.value, inner)
  else throw walk.refuse('it is incomplete')
}

function countLiteral({ found, rules, refuse }: Walk): void {
  found.literals += 1
  if (found.literals > rules.mostLiterals) throw refuse(`it has more than ${rules.mostLiterals} literals`)
}

function assertKnown(name: string, { items, rules, refuse }: Walk): void {
  if (rules.variables.includes(name) || items.includes(name)) return
  if (items.length > 0 && name === PREDICATE_RESULT) return
  throw refuse(`it names ${JSON.stringify(name)}; it can name ${rules.variables.join(', ')}`)
}

function visitCall(call: ExpressionOf<'callExpr'>, walk: Walk): void {
  const functions = walk.rules.makesValues ? MAKING_FUNCTIONS : FUNCTIONS
  const supported = call.target === undefined ? functions : METHODS
  if (supported.get(call.function) !== call.args.length) {
    const kind = call.target === undefined ? 'function' : 'method'
    throw walk.refuse(`it uses ${JSON.stringify(call.function)} as a ${kind} of ${call.args.length} arguments`)
  }
  if (call.function === 'matches') walk.found.patterns.add(patternOf(call.args[0], walk))
  if (call.target !== undefined) visit(call.target, walk)
  for (const argument of call.args) visit(argument, walk)
}

function patternOf(expression: Expression | undefined, { refuse }: Walk): string {
  const kind = expression?.exprKind
  const constant = kind?.case === 'constExpr' ? kind.value.constantKind : undefined
  if (constant?.case === 'stringValue') return constant.value
  throw refuse('the pattern of matches() is no literal')
}

function visitMap(map: ExpressionOf<'structExpr'>, walk: Walk): void {
  if (map.messageName !== '') throw walk.refuse(`it makes a ${JSON.stringify(map.messageName)}`)
  for (const { keyKind, value } of map.entries) {
    visit(keyKind.case === 'mapKey' ? keyKind.value : undefined, walk)
    visit(value, walk)
  }
}

function visitComprehension(fold: ExpressionOf<'comprehensionExpr'>, walk: Walk): void {
  const { deepestLoops, makesValues, variables } = walk.rules
  if (walk.items.length >= deepestLoops) {
    throw walk.refuse(
      deepestLoops === 1
        ? 'one comprehension is inside another'
        : `comprehensions stand in one another more than ${deepestLoops} levels deep`,
    )
  }
  // map() and filter() collect into a list; all(), exists() and exists_one() do not.
  if (!makesValues && fold.accuInit?.exprKind.case !== 'constExpr') {
    throw walk.refuse('map() and filter() are not supported')
  }
  if (variables.includes(fold.iterVar))
    throw walk.refuse(`it uses the name ${JSON.stringify(fold.iterVar)} for an item`)
  visit(fold.iterRange, walk)
  const inside = { ...walk, items: [...walk.items, fold.iterVar] }
  for (const part of [fold.loopCondition, fold.loopStep, fold.result]) visit(part, inside)
}

function arity(count: number): (name: string) => readonly [string, number] {
  return (name) => [name, count]
}
