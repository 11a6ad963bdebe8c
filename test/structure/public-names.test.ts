import { ERROR_CODES } from '@preceptor/client'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { documentationOf, publicNames } from './public-names.ts'
import { findPlaces, packageSources, repositoryFiles, textOf } from './sources.ts'

const names = publicNames()

function listOf(lines: readonly string[]): string {
  return `${[...new Set(lines)].sort().join('\n')}\n`
}

describe('public names', () => {
  it('are listed one by one: no export * [STR-4]', () => {
    const stars = findPlaces(packageSources(), (node) =>
      ts.isExportDeclaration(node) && (node.exportClause === undefined || ts.isNamespaceExport(node.exportClause))
        ? 'export *'
        : undefined,
    )
    expect(stars).toEqual([])
  })

  it('are not default exports [STR-4]', () => {
    const defaults = findPlaces(packageSources(), (node) =>
      ts.isExportAssignment(node) || (node.kind === ts.SyntaxKind.DefaultKeyword && ts.isFunctionLike(node.parent))
        ? 'a default export'
        : undefined,
    )
    expect(defaults).toEqual([])
  })

  it('are documented, each of them [STR-4]', () => {
    const bare = names.filter(
      ({ declarations }) => !declarations.some((declaration) => documentationOf(declaration).length > 0),
    )
    expect(bare.map(({ entry, name, file }) => `${entry} ${name} (${file})`)).toEqual([])
  })

  // A change of what the outside sees is made on purpose: run this file with --update, and add a changeset.
  it('are pinned [STR-7]', async () => {
    await expect(listOf(names.map(({ entry, name }) => `${entry} ${name}`))).toMatchFileSnapshot(
      '../pins/public-names.txt',
    )
  })

  it('include the error codes, which are pinned with their status [STR-7]', async () => {
    const codes = Object.entries(ERROR_CODES).map(
      ([code, { status, retryable }]) => `${code} ${status}${retryable ? ' retryable' : ''}`,
    )
    await expect(listOf(codes)).toMatchFileSnapshot('../pins/error-codes.txt')
  })

  it('include the tables, which are pinned [STR-7]', async () => {
    const migrations = repositoryFiles().filter((path) =>
      /^packages\/[^/]+\/src\/.*migrations\/\d+.*\.(ts|sql)$/.test(path),
    )
    const tables = migrations.flatMap((path) =>
      [...textOf(path).matchAll(/create table (?:if not exists )?(\w+)/gi)].map(([, table = '']) => table),
    )
    expect(tables).not.toEqual([])
    await expect(listOf(tables)).toMatchFileSnapshot('../pins/tables.txt')
  })
})
