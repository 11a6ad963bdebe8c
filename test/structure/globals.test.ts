import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { findPlaces, packageSources, type Source } from './sources.ts'

// The defaults of the ports: the only places of core that may touch the globals behind them.
const DEFAULTS = /^packages\/core\/src\/kernel\/(clock|ids|randomness)\.ts$/

const BANNED_MEMBERS = new Set(['Date.now', 'Math.random', 'process.env', 'performance.now', 'crypto.randomUUID'])
const BANNED_IMPORTS = new Set(['randomUUID', 'randomBytes', 'randomInt'])

function bannedGlobal(node: ts.Node, { tree }: Source): string | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText(tree)
    if (BANNED_MEMBERS.has(text) || (ts.isIdentifier(node.expression) && node.expression.text === 'console'))
      return text
  }
  if (ts.isNewExpression(node) && node.expression.getText(tree) === 'Date' && (node.arguments?.length ?? 0) === 0)
    return 'new Date()'
  if (ts.isImportSpecifier(node) && BANNED_IMPORTS.has((node.propertyName ?? node.name).text)) return node.getText(tree)
  return undefined
}

describe('globals', () => {
  it('for time, ids and randomness, environment and console are not read by core [STR-3]', () => {
    const sources = packageSources('core').filter(({ path }) => !DEFAULTS.test(path))
    expect(findPlaces(sources, bannedGlobal)).toEqual([])
  })

  it('of the environment are read by the command line only [STR-3]', () => {
    const sources = packageSources().filter(({ path }) => !path.startsWith('packages/cli/'))
    const environment = findPlaces(sources, (node, { tree }) =>
      ts.isPropertyAccessExpression(node) && node.getText(tree) === 'process.env' ? 'process.env' : undefined,
    )
    expect(environment).toEqual([])
  })

  it.each([
    'Date.now()',
    'new Date()',
    'Math.random()',
    'process.env.HOME',
    'console.log(1)',
    "import { randomUUID as id } from 'node:crypto'",
  ])('are recognised in %s', (code) => {
    const source = { path: 'sample.ts', tree: ts.createSourceFile('sample.ts', code, ts.ScriptTarget.ES2023, true) }
    expect(findPlaces([source], bannedGlobal)).toHaveLength(1)
  })
})
