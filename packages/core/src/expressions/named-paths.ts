import type { Expression } from '../policy/condition-guard.ts'

/** The paths of fields that an expression names, as far as they are written down; each once, in the order of the source. */
export function namedPaths(root: Expression, variables: readonly string[]): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>()
  visit(root, new Set(variables), (path) => found.set(JSON.stringify(path), path))
  return [...found.values()]
}

type Note = (path: readonly string[]) => void

function visit(expression: Expression | undefined, variables: ReadonlySet<string>, note: Note): void {
  if (expression === undefined) return
  const path = pathOf(expression, variables)
  if (path !== undefined) {
    note(path)
    return
  }
  for (const part of partsOf(expression)) visit(part, variables, note)
}

function partsOf({ exprKind }: Expression): readonly (Expression | undefined)[] {
  switch (exprKind.case) {
    case 'selectExpr':
      return [exprKind.value.operand]
    case 'callExpr':
      return [exprKind.value.target, ...exprKind.value.args]
    case 'listExpr':
      return exprKind.value.elements
    case 'structExpr':
      return exprKind.value.entries.flatMap(({ keyKind, value }) => [
        keyKind.case === 'mapKey' ? keyKind.value : undefined,
        value,
      ])
    case 'comprehensionExpr':
      return [exprKind.value.iterRange, exprKind.value.loopCondition, exprKind.value.loopStep, exprKind.value.result]
    default:
      return []
  }
}

/** The path of `steps.review.total` and of `steps["review"].total`; undefined for what is no path of a variable. */
function pathOf({ exprKind }: Expression, variables: ReadonlySet<string>): readonly string[] | undefined {
  if (exprKind.case === 'identExpr') return variables.has(exprKind.value.name) ? [exprKind.value.name] : undefined
  if (exprKind.case === 'selectExpr') return longer(exprKind.value.operand, exprKind.value.field, variables)
  if (exprKind.case !== 'callExpr' || exprKind.value.function !== '_[_]') return undefined
  const [operand, index] = exprKind.value.args
  const constant = index?.exprKind.case === 'constExpr' ? index.exprKind.value.constantKind : undefined
  return constant?.case === 'stringValue' ? longer(operand, constant.value, variables) : undefined
}

function longer(
  operand: Expression | undefined,
  field: string,
  variables: ReadonlySet<string>,
): readonly string[] | undefined {
  const path = operand && pathOf(operand, variables)
  return path && [...path, field]
}
