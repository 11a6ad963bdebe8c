import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

/** The repository, also as seen from what is built. */
export const ROOT: string = findRoot(dirname(fileURLToPath(import.meta.url)))

/** A package as the lockfile pins it. */
export interface Pinned {
  /** Name and version, such as `hono@4.13.19`. */
  readonly id: string
  readonly name: string
  readonly version: string
  /** Where it comes from: only what has an integrity comes from a registry. */
  readonly resolution: Readonly<Record<string, unknown>>
}

/** What one package of the workspace, or one pinned package, depends on. */
interface Dependencies {
  readonly dependencies?: Readonly<Record<string, string | { readonly version: string }>>
  readonly optionalDependencies?: Readonly<Record<string, string | { readonly version: string }>>
  readonly devDependencies?: Readonly<Record<string, { readonly version: string }>>
}

interface Document {
  readonly importers: Readonly<Record<string, Dependencies>>
  readonly packages: Readonly<Record<string, { readonly resolution: Readonly<Record<string, unknown>> }>>
  readonly snapshots: Readonly<Record<string, Dependencies>>
}

/** The lockfile, as it is asked. */
export interface Lockfile {
  readonly packages: readonly Pinned[]
  /** What a package of the workspace needs where it runs: ids of pinned packages, and folders of the workspace. */
  needsOf(folder: string): Needs
  /** What a pinned package needs, optional parts included; by its key in the lockfile. */
  needsOfPinned(key: string): readonly string[]
}

/** Direct needs. */
export interface Needs {
  /** Keys in the lockfile, peers included in their name. */
  readonly pinned: readonly string[]
  /** Folders of the workspace, such as `packages/client`. */
  readonly workspace: readonly string[]
}

/** What a package carries inside of what it publishes, though only its build needs it. */
export const BUNDLED: Readonly<Record<string, readonly string[]>> = {
  'packages/dashboard': [
    '@base-ui/react',
    '@dagrejs/dagre',
    '@tanstack/react-query',
    '@tanstack/react-router',
    '@tanstack/react-virtual',
    'd3-scale',
    'd3-shape',
    'intl-messageformat',
    'react',
    'react-dom',
  ],
}

/** Reads the lockfile of the repository. */
export function readLockfile(): Lockfile {
  const document = parse(readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8')) as Document
  return {
    packages: Object.entries(document.packages).map(([id, { resolution }]) => ({ id, ...nameOf(id), resolution })),
    needsOf(folder) {
      const { devDependencies = {}, ...runtime } = document.importers[folder] ?? {}
      const carried = Object.entries(devDependencies).filter(([name]) => BUNDLED[folder]?.includes(name) === true)
      const entries = [...runtimeOf(runtime), ...carried.map(([name, { version }]) => [name, version] as const)]
      return {
        pinned: entries
          .filter(([, version]) => !version.startsWith('link:'))
          .map(([name, version]) => keyOf(name, version)),
        workspace: entries
          .filter(([, version]) => version.startsWith('link:'))
          .map(([, version]) => join(folder, version.slice('link:'.length))),
      }
    },
    needsOfPinned: (key) => runtimeOf(document.snapshots[key] ?? {}).map(([name, version]) => keyOf(name, version)),
  }
}

/** Name and version of an id, or of a key with its peers. */
export function nameOf(key: string): { readonly name: string; readonly version: string } {
  const bare = key.replace(/\(.*$/, '')
  const at = bare.lastIndexOf('@')
  return { name: bare.slice(0, at), version: bare.slice(at + 1) }
}

function runtimeOf({
  dependencies = {},
  optionalDependencies = {},
}: Dependencies): readonly (readonly [string, string])[] {
  return Object.entries({ ...dependencies, ...optionalDependencies }).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : value.version,
  ])
}

/** An alias names another package, whose key is given in full. */
function keyOf(name: string, version: string): string {
  return /^@?[^@(]+@/.test(version) ? version : `${name}@${version}`
}

function findRoot(folder: string): string {
  try {
    readFileSync(join(folder, 'pnpm-lock.yaml'))
    return folder
  } catch {
    return findRoot(dirname(folder))
  }
}
