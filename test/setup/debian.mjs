import { findInPath, run } from './processes.mjs'

// Another installation may hold the lock for a while.
const WAIT = ['-o', 'DPkg::Lock::Timeout=300']

let listsUpdated = false

/** Installs one of Debian's packages, where the process may do so. */
export async function installDebianPackage(name, progress) {
  if (findInPath('apt-get') === undefined)
    throw new Error(`${name} is not installed, and there is no apt-get to install it with`)
  if (process.getuid?.() !== 0)
    throw new Error(`${name} is not installed, and only root may install it: apt-get install ${name}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  if (!listsUpdated) {
    progress?.('updating the package lists of Debian (can take a minute)')
    await run('apt-get', [...WAIT, 'update', '-q'], { env })
    listsUpdated = true
  }
  progress?.(`installing Debian's ${name} (can take a minute)`)
  await run('apt-get', [...WAIT, 'install', '-y', '-q', '--no-install-recommends', name], { env })
}
