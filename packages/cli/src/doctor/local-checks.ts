import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { devFileOf } from '../dev-file.ts'
import { ownVersion } from '../own-version.ts'
import { type Check, type Finding, ok } from './check.ts'
import { findInstalled, type Installed } from './installation.ts'

/** Packages of which two copies do not know each other's objects. */
const ONCE = ['hono', 'zod', '@langchain/core', 'langchain', '@modelcontextprotocol/sdk']
const OLDEST_NODE = [20, 19, 0] as const

/** What is checked of this machine and this folder. */
export interface Surroundings {
  readonly folder: string
  readonly dataFolder: string
  readonly nodeVersion: string
}

/** The checks that ask no server. */
export function localChecks(surroundings: Surroundings): readonly Check[] {
  const { folder, nodeVersion, dataFolder } = surroundings
  let installed: Promise<readonly Installed[]> | undefined
  const packages = (): Promise<readonly Installed[]> => {
    installed ??= findInstalled(folder, (name) => ONCE.includes(name) || name.startsWith('@preceptor/'))
    return installed
  }
  return [
    { name: 'node', run: async () => checkNode(nodeVersion) },
    { name: 'releases', run: async () => checkReleases(await packages()) },
    { name: 'copies', run: async () => checkCopies(await packages()) },
    { name: 'peers', run: async () => checkPeers(await packages()) },
    { name: 'folder', run: () => checkFolder(dataFolder) },
  ]
}

/** Whether this program runs on a version of Node. */
export function checkNode(version: string): Finding {
  if (isAtLeast(numbersOf(version), OLDEST_NODE)) return ok(`Node ${version}`)
  const advice = `Install Node ${OLDEST_NODE.join('.')} or newer.`
  return { state: 'failed', message: `Node ${version} is too old.`, advice }
}

/** Parts of different releases may read each other's records wrongly. */
function checkReleases(packages: readonly Installed[]): Finding {
  const own = packages.filter(({ name }) => name.startsWith('@preceptor/'))
  const versions = new Set([ownVersion(), ...own.map(({ version }) => version)])
  if (versions.size === 1)
    return ok(own.length === 0 ? 'no package is installed here' : `all of ${[...versions].join()}`)
  const list = own.map(({ name, version }) => `${name} ${version}`).join(', ')
  const message = `Packages of several releases: ${list}, and this command of ${ownVersion()}.`
  return { state: 'failed', message, advice: 'Install one release of all of them.' }
}

function checkCopies(packages: readonly Installed[]): Finding {
  const twice = ONCE.map((name) => ({
    name,
    versions: [...new Set(packages.filter((one) => one.name === name).map(({ version }) => version))],
  })).filter(({ versions }) => versions.length > 1)
  if (twice.length === 0) return ok('one version of each framework')
  const list = twice.map(({ name, versions }) => `${name} (${versions.join(', ')})`).join('; ')
  const message = `Several versions of ${list}.`
  return { state: 'warning', message, advice: 'Let the package manager dedupe them, or override to one version.' }
}

function checkPeers(packages: readonly Installed[]): Finding {
  const wanted = packages
    .filter(({ name }) => name.startsWith('@preceptor/'))
    .flatMap(({ name, peers }) => Object.entries(peers).map(([peer, range]) => ({ name, peer, range })))
  const wrong = wanted.flatMap(({ name, peer, range }) => {
    const present = packages.filter((one) => one.name === peer)
    const fitting = present.some(({ version }) => fits(version, range))
    if (fitting || !ONCE.includes(peer)) return []
    return [
      `${name} needs ${peer} ${range}, ${present.length === 0 ? 'and it is missing' : `not ${present[0]?.version}`}`,
    ]
  })
  if (wrong.length === 0) return ok('every framework that is needed is there')
  return { state: 'failed', message: `${wrong.join('; ')}.`, advice: 'Install the version that is named.' }
}

/** Database and key of a development server are for one user. */
async function checkFolder(dataFolder: string): Promise<Finding> {
  if (process.platform === 'win32') return { state: 'skipped', message: 'the folder of the user protects it' }
  const paths = [resolve(dataFolder), devFileOf(dataFolder)]
  const modes = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ mode }) => mode & 0o777,
        () => undefined,
      ),
    ),
  )
  const open = paths.filter((_, index) => ((modes[index] ?? 0) & 0o077) !== 0)
  if (open.length > 0) {
    const message = `Others can reach ${open.join(' and ')}.`
    return { state: 'failed', message, advice: `chmod go= ${open.join(' ')}`, code: 'DEV_FILE_UNSAFE' }
  }
  return ok(modes[0] === undefined ? 'there is no embedded database here' : `${paths[0]} is for you only`)
}

function numbersOf(version: string): readonly number[] {
  return (/\d+(?:\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number)
}

function isAtLeast(version: readonly number[], least: readonly number[]): boolean {
  const at = least.findIndex((part, index) => (version[index] ?? 0) !== part)
  return at < 0 || (version[at] ?? 0) > (least[at] ?? 0)
}

/** Whether a version fits a caret range, the only kind that the packages state, or is exactly the one named. */
function fits(version: string, range: string): boolean {
  if (!range.startsWith('^')) return range === '*' || version === range
  const [have, least] = [numbersOf(version), numbersOf(range)]
  return have[0] === least[0] && isAtLeast(have, least)
}
