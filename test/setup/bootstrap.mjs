// What `npm start` and `npm test` need on a machine that has only Node and npm: installs and builds what is missing.
// Node built-ins only.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildDashboard } from './build-dashboard.mjs'
import { runVisibly } from './processes.mjs'

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
/** The package manager of the workspace, as npx takes it. */
export const PNPM = 'pnpm@12.21.0'
const OLDEST_NODE = [20, 19]
const STAMP = join(ROOT, 'node_modules', '.preceptor-installed')

/** A reason to stop that the reader can act on; printed without a stack. */
class SetupError extends Error {}

/**
 * Tells why a version of Node cannot be used.
 * @param {string} version such as `20.19.0`
 * @returns {string | undefined}
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return undefined
  return `Node ${version} is too old: install Node ${OLDEST_NODE.join('.')} or newer (nodejs.org), then run the command again.`
}

function progress(line) {
  process.stderr.write(`preceptor: ${line}\n`)
}

function installFingerprint() {
  const hash = createHash('sha256').update(
    `${PNPM} ${process.platform} ${process.arch} ${process.version.split('.')[0]}`,
  )
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(join(ROOT, file)))
  return hash.digest('hex')
}

async function install() {
  const fingerprint = installFingerprint()
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint) return
  progress('installing the dependencies (about a minute the first time)')
  const args = ['--yes', PNPM, 'install', '--frozen-lockfile', '--reporter=append-only']
  // CI=true keeps pnpm from asking questions that nobody can answer here; .npmrc silences npm, which hides why it fails.
  const env = { ...process.env, CI: 'true', npm_config_loglevel: 'warn' }
  const shell = process.platform === 'win32'
  const code = await runVisibly('npx', args, { cwd: ROOT, env, shell }).catch((error) => error.message)
  if (code !== 0) {
    throw new SetupError(
      `the dependencies could not be installed (npx ${args.join(' ')}: ${code}). ` +
        'Check that this machine reaches the npm registry (npm ping), then run the command again.',
    )
  }
  mkdirSync(dirname(STAMP), { recursive: true })
  writeFileSync(STAMP, fingerprint)
}

async function build(projects) {
  progress(existsSync(join(ROOT, 'packages', 'core', 'dist')) ? 'building' : 'building (a few seconds the first time)')
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
  const code = await runVisibly(process.execPath, [compiler, '-b', ...projects], { cwd: ROOT })
  if (code !== 0) throw new SetupError('the build failed: correct the errors above, then run the command again.')
  await buildDashboard().catch((error) => {
    throw new SetupError(`the dashboard could not be built: ${error.message}`)
  })
}

/**
 * Installs and builds what is missing; ends the process with a message when it cannot.
 * @param {{ projects?: string[] }} [options] `projects`: what to build, everything by default
 */
export async function bootstrap({ projects = [] } = {}) {
  try {
    const problem = nodeProblem(process.versions.node)
    if (problem !== undefined) throw new SetupError(problem)
    await install()
    await build(projects)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    progress(error.message)
    process.exit(1)
  }
}
