import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A package that is installed below a folder. */
export interface Installed {
  readonly name: string
  readonly version: string
  readonly path: string
  readonly peers: Readonly<Record<string, string>>
}

const MOST_FOLDERS = 20_000

/**
 * Finds every copy of the packages that `isWanted` picks below a folder's node_modules, however the package manager laid
 * them out. Links are not followed: what they lead to stands below the same folder, too.
 */
export async function findInstalled(
  folder: string,
  isWanted: (name: string) => boolean,
): Promise<readonly Installed[]> {
  const found: Installed[] = []
  const waiting = [join(folder, 'node_modules')]
  for (let visited = 0; waiting.length > 0 && visited < MOST_FOLDERS; visited += 1) {
    const modules = waiting.pop() ?? ''
    for (const { name, path } of await packagesIn(modules)) {
      waiting.push(join(path, 'node_modules'))
      if (isWanted(name)) found.push(...(await read(name, path)))
    }
  }
  return found
}

async function packagesIn(modules: string): Promise<readonly { readonly name: string; readonly path: string }[]> {
  const names = await foldersIn(modules)
  const nested = await Promise.all(
    names.map(async (name) => {
      const path = join(modules, name)
      if (name.startsWith('@')) {
        return (await foldersIn(path)).map((inner) => ({ name: `${name}/${inner}`, path: join(path, inner) }))
      }
      if (name === '.pnpm') return (await foldersIn(path)).map((inner) => ({ name: '', path: join(path, inner) }))
      return name.startsWith('.') ? [] : [{ name, path }]
    }),
  )
  return nested.flat()
}

async function foldersIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

async function read(name: string, path: string): Promise<readonly Installed[]> {
  try {
    const { version, peerDependencies = {} } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'))
    return [{ name, version: String(version), path, peers: { ...peerDependencies } }]
  } catch {
    return []
  }
}
