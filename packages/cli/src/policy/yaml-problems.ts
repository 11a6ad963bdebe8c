import { isAlias, isPair, isScalar, Lexer, type LineCounter, parseDocument, type Scalar, visit } from 'yaml'

const DEEPEST = 100
/** Tokens of the lexer that stand for no text. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f'])

/** What keeps a text from being YAML that means the same to everybody who reads it. */
interface YamlProblem {
  /** Characters from the beginning. */
  readonly offset: number
  readonly field: null
  readonly message: string
}

/** What is wrong with a text as YAML, before anything is asked of its content; counts its lines by the way. */
export function yamlProblems(text: string, counter: LineCounter): readonly YamlProblem[] {
  countLines(text, counter)
  const deep = tooDeepAt(text)
  if (deep !== null) return [problem(deep, `it is nested more than ${DEEPEST} levels deep`)]
  const yaml = parseDocument(text, { prettyErrors: false, uniqueKeys: true, merge: false, logLevel: 'error' })
  if (yaml.directives?.yaml.explicit === true && yaml.directives.yaml.version !== '1.2') {
    return [problem(0, 'it asks for YAML 1.1, in which "no" and "on" are no texts; leave the directive out')]
  }
  const wrong = [...yaml.errors, ...yaml.warnings]
  if (wrong.length > 0)
    return wrong.map(({ code, message, pos }) => problem(pos[0], MESSAGES[code] ?? sentence(message)))
  const found: YamlProblem[] = []
  visit(yaml, (_, node) => {
    if (isAlias(node)) {
      found.push(
        problem(node.range?.[0] ?? 0, `the alias *${node.source} is not followed; write out what it stands for`),
      )
    }
    if (!isPair(node) || (isScalar(node.key) && typeof node.key.value === 'string')) return
    const range = Reflect.get(Object(node.key), 'range')
    const offset = Array.isArray(range) ? Number(range[0]) : 0
    const name = isScalar(node.key) ? ` ${JSON.stringify(node.key.source ?? String(node.key.value))}` : ''
    found.push(problem(offset, `the name${name} is no text; put it in quotes`))
  })
  return found
}

/** What YAML made of a value that is not what was meant; an empty text where there is nothing to say. */
export function hintFor(node: Scalar | null, message: string): string {
  if (node === null) return ''
  const { value, source } = node
  const isWord = node.type === 'PLAIN' && typeof value === 'string' && /^(y|yes|n|no|on|off)$/i.test(value)
  if (isWord && message.includes('boolean')) {
    return `; ${source} is a text in YAML 1.2, write ${/^(y|yes|on)$/i.test(String(value)) ? 'true' : 'false'}`
  }
  if (value === null) return '; it is empty, leave the field out'
  if (typeof value !== 'string' && message.includes('expected string'))
    return `; put ${source ?? String(value)} in quotes`
  if (typeof value === 'string' && /expected (number|int)/.test(message))
    return '; write it without quotes and separators'
  return ''
}

const MESSAGES: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'the name stands twice here; the first of them would be lost',
  TAB_AS_INDENT: 'a tab indents this line; YAML indents by spaces',
  MULTIPLE_DOCS: 'a second document begins here; a policy is one document',
  TAG_RESOLVE_FAILED: 'there are no tags in a policy',
}

function problem(offset: number, message: string): YamlProblem {
  return { offset, field: null, message }
}

function sentence(message: string): string {
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}`
}

function countLines(text: string, counter: LineCounter): void {
  counter.addNewLine(0)
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) counter.addNewLine(at + 1)
}

/** Where a text nests too deep to be composed; null where it does not. Nothing that is nested is followed for it. */
function tooDeepAt(text: string): number | null {
  let [offset, open, line] = [0, 0, 0]
  let isStart = true
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') open += 1
    else if (token === ']' || token === '}') open -= 1
    else if (token === '-' || token === '?') line += 1
    else if (isStart && /^ +$/.test(token)) line += token.length
    if (open > DEEPEST || line > 2 * DEEPEST) return Math.min(offset, text.length)
    isStart = token === '\n' || token === '\r\n'
    if (isStart) line = 0
    if (!MARKS.has(token)) offset += token.length
  }
  return null
}
