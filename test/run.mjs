// `npm test [-- vitest arguments]`: installs, builds, provides the services, and runs every test once.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { bootstrap } from './setup/bootstrap.mjs'
import { provideServices } from './setup/services.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const args = process.argv.slice(2)
// The gates over coverage and promises speak of the whole suite, so they are left out when a part of it runs.
const whole = args.length === 0

// Until vitest runs there is nothing to hand a signal to; the services end with this process.
let forward = () => process.exit(1)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => forward(signal))

const progress = (line) => process.stderr.write(`test: ${line}\n`)

/** Runs vitest and passes its output on, but for its closing lines: those are returned to be printed last. */
function runVitest(environment, report) {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const options = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  if (whole) options.push('--coverage')
  const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }
  const child = spawn(process.execPath, [vitest, ...options, ...args], {
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
      resolve({ failed: code !== 0, signal, closing })
    })
  })
}

/** Reads the counts of a run; a file that failed outside its tests counts as one failure. */
function readReport(file) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    const tests = report.testResults.flatMap((result) => result.assertionResults)
    const broken = report.testResults.filter(
      (result) => result.status === 'failed' && result.assertionResults.every(({ status }) => status !== 'failed'),
    )
    const count = (status) => tests.filter((test) => test.status === status).length
    const passed = count('passed')
    const failed = count('failed') + broken.length
    const names = [
      ...tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
      ...broken.map(({ name }) => relative(ROOT, name)),
    ]
    return { tests, names, passed, failed, skipped: tests.length - passed - count('failed') }
  } catch (error) {
    progress(`the report of the run cannot be read: ${error.message}`)
    return { tests: [], names: [], passed: 0, failed: 1, skipped: 0 }
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
  if (!existsSync(summary)) return
  const { lines } = JSON.parse(readFileSync(summary, 'utf8')).total
  progress(`lines covered: ${lines.covered} of ${lines.total} (${lines.pct} %)`)
}

async function main() {
  await bootstrap()
  const services = await provideServices({ progress, install: true, browser: true })
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-test-'))
  const report = join(folder, 'report.json')
  const environment = { PRECEPTOR_TEST_RUN: randomBytes(4).toString('hex') }
  if (services.databaseUrl !== undefined) environment.DATABASE_URL = services.databaseUrl
  if (services.redisUrl !== undefined) environment.REDIS_URL = services.redisUrl
  if (services.chromium !== undefined) environment.CHROMIUM = services.chromium
  const run = await runVitest(environment, report)
  const result = readReport(report)
  const problems = [run.failed, result.failed > 0, reportMissing(services.missing, result.tests)]
  if (whole && result.tests.length > 0) {
    reportCoverage()
    problems.push(await reportPromises(result.tests))
  }
  rmSync(folder, { recursive: true, force: true })
  await services.stop()
  process.stdout.write(`${run.closing.join('\n').trimEnd()}\n\n`)
  for (const name of result.names) process.stdout.write(`failed: ${name}\n`)
  const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : ''
  process.stdout.write(`${result.passed} passed, ${result.failed} failed${skipped}\n`)
  process.exitCode = problems.includes(true) ? 1 : 0
}

await main()
