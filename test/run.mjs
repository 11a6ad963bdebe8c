// `npm test [-- vitest arguments]`: installs, builds, provides the services, and runs every test. A few files that fail
// beside all others run once more by themselves; what passes only then is named, and what fails again has failed.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { bootstrap } from './setup/bootstrap.mjs'
import { LINES_COVERED } from './setup/coverage.mjs'
import { countsOf, failuresOf, filesToRunAgain, readReport, withSecondRun } from './setup/run-report.mjs'
import { provideServices } from './setup/services.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const args = process.argv.slice(2)
// The gates over coverage and promises speak of the whole suite, so they are left out when a part of it runs.
const whole = args.length === 0

// Until vitest runs there is nothing to hand a signal to; the services end with this process.
let forward = () => process.exit(1)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => forward(signal))

const progress = (line) => process.stderr.write(`test: ${line}\n`)

/**
 * Runs vitest and passes its output on, but for its closing lines: those are returned to be printed last. Gives why it
 * failed apart from what the report says of tests, too.
 */
function runVitest(environment, report, more) {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const options = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }
  const child = spawn(process.execPath, [vitest, ...options, ...more], {
    cwd: ROOT,
    env: { ...process.env, ...environment, ...color },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  forward = (signal) => child.kill(signal)
  return new Promise((resolve, reject) => {
    let rest = ''
    const closing = []
    const take = (line) => {
      if (line.startsWith('JSON report written')) return
      if (closing.length > 0 || /^\s*Test Files\s/.test(stripVTControlCharacters(line))) closing.push(line)
      else process.stdout.write(`${line}\n`)
    }
    child.stdout.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()
      lines.forEach(take)
    })
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (rest !== '') take(rest)
      const hasErrors = closing.some((line) => /^\s*Errors\s/.test(stripVTControlCharacters(line)))
      resolve({ failed: code !== 0, isBroken: signal !== null || hasErrors, closing })
    })
  })
}

function readFiles(report) {
  try {
    return readReport(report)
  } catch (error) {
    progress(`the report of the run cannot be read: ${error.message}`)
    return []
  }
}

function reportMissing(missing, tests) {
  for (const { service, reason } of missing) {
    const skipped = tests.filter(({ fullName }) => fullName.includes(`(needs ${service})`)).length
    progress(`${skipped} tests skipped: no ${service}: ${reason}`)
  }
  if (missing.length === 0 || process.env.CI !== 'true') return false
  progress('with CI=true every service must be there')
  return true
}

async function reportPromises(tests) {
  const { checkCitations } = await import('./dist/verifies.js')
  const { uncited, unknown } = checkCitations(tests)
  if (uncited.length > 0) progress(`promises that no passing test cites: ${uncited.join(', ')}`)
  if (unknown.length > 0) progress(`tests cite ids that test/requirements.ts does not know: ${unknown.join(', ')}`)
  return uncited.length + unknown.length > 0
}

function reportCoverage() {
  const summary = join(ROOT, 'coverage', 'coverage-summary.json')
  if (!existsSync(summary)) return true
  const { lines } = JSON.parse(readFileSync(summary, 'utf8')).total
  progress(`lines covered: ${lines.covered} of ${lines.total} (${lines.pct} %)`)
  return lines.pct < LINES_COVERED
}

/** Runs every test, and those files that failed, while they are few, once more without anything beside them. */
async function runTests(environment, folder) {
  const first = join(folder, 'report.json')
  const run = await runVitest(environment, first, whole ? ['--coverage'] : args)
  const files = readFiles(first)
  const again = whole && !run.isBroken ? filesToRunAgain(files) : []
  if (again.length === 0) return { ...run, files, flaky: [] }
  progress(`running ${again.length} failed files again, by themselves`)
  const second = join(folder, 'second.json')
  const { isBroken } = await runVitest(environment, second, ['--no-file-parallelism', ...again])
  const merged = withSecondRun(files, readFiles(second))
  const still = new Set(failuresOf(merged))
  const flaky = failuresOf(files).filter((name) => !still.has(name))
  return { failed: still.size > 0, isBroken, closing: run.closing, files: merged, flaky }
}

async function main() {
  await bootstrap()
  const services = await provideServices({ progress, install: true, browser: true })
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-test-'))
  const environment = { PRECEPTOR_TEST_RUN: randomBytes(4).toString('hex') }
  if (services.databaseUrl !== undefined) environment.DATABASE_URL = services.databaseUrl
  if (services.redisUrl !== undefined) environment.REDIS_URL = services.redisUrl
  if (services.chromium !== undefined) environment.CHROMIUM = services.chromium
  const run = await runTests(environment, folder)
  const tests = run.files.flatMap((file) => file.tests)
  const counts = countsOf(run.files)
  const problems = [run.failed, run.isBroken, tests.length === 0, reportMissing(services.missing, tests)]
  if (whole && tests.length > 0) problems.push(reportCoverage(), await reportPromises(tests))
  rmSync(folder, { recursive: true, force: true })
  await services.stop()
  process.stdout.write(`${run.closing.join('\n').trimEnd()}\n\n`)
  const shortened = (name) => (name.startsWith(ROOT) ? relative(ROOT, name) : name)
  for (const name of run.flaky) process.stdout.write(`failed at first, passed by itself: ${shortened(name)}\n`)
  for (const name of failuresOf(run.files)) process.stdout.write(`failed: ${shortened(name)}\n`)
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped}\n`)
  process.exitCode = problems.includes(true) ? 1 : 0
}

await main()
