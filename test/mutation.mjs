// npm run mutation -- [module] [part]: changes the code of a module in every small way that Stryker knows, one at a time,
// and counts how many of the changes no test notices.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MODULES } from './mutation/parts.mjs'

const OUT = 'node_modules/.cache/mutation'
const NOTICED = ['Killed', 'Timeout']
const UNNOTICED = ['Survived', 'NoCoverage']
const [onlyModule, onlyPart] = process.argv.slice(2)
mkdirSync(OUT, { recursive: true })

let isBelow = false
for (const [module, { least, parts }] of Object.entries(MODULES)) {
  if (onlyModule !== undefined && onlyModule !== module) continue
  const names = Object.keys(parts).filter((part) => onlyPart === undefined || onlyPart === part)
  const counts = names.map((part) => mutate(`${module}-${part}`, parts[part]))
  const score = scoreOf(counts.flat())
  isBelow ||= score < least
  process.stdout.write(`${module}: ${score.toFixed(2)} % of the mutants were noticed (at least ${least})\n`)
}
process.exitCode = isBelow ? 1 : 0

function mutate(name, { files, tests }) {
  const report = join(OUT, `${name}.json`)
  const config = join(OUT, `${name}.config.json`)
  rmSync(report, { force: true })
  writeFileSync(config, JSON.stringify(configOf(name, files, report), null, 2))
  const run = spawnSync('npx', ['stryker', 'run', config], {
    stdio: 'inherit',
    env: { ...process.env, MUTATION_TESTS: JSON.stringify(tests) },
  })
  if (!existsSync(report)) throw new Error(`No report of ${name} (Stryker ended with ${run.status}).`)
  const results = Object.entries(JSON.parse(readFileSync(report, 'utf8')).files)
  for (const [file, { mutants }] of results) print(file, mutants)
  return results.flatMap(([, { mutants }]) => mutants)
}

function configOf(name, mutate, report) {
  return {
    mutate,
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner', new URL('mutation/ignore-texts.mjs', import.meta.url).pathname],
    ignorers: ['texts'],
    vitest: { configFile: 'test/mutation/vitest.config.mjs', related: false },
    // Types are checked elsewhere, and the rewriting of its settings needs the API of another compiler.
    tsconfigFile: 'none',
    disableTypeChecks: false,
    ignorePatterns: ['docs', 'coverage', '.ci'],
    coverageAnalysis: 'perTest',
    incremental: true,
    incrementalFile: join(OUT, `${name}.incremental.json`),
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: report },
    concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 2),
    timeoutMS: 8_000,
    allowConsoleColors: false,
    tempDirName: '.stryker-tmp',
  }
}

function print(file, mutants) {
  const left = mutants.filter(({ status }) => UNNOTICED.includes(status))
  process.stdout.write(`${file}: ${scoreOf(mutants).toFixed(1)} % of ${mutants.length}\n`)
  if (process.env.MUTATION_SHOW !== '1') return
  const lines = readFileSync(file, 'utf8').split('\n')
  for (const { location, replacement, status, mutatorName } of left) {
    const { start } = location
    process.stdout.write(
      `  ${start.line}:${start.column} ${status} ${mutatorName}: ${lines[start.line - 1]?.trim().slice(0, 110)} -> ${String(replacement).replaceAll('\n', ' ').slice(0, 70)}\n`,
    )
  }
}

function scoreOf(mutants) {
  const noticed = mutants.filter(({ status }) => NOTICED.includes(status)).length
  const left = mutants.filter(({ status }) => UNNOTICED.includes(status)).length
  return noticed + left === 0 ? 100 : (100 * noticed) / (noticed + left)
}
