import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { findPlaces, packageSources, type Source } from './sources.ts'

const FILE_LINES = 400
const FUNCTION_LINES = 60

// A table is as long as what it lists, and a migration that was applied is never cut up.
const TABLES = /\/error-codes\.ts$|\/migrations\/\d+/

/** Lines of code of an adapter: comments and blank lines cost nothing, so that nobody saves on them. */
const BUDGETS = [
  { adapter: 'hono-middleware', without: /\/src\/(?:channels|metrics|realtime|requests|routes)\//, lines: 420 },
  { adapter: 'hono-middleware', without: /\/src\/(?!channels\/)/, lines: 1_600 },
  { adapter: 'langchain-callback', without: /\/src\/(?:approvals|playbooks|supervision|training)\//, lines: 430 },
  { adapter: 'mcp-server', without: /\/src\/(?:tools|proxy|upstream|catalogue)\//, lines: 800 },
  { adapter: 'mcp-server', without: /\/src\/(?!(?:proxy|upstream|catalogue)\/)/, lines: 1_550 },
  { adapter: 'worker', without: /\/src\/bullmq\//, lines: 400 },
  { adapter: 'worker', without: /\/src\/(?!bullmq\/)/, lines: 300 },
]

const sources = packageSources()
const lengthOf = (node: ts.Node, { tree }: Source): number =>
  tree.getLineAndCharacterOfPosition(node.getEnd()).line -
  tree.getLineAndCharacterOfPosition(node.getStart(tree)).line +
  1

function linesOfCode({ tree }: Source): number {
  const lines = new Set<number>()
  const mark = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return
    const children = node.getChildren(tree)
    children.forEach(mark)
    if (children.length > 0 || node.getEnd() === node.getStart(tree)) return
    const first = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line
    for (let line = first; line <= tree.getLineAndCharacterOfPosition(node.getEnd()).line; line += 1) lines.add(line)
  }
  tree.statements.forEach(mark)
  return lines.size
}

describe('sizes', () => {
  it('of files stay within 400 lines [STR-6]', () => {
    const long = sources.filter(({ path, tree }) => !TABLES.test(path) && tree.getLineStarts().length - 1 > FILE_LINES)
    expect(long.map(({ path }) => path)).toEqual([])
  })

  it('of functions stay within 60 lines [STR-6]', () => {
    const long = findPlaces(sources, (node, source) =>
      ts.isFunctionLike(node) && 'body' in node && lengthOf(node, source) > FUNCTION_LINES
        ? `${lengthOf(node, source)} lines`
        : undefined,
    )
    expect(long).toEqual([])
  })

  it.each(BUDGETS)('of $adapter stay within $lines lines of code [STR-6]', ({ adapter, without, lines }) => {
    const counted = packageSources(adapter).filter(({ path }) => without?.test(path) !== true)
    const total = counted.reduce((sum, source) => sum + linesOfCode(source), 0)
    expect(total).toBeLessThanOrEqual(lines)
  })
})

describe('types', () => {
  it('are never escaped: no any, no non-null assertion, no enum, no namespace [STR-6]', () => {
    const escapes = findPlaces(sources, (node) => {
      if (node.kind === ts.SyntaxKind.AnyKeyword) return 'any'
      if (ts.isNonNullExpression(node)) return 'a non-null assertion'
      if (ts.isEnumDeclaration(node)) return 'an enum'
      // What adds to the types of another module is named by a text, and is none.
      return ts.isModuleDeclaration(node) && ts.isIdentifier(node.name) ? 'a namespace' : undefined
    })
    expect(escapes).toEqual([])
  })
})
