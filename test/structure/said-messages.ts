import ts from 'typescript'
import type { Part } from './dashboard-texts.ts'
import { holesOf } from './message-holes.ts'
import { nodesOf, placeOf, type Source } from './sources.ts'

/** A message as a page says it. */
export interface Saying {
  readonly place: string
  readonly part: Part
  readonly key: string
  readonly isRich: boolean
  /** Names of what it is filled with; undefined where that cannot be read off. */
  readonly given: ReadonlySet<string> | undefined
}

/** Every message that a file says by its key: `t('key', {…})` and `t.rich('key', {…})` of a `t` that it got by `useText` or `textOf`. */
export function sayingsOf(source: Source, parts: readonly Part[]): readonly Saying[] {
  return [...nodesOf(source.tree)].flatMap((node) => {
    if (!ts.isCallExpression(node)) return []
    const rich = ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'rich'
    const speaker =
      rich && ts.isPropertyAccessExpression(node.expression) ? node.expression.expression : node.expression
    const constant = constantOf(speaker)
    const part = parts.find((known) => known.constant === constant)
    const [key, values] = node.arguments
    if (part === undefined || key === undefined) return []
    const place = placeOf(source, node)
    return keysOf(key).map((name) => ({ place, part, key: name, isRich: rich, given: namesOf(values) }))
  })
}

/** The constants of the parts of which some message is chosen by data, such as the code of an alert. */
export function chosenByData(sources: readonly Source[]): ReadonlySet<string> {
  const constants = new Set<string>()
  for (const node of sources.flatMap(({ tree }) => [...nodesOf(tree)])) {
    if (!ts.isCallExpression(node)) continue
    const { expression, arguments: given } = node
    const isRich = ts.isPropertyAccessExpression(expression) && expression.name.text === 'rich'
    const constant = constantOf(isRich ? expression.expression : expression)
    const [key] = given
    if (constant !== undefined && key !== undefined && keysOf(key).length === 0) constants.add(constant)
  }
  return constants
}

/** The part that a `t` speaks for, by the constant of the part: the nearest declaration counts. */
function constantOf(speaker: ts.Expression): string | undefined {
  if (ts.isCallExpression(speaker)) return constantOfText(speaker)
  if (!ts.isIdentifier(speaker)) return undefined
  for (let scope: ts.Node | undefined = speaker.parent; scope !== undefined; scope = scope.parent) {
    const statements = ts.isBlock(scope) || ts.isSourceFile(scope) ? scope.statements : []
    for (const statement of statements) {
      const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations : []
      const found = declared.find(({ name }) => ts.isIdentifier(name) && name.text === speaker.text)
      if (found?.initializer !== undefined) {
        return ts.isCallExpression(found.initializer) ? constantOfText(found.initializer) : undefined
      }
    }
    const parameters = ts.isFunctionLike(scope) ? scope.parameters : []
    if (parameters.some(({ name }) => name.getText() === speaker.text)) return undefined
  }
  return undefined
}

function constantOfText({ expression, arguments: [constant] }: ts.CallExpression): string | undefined {
  return ['useText', 'textOf'].includes(expression.getText()) ? constant?.getText() : undefined
}

function keysOf(key: ts.Expression): readonly string[] {
  if (ts.isStringLiteral(key)) return [key.text]
  return ts.isConditionalExpression(key) ? [...keysOf(key.whenTrue), ...keysOf(key.whenFalse)] : []
}

function namesOf(values: ts.Expression | undefined): ReadonlySet<string> | undefined {
  if (values === undefined) return new Set()
  if (!ts.isObjectLiteralExpression(values)) return undefined
  const names = values.properties.map(({ name }) =>
    name !== undefined && ts.isIdentifier(name) ? name.text : undefined,
  )
  return names.includes(undefined) ? undefined : new Set(names.filter((name) => name !== undefined))
}

/** What is wrong with how a message is said; undefined for nothing. */
export function faultOf({ place, part, key, isRich, given }: Saying): string | undefined {
  const message = part.messages.find((known) => known.key === key)
  if (message === undefined) return `${place} says ${part.name}.${key}, which there is not`
  const { values, tags } = holesOf(message.text)
  if (tags.size > 0 && !isRich) return `${place} says ${part.name}.${key} without its elements: it takes t.rich`
  const missing = [...values, ...tags].filter((name) => given !== undefined && !given.has(name))
  return missing.length === 0 ? undefined : `${place} says ${part.name}.${key} without ${missing.join(', ')}`
}
