import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './lockfile.ts'

/** What the manifest of an installed package says. */
export interface InstalledManifest {
  readonly name: string
  readonly version: string
  /** SPDX expression; null where it states none. */
  readonly license: string | null
  readonly installScripts: readonly string[]
}

const SCRIPTS = ['preinstall', 'install', 'postinstall'] as const

/** Every package that is installed in the repository, by name and version. */
export function readInstalled(): ReadonlyMap<string, InstalledManifest> {
  const store = join(ROOT, 'node_modules', '.pnpm')
  const found = new Map<string, InstalledManifest>()
  for (const entry of readdirSync(store)) {
    for (const folder of packagesIn(join(store, entry, 'node_modules'))) {
      const manifest = read(folder)
      if (manifest !== undefined) found.set(`${manifest.name}@${manifest.version}`, manifest)
    }
  }
  return found
}

function packagesIn(modules: string): readonly string[] {
  if (!existsSync(modules)) return []
  return readdirSync(modules).flatMap((name) =>
    name.startsWith('@')
      ? readdirSync(join(modules, name)).map((inner) => join(modules, name, inner))
      : [join(modules, name)],
  )
}

function read(folder: string): InstalledManifest | undefined {
  const path = join(folder, 'package.json')
  if (!existsSync(path)) return undefined
  const { name, version, license, scripts = {} } = JSON.parse(readFileSync(path, 'utf8'))
  if (typeof name !== 'string' || typeof version !== 'string') return undefined
  const installScripts = SCRIPTS.filter((script) => typeof scripts[script] === 'string')
  const builds = existsSync(join(folder, 'binding.gyp')) && installScripts.length === 0 ? ['binding.gyp'] : []
  return {
    ...{ name, version, license: typeof license === 'string' ? license : null },
    installScripts: [...installScripts, ...builds],
  }
}
