import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { PACKAGES, packageSources, placeOf, repositoryFiles, textOf } from './sources.ts'

const BINARY = /\.(png|jpe?g|gif|ico|woff2?|tgz|gz|wasm)$/
const files = repositoryFiles().filter((path) => !BINARY.test(path))

// Spelled in parts, so that this file passes its own test.
const MACHINE_PATHS = new RegExp(
  ['/ro', 'ot/|/ho', 'me/[a-z]|/Us', 'ers/[a-z]|[A-Z]:\\\\Us', 'ers|/wo', 'rk/|/tm', 'p/[a-z]'].join(''),
)
const REGISTRIES = new RegExp(
  ['registry\\.np', 'mjs|registry\\.ya', 'rnpkg|deb\\.deb', 'ian\\.org|npm\\.pk', 'g\\.github'].join(''),
)

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly type?: string
  readonly scripts?: Record<string, string>
  readonly dependencies?: Record<string, string>
  readonly devDependencies?: Record<string, string>
  readonly engines?: { readonly node?: string }
}

const manifests = files
  .filter((path) => /(^|\/)package\.json$/.test(path))
  .map((path) => ({ path, manifest: JSON.parse(textOf(path)) as Manifest }))

function linesWith(pattern: RegExp): string[] {
  return files.flatMap((path) =>
    textOf(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim().slice(0, 80)}`] : [])),
  )
}

describe('the repository', () => {
  it('names no path of a machine [STR-8]', () => {
    expect(linesWith(MACHINE_PATHS)).toEqual([])
  })

  it('names no registry address [STR-8]', () => {
    expect(linesWith(REGISTRIES)).toEqual([])
  })

  it('pins every dependency exactly [I-40]', () => {
    const loose = manifests.flatMap(({ path, manifest }) =>
      Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
        .filter(([, version]) => !/^(\d+\.\d+\.\d+(-[\w.]+)?|workspace:\*)$/.test(version))
        .map(([name, version]) => `${path} ${name} ${version}`),
    )
    expect(loose).toEqual([])
  })

  it('publishes ES modules for Node 20.19 without install scripts [I-40]', () => {
    const published = manifests.filter(({ manifest }) => manifest.private !== true)
    expect(published.map(({ manifest }) => manifest.name).sort()).toEqual(PACKAGES.map((name) => `@preceptor/${name}`))
    for (const { manifest } of published) {
      expect(manifest).toMatchObject({ type: 'module', engines: { node: '>=20.19.0' }, license: 'MIT' })
      expect(Object.keys(manifest.scripts ?? {}).filter((name) => /install|prepare/.test(name))).toEqual([])
    }
  })

  it('has no top-level await in what it publishes [I-40]', () => {
    const awaits = packageSources().flatMap((source) =>
      source.tree.statements
        .filter((statement) => !ts.isFunctionDeclaration(statement) && awaitsNow(statement))
        .map((statement) => placeOf(source, statement)),
    )
    expect(awaits).toEqual([])
  })
})

/** Tells whether a node awaits outside of any function in it. */
function awaitsNow(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false
  return ts.isAwaitExpression(node) || (ts.forEachChild(node, (child) => awaitsNow(child) || undefined) ?? false)
}
