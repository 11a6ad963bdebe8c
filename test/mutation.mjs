// npm run mutation -- [module] [part]: changes the code of a module in every small way that Stryker knows, one at a time,
// and counts how many of the changes no test notices. With --report PAGE the scores of the last runs go into a page.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MODULES } from './mutation/parts.mjs'

const OUT = 'node_modules/.cache/mutation'
const NOTICED = ['Killed', 'Timeout']
const UNNOTICED = ['Survived', 'NoCoverage']
const [first, second] = process.argv.slice(2)
mkdirSync(OUT, { recursive: true })
process.exitCode = first === '--report' ? report(second) : run(first, second)

/** Gives the exit code: 1 where a module, as far as it was run, is below what it must reach. */
function run(onlyModule, onlyPart) {
  let isBelow = false
  for (const [module, { least, parts }] of Object.entries(MODULES)) {
    if (onlyModule !== undefined && onlyModule !== module) continue
    const names = Object.keys(parts).filter((part) => onlyPart === undefined || onlyPart === part)
    const score = scoreOf(names.flatMap((part) => mutate(`${module}-${part}`, parts[part])))
    isBelow ||= score < least
    process.stdout.write(`${module}: ${score.toFixed(2)} % of the mutants were noticed (at least ${least})\n`)
  }
  return isBelow ? 1 : 0
}

/** Writes the scores of the last run of each part into a page, between its two marks. */
function report(page) {
  const rows = Object.entries(MODULES).flatMap(([module, { least, parts }]) => {
    const of = Object.keys(parts).map((part) => ({ part, mutants: lastResultOf(`${module}-${part}`) }))
    const known = of.filter(({ mutants }) => mutants.length > 0)
    const whole = {
      part: known.length === of.length ? 'all' : 'what was run',
      mutants: of.flatMap((one) => one.mutants),
    }
    return [...known, whole].map(({ part, mutants }) =>
      rowOf(module, part, mutants, part === 'all' ? `${least} %` : ''),
    )
  })
  const table = ['| module | part | mutants | not noticed | score | at least |', '|---|---|---|---|---|---|', ...rows]
  const text = readFileSync(page, 'utf8')
  const marks = ['<!-- scores -->', '<!-- end of scores -->']
  const [start, end] = marks.map((mark) => text.indexOf(mark))
  if (start < 0 || end < start) throw new Error(`${page} must have the marks ${marks.join(' and ')}.`)
  writeFileSync(page, `${text.slice(0, start + marks[0].length)}\n${table.join('\n')}\n${text.slice(end)}`)
  return 0
}

function rowOf(module, part, mutants, least) {
  const left = mutants.filter(({ status }) => UNNOTICED.includes(status)).length
  const all = left + mutants.filter(({ status }) => NOTICED.includes(status)).length
  return `| ${module} | ${part} | ${all} | ${left} | ${scoreOf(mutants).toFixed(1)} % | ${least} |`
}

function lastResultOf(name) {
  const path = join(OUT, `${name}.json`)
  if (!existsSync(path)) return []
  return Object.values(JSON.parse(readFileSync(path, 'utf8')).files).flatMap(({ mutants }) => mutants)
}

function mutate(name, { files, tests }) {
  const path = join(OUT, `${name}.json`)
  const config = join(OUT, `${name}.config.json`)
  rmSync(path, { force: true })
  writeFileSync(config, JSON.stringify(configOf(name, files, path), null, 2))
  const ended = spawnSync('npx', ['stryker', 'run', config], {
    stdio: 'inherit',
    env: { ...process.env, MUTATION_TESTS: JSON.stringify(tests) },
  })
  if (!existsSync(path)) throw new Error(`No report of ${name} (Stryker ended with ${ended.status}).`)
  const results = Object.entries(JSON.parse(readFileSync(path, 'utf8')).files)
  for (const [file, { mutants }] of results) print(file, mutants)
  return results.flatMap(([, { mutants }]) => mutants)
}

function configOf(name, mutated, path) {
  return {
    mutate: mutated,
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
    jsonReporter: { fileName: path },
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
