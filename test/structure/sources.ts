import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** Root of the repository. */
export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')

/** The published packages, by folder name. */
export const PACKAGES: readonly string[] = readdirSync(join(ROOT, 'packages')).sort()

const GENERATED = new Set(['node_modules', 'dist', 'coverage', '.git', '.preceptor'])

/** Lists every file of the repository that is written by hand, by its path from the root with forward slashes. */
export function repositoryFiles(folder: string = ROOT): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !GENERATED.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? repositoryFiles(path) : [relative(ROOT, path).split(sep).join('/')]
    })
}

/** One parsed source file. */
export interface Source {
  /** Path from the root, with forward slashes. */
  readonly path: string
  readonly tree: ts.SourceFile
}

/** Reads the text of a file of the repository. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** Parses the sources of all packages, or of one, without their tests. */
export function packageSources(name?: string): Source[] {
  return repositoryFiles(join(ROOT, 'packages', name ?? ''))
    .filter((path) => /^packages\/[^/]+\/src\/.*\.tsx?$/.test(path) && !/\.test\.(?:[a-z]+\.)?ts$/.test(path))
    .map((path) => ({ path, tree: ts.createSourceFile(path, textOf(path), ts.ScriptTarget.ES2023, true) }))
}

/** Every node of a tree, the tree first. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node
  const children: ts.Node[] = []
  ts.forEachChild(node, (child) => void children.push(child))
  for (const child of children) yield* nodesOf(child)
}

/** Names a place as `path:line`, counted from 1. */
export function placeOf(source: Source, node: ts.Node): string {
  return `${source.path}:${source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree)).line + 1}`
}

/** Finds every place in the sources where a node fits; `describe` answers what it is, or undefined. */
export function findPlaces(
  sources: readonly Source[],
  describe: (node: ts.Node, source: Source) => string | undefined,
) {
  return sources.flatMap((source) =>
    [...nodesOf(source.tree)].flatMap((node) => {
      const what = describe(node, source)
      return what === undefined ? [] : [`${placeOf(source, node)} ${what}`]
    }),
  )
}
