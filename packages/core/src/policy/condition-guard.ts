import type { parse } from '@bufbuild/cel'
import type { GovernanceError } from '@preceptor/client'

/** What a condition can name. */
export const CONDITION_VARIABLES = ['args', 'agent', 'action', 'resource', 'source', 'type', 'now'] as const

/** A node of the syntax tree. */
export type Expression = ReturnType<typeof parse>['expr']

/** Makes the error for a problem. */
export type Refuse = (problem: string, cause?: unknown) => GovernanceError

const MOST_LITERALS = 64
const DEEPEST = 64
const PREDICATE_RESULT = '@result'

const VARIABLES: ReadonlySet<string> = new Set(CONDITION_VARIABLES)

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

/** Functions by the number of their arguments, the target of a method included. */
const FUNCTIONS: ReadonlyMap<string, number> = new Map([
  ...['!_', '-_', '@not_strictly_false', 'int', 'double', 'size', 'timestamp', 'duration'].map(arity(1)),
  ...TIME_METHODS.map(arity(1)),
  ...['_+_', '_-_', '_*_', '_/_', '_%_', '_==_', '_!=_', '_<_', '_<=_', '_>_', '_>=_'].map(arity(2)),
  ...['_&&_', '_||_', '@in', '_[_]', 'contains', 'startsWith', 'endsWith', 'matches'].map(arity(2)),
  ['_?_:_', 3],
])

/** Where the walk stands. */
interface Walk {
  readonly depth: number
  /** Variable of the comprehension around it. */
  readonly item: string | null
}

/**
 * Walks the syntax tree and refuses what is not in the supported subset.
 *
 * @returns the patterns of `matches`, which must be literals.
 */
export function assertBounded(root: Expression, refuse: Refuse): ReadonlySet<string> {
  const patterns = new Set<string>()
  let literals = 0

  function visit(expression: Expression | undefined, walk: Walk): void {
    if (expression === undefined) throw refuse('it is incomplete')
    if (walk.depth > DEEPEST) throw refuse(`it is nested deeper than ${DEEPEST} levels`)
    const inner = { ...walk, depth: walk.depth + 1 }
    const { exprKind } = expression
    switch (exprKind.case) {
      case 'constExpr':
        literals += 1
        if (literals > MOST_LITERALS) throw refuse(`it has more than ${MOST_LITERALS} literals`)
        return
      case 'identExpr':
        return assertKnown(exprKind.value.name, walk)
      case 'selectExpr':
        return visit(exprKind.value.operand, inner)
      case 'callExpr':
        return visitCall(exprKind.value, inner)
      case 'listExpr':
        for (const element of exprKind.value.elements) visit(element, inner)
        return
      case 'structExpr':
        return visitMap(exprKind.value, inner)
      case 'comprehensionExpr':
        return visitComprehension(exprKind.value, inner)
      default:
        throw refuse('it is incomplete')
    }
  }

  function assertKnown(name: string, { item }: Walk): void {
    if (VARIABLES.has(name) || name === item || (item !== null && name === PREDICATE_RESULT)) return
    throw refuse(`it names ${JSON.stringify(name)}; it can name ${CONDITION_VARIABLES.join(', ')}`)
  }

  function visitCall(call: Extract<Expression['exprKind'], { case: 'callExpr' }>['value'], walk: Walk): void {
    const values = call.target === undefined ? call.args : [call.target, ...call.args]
    if (FUNCTIONS.get(call.function) !== values.length) {
      throw refuse(`it calls ${JSON.stringify(call.function)} with ${values.length} values, which is not supported`)
    }
    if (call.function === 'matches') patterns.add(patternOf(values[1]))
    for (const value of values) visit(value, walk)
  }

  function patternOf(expression: Expression | undefined): string {
    const kind = expression?.exprKind
    const constant = kind?.case === 'constExpr' ? kind.value.constantKind : undefined
    if (constant?.case === 'stringValue') return constant.value
    throw refuse('the pattern of matches() is no literal')
  }

  function visitMap(map: Extract<Expression['exprKind'], { case: 'structExpr' }>['value'], walk: Walk): void {
    if (map.messageName !== '') throw refuse(`it makes a ${JSON.stringify(map.messageName)}`)
    for (const { keyKind, value } of map.entries) {
      visit(keyKind.case === 'mapKey' ? keyKind.value : undefined, walk)
      visit(value, walk)
    }
  }

  function visitComprehension(
    fold: Extract<Expression['exprKind'], { case: 'comprehensionExpr' }>['value'],
    walk: Walk,
  ): void {
    if (walk.item !== null) throw refuse('one comprehension is inside another')
    // map() and filter() collect into a list; all(), exists() and exists_one() do not.
    if (fold.accuInit?.exprKind.case !== 'constExpr') throw refuse('map() and filter() are not supported')
    if (VARIABLES.has(fold.iterVar)) throw refuse(`it uses the name ${JSON.stringify(fold.iterVar)} for an item`)
    visit(fold.iterRange, walk)
    const inside = { ...walk, item: fold.iterVar }
    for (const part of [fold.loopCondition, fold.loopStep, fold.result]) visit(part, inside)
  }

  visit(root, { depth: 1, item: null })
  return patterns
}

function arity(count: number): (name: string) => readonly [string, number] {
  return (name) => [name, count]
}
