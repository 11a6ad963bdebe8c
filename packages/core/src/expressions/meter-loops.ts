import type { Expression, ExpressionOf } from '../policy/condition-guard.ts'

/** Pays for the rounds of a loop before the first: what is looped over, and how much one round may evaluate. */
export const EACH = '@each'
/** Adds to the list that a loop collects, without a copy of what it collected. */
export const APPEND = '@append'

/**
 * Makes every comprehension pay for its rounds. The functions that it puts in have names that no source can write; the tree
 * is changed in place.
 */
export function meterLoops(root: Expression): Expression {
  weigh(root)
  return root
}

/** Changes the loops of an expression and gives the number of its nodes. */
function weigh(expression: Expression | undefined): number {
  if (expression === undefined) return 0
  const kind = expression.exprKind
  switch (kind.case) {
    case 'selectExpr':
      return 1 + weigh(kind.value.operand)
    case 'callExpr':
      return 1 + weigh(kind.value.target) + sum(kind.value.args)
    case 'listExpr':
      return 1 + sum(kind.value.elements)
    case 'structExpr':
      return kind.value.entries.reduce(
        (total, { keyKind, value }) =>
          total + weigh(keyKind.case === 'mapKey' ? keyKind.value : undefined) + weigh(value),
        1,
      )
    case 'comprehensionExpr':
      return weighLoop(expression, kind.value)
    default:
      return 1
  }
}

function sum(expressions: readonly Expression[]): number {
  return expressions.reduce((total, expression) => total + weigh(expression), 0)
}

function weighLoop(expression: Expression, fold: ExpressionOf<'comprehensionExpr'>): number {
  const range = weigh(fold.iterRange)
  const body = weigh(fold.loopCondition) + weigh(fold.loopStep)
  if (fold.accuInit?.exprKind.case === 'listExpr') collect(fold.loopStep)
  if (fold.iterRange !== undefined) fold.iterRange = paid(expression.id, fold.iterRange, body)
  return 1 + range + body
}

/** The step of map() and filter() is `@result + [item]`, with a condition around it or not. */
function collect(step: Expression | undefined): void {
  if (step?.exprKind.case !== 'callExpr') return
  const call = step.exprKind.value
  if (call.function === '_?_:_') collect(call.args[1])
  else if (call.function === '_+_') call.function = APPEND
}

function paid(id: bigint, range: Expression, body: number): Expression {
  const weight: Expression = {
    $typeName: 'cel.expr.Expr',
    id,
    exprKind: {
      case: 'constExpr',
      value: { $typeName: 'cel.expr.Constant', constantKind: { case: 'int64Value', value: BigInt(body) } },
    },
  }
  return {
    $typeName: 'cel.expr.Expr',
    id,
    exprKind: {
      case: 'callExpr',
      value: { $typeName: 'cel.expr.Expr.Call', function: EACH, args: [range, weight] },
    },
  }
}
