import ts from 'typescript'
import { nodesOf, placeOf, type Source } from './sources.ts'

/** A statement as it stands in the code; every expression in it reads `$`. */
export interface Statement {
  readonly place: string
  readonly text: string
}

const STATEMENT = new RegExp(
  [
    'insert into \\w',
    'update \\w+ (\\w+ )?set\\b',
    'delete from \\w',
    'select [^.]*\\bfrom \\w',
    'select (pg_|set_config|current_|\\d)',
    'with (recursive )?\\w+ as \\(',
    '(create|alter|drop) (or replace )?(unique )?(table|index|role|policy|function|trigger|schema|database|type)\\b',
    'set (local|role|session)\\b',
    'truncate\\b',
    '(un)?listen \\w+$',
    'notify \\w+',
    '(begin|commit|rollback)\\s*;?$',
  ]
    .map((shape) => `^${shape}`)
    .join('|'),
)

/** The fragments of SQL that a file names, so that a statement can be read with them in place. */
function fragmentsOf({ tree }: Source): Map<string, string> {
  const fragments = new Map<string, string>()
  for (const node of nodesOf(tree)) {
    if (!ts.isVariableDeclaration(node) || node.initializer === undefined) continue
    const { initializer } = node
    const literal = ts.isTaggedTemplateExpression(initializer)
      ? initializer.template
      : ts.isCallExpression(initializer)
        ? initializer.arguments[0]
        : initializer
    const text = literal && textOfLiteral(literal, fragments)
    if (text !== undefined) fragments.set(node.name.getText(tree), text)
  }
  return fragments
}

function textOfLiteral(node: ts.Node, fragments: ReadonlyMap<string, string>): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text
  if (!ts.isTemplateExpression(node)) return undefined
  const spans = node.templateSpans.map(({ expression, literal }) => {
    const fragment = ts.isIdentifier(expression) ? fragments.get(expression.text) : undefined
    return `${fragment ?? '$'}${literal.text}`
  })
  return [node.head.text, ...spans].join('')
}

/** Reads every string of a file that is SQL: those tagged `sql`, and those shaped like a statement. */
export function statementsOf(source: Source): Statement[] {
  const fragments = fragmentsOf(source)
  return [...nodesOf(source.tree)].flatMap((node) => {
    const raw = textOfLiteral(node, fragments)
    if (raw === undefined) return []
    const text = raw.replace(/\s+/g, ' ').trim()
    const tagged = ts.isTaggedTemplateExpression(node.parent) && /^sql\b/.test(node.parent.tag.getText(source.tree))
    return tagged || STATEMENT.test(text.toLowerCase()) ? [{ place: placeOf(source, node), text }] : []
  })
}

const GUARDED = ['state', 'status', 'lifecycle', 'maturity']

/** Names the status column that an update writes without naming it in its `where`, or undefined. */
export function unguardedColumn(statement: string): string | undefined {
  for (const update of statement.matchAll(
    /\bupdate \w+(?: (?:as )?\w+)? set (.*?)(?= where | returning |$)(?: where (.*?)(?= returning |$))?/gi,
  )) {
    const [, set = '', where = ''] = update
    const column = GUARDED.find((name) => new RegExp(`(^|, ?)${name} = `).test(set))
    if (column !== undefined && !new RegExp(`\\b${column}\\b ?(=|(not )?in\\b|<>)`).test(where)) return column
  }
  return undefined
}
