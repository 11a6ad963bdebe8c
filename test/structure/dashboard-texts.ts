import ts from 'typescript'
import { nodesOf, packageSources, type Source } from './sources.ts'

/** The sources of the pages, without their tests. */
export const appSources = (): readonly Source[] =>
  packageSources('dashboard').filter(({ path }) => path.startsWith('packages/dashboard/src/app/'))

/** Tells whether a file declares messages, in English, as it must. */
export const declaresMessages = ({ path }: Source): boolean => path.endsWith('-messages.ts')

/** What is read or heard when it stands in one of these. */
const SAID = new Set([
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'aria-valuetext',
  'title',
  'placeholder',
  'label',
  'legend',
  'caption',
  'alt',
  'description',
  'summary',
])
const LETTER = /\p{L}/u

/** The words that an expression has in itself; what a call answers is none of its own. */
function wordsOf(node: ts.Node): readonly string[] {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text]
  if (ts.isTemplateExpression(node)) {
    const spans = node.templateSpans.flatMap(({ expression, literal }) => [...wordsOf(expression), literal.text])
    return [node.head.text, ...spans]
  }
  if (ts.isConditionalExpression(node)) return [...wordsOf(node.whenTrue), ...wordsOf(node.whenFalse)]
  if (ts.isBinaryExpression(node) && isJoining(node.operatorToken.kind)) {
    return [...wordsOf(node.left), ...wordsOf(node.right)]
  }
  if (ts.isJsxExpression(node)) return node.expression === undefined ? [] : wordsOf(node.expression)
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) {
    return wordsOf(node.expression)
  }
  return []
}

const isJoining = (kind: ts.SyntaxKind): boolean =>
  kind === ts.SyntaxKind.PlusToken ||
  kind === ts.SyntaxKind.QuestionQuestionToken ||
  kind === ts.SyntaxKind.BarBarToken ||
  kind === ts.SyntaxKind.AmpersandAmpersandToken

/** The words that stand at a node and that somebody reads or hears. */
function saidAt(node: ts.Node): readonly string[] {
  if (ts.isJsxText(node)) return [node.text]
  if (ts.isJsxExpression(node)) return ts.isJsxAttribute(node.parent) ? [] : wordsOf(node)
  if (ts.isJsxAttribute(node)) {
    return SAID.has(node.name.getText()) && node.initializer !== undefined ? wordsOf(node.initializer) : []
  }
  if (ts.isPropertyAssignment(node)) return SAID.has(nameOf(node.name)) ? wordsOf(node.initializer) : []
  if (ts.isCallExpression(node) && node.expression.getText() === 'announce') return node.arguments.flatMap(wordsOf)
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateHead(node)) {
    return SENTENCE.test(node.text) && !KEY.test(node.text) && !isOfDevelopers(node) ? [node.text] : []
  }
  return []
}

/** Two words, the first of which begins as a sentence does. */
const SENTENCE = /^\p{Lu}[\p{L}’']*[.,:;]? \p{L}+/u

/** What stands on a key of the keyboard. */
const KEY = /^Shift \p{Lu}$/u

/** What is thrown at whoever writes pages is not for those who read them. */
function isOfDevelopers(node: ts.Node): boolean {
  const made = ts.findAncestor(node, ts.isNewExpression)
  return made?.expression.getText().endsWith('Error') === true
}

const nameOf = (name: ts.PropertyName): string =>
  ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : name.getText()

/** What a node says in plain English; undefined for nothing. */
export function literalText(node: ts.Node): string | undefined {
  const said = saidAt(node).filter((text) => LETTER.test(text))
  return said.length === 0 ? undefined : `says "${said.join('…').trim().replace(/\s+/g, ' ')}"`
}

/** A part of the dashboard with its messages. */
export interface Part {
  readonly source: Source
  /** The constant that holds it. */
  readonly constant: string
  readonly name: string
  readonly messages: readonly Message[]
  /** Its keys are those of a type from elsewhere, such as the states of a proposal. */
  readonly isKeyedByType: boolean
}

/** A message of a part. */
export interface Message {
  readonly key: string
  readonly text: string
}

/** The parts that a file declares. */
export function partsOf(source: Source): readonly Part[] {
  const constants = new Map<string, string>()
  const parts: Part[] = []
  for (const node of nodesOf(source.tree)) {
    if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name) || node.initializer === undefined) continue
    const { initializer } = node
    if (ts.isStringLiteral(initializer)) constants.set(node.name.text, initializer.text)
    if (!ts.isCallExpression(initializer) || initializer.expression.getText() !== 'defineMessages') continue
    const [name, texts] = initializer.arguments
    if (
      name === undefined ||
      !ts.isStringLiteral(name) ||
      texts === undefined ||
      !ts.isObjectLiteralExpression(texts)
    ) {
      throw new Error(`${source.path}: messages are declared by a name and an object, both written out`)
    }
    const messages = texts.properties.map((property) => messageOf(property, constants, source))
    const isKeyedByType = initializer.typeArguments !== undefined
    parts.push({ source, constant: node.name.text, name: name.text, messages, isKeyedByType })
  }
  return parts
}

function messageOf(
  property: ts.ObjectLiteralElementLike,
  constants: ReadonlyMap<string, string>,
  { path }: Source,
): Message {
  if (!ts.isPropertyAssignment(property)) throw new Error(`${path}: a message is written out: ${property.getText()}`)
  return { key: nameOf(property.name), text: textOfExpression(property.initializer, constants) }
}

function textOfExpression(node: ts.Expression, constants: ReadonlyMap<string, string>): string {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text
  if (ts.isIdentifier(node) && constants.has(node.text)) return constants.get(node.text) ?? ''
  if (ts.isTemplateExpression(node)) {
    const spans = node.templateSpans.map((span) => textOfExpression(span.expression, constants) + span.literal.text)
    return node.head.text + spans.join('')
  }
  if (ts.isBinaryExpression(node))
    return textOfExpression(node.left, constants) + textOfExpression(node.right, constants)
  throw new Error(`a message is a text that is written out, not ${node.getText()}`)
}
