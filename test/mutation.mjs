// npm run mutation -- [module]: changes the rules of a module in every small way that Stryker knows, one at a time, and counts
// how many of the changes no test notices. With --report PAGE the scores of the last runs go into a page.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MODULES } from './mutation/modules.mjs'
import { bootstrap } from './setup/bootstrap.mjs'

const OUT = 'node_modules/.cache/mutation'
const NOTICED = ['Killed', 'Timeout']
const UNNOTICED = ['Survived', 'NoCoverage']
const [first, second] = process.argv.slice(2)
mkdirSync(OUT, { recursive: true })
process.exitCode = first === '--report' ? await report(second) : run(first)

/** Gives the exit code: 1 where a module is below what it must reach. */
function run(only) {
  let isBelow = false
  for (const [name, module] of Object.entries(MODULES)) {
    if (only !== undefined && only !== name) continue
    const score = scoreOf(mutate(name, module))
    isBelow ||= score < module.least
    process.stdout.write(`${name}: ${score.toFixed(2)} % of the mutants were noticed (at least ${module.least})\n`)
  }
  return isBelow ? 1 : 0
}

/** Writes the scores of the last run of each module into a page. */
async function report(page) {
  await bootstrap({ projects: ['test'] })
  const { table, writeSection } = await import('./dist/report.js')
  const rows = Object.entries(MODULES).flatMap(([name, { least }]) => {
    const files = filesOf(name)
    const all = files.flatMap(([, { mutants }]) => mutants)
    const rowOfFile = ([file, { mutants }]) => rowOf(`\`${file.replace('packages/core/src/', '')}\``, mutants, '')
    return [rowOf(`**${name}**`, all, `${least} %`), ...files.map(rowOfFile)]
  })
  writeSection(page, 'scores', table(['rules', 'mutants', 'not noticed', 'score', 'at least'], rows))
  return 0
}

function rowOf(name, mutants, least) {
  const { noticed, unnoticed } = tallyOf(mutants)
  return [name, noticed + unnoticed, unnoticed, `${scoreOf(mutants).toFixed(1)} %`, least]
}

/** What the last run of a module said of each of its files. */
function filesOf(name) {
  const path = pathOf(name)
  if (!existsSync(path)) throw new Error(`There is no report of ${name}: npm run mutation -- ${name}`)
  const { files } = JSON.parse(readFileSync(path, 'utf8'))
  return Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1))
}

function mutate(name, { files, tests }) {
  const config = join(OUT, `${name}.config.json`)
  rmSync(pathOf(name), { force: true })
  writeFileSync(config, JSON.stringify(configOf(name, files), null, 2))
  const ended = spawnSync('npx', ['stryker', 'run', config], {
    stdio: 'inherit',
    env: { ...process.env, MUTATION_TESTS: JSON.stringify(tests) },
  })
  if (ended.status !== 0) throw new Error(`Stryker ended with ${ended.status}.`)
  const results = filesOf(name)
  for (const [file, { mutants }] of results) print(file, mutants)
  return results.flatMap(([, { mutants }]) => mutants)
}

function pathOf(name) {
  return join(OUT, `${name}.json`)
}

function configOf(name, files) {
  return {
    mutate: files,
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner', new URL('mutation/ignore-texts.mjs', import.meta.url).pathname],
    ignorers: ['texts'],
    vitest: { configFile: 'test/mutation/vitest.config.mjs', related: false },
    // Types are checked elsewhere, and the rewriting of its settings needs the API of another compiler.
    tsconfigFile: 'none',
    disableTypeChecks: false,
    ignorePatterns: ['docs', 'coverage', '.ci'],
    coverageAnalysis: 'perTest',
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: pathOf(name) },
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

/** Mutants that are neither were not tried: what does not compile or run at all. */
function tallyOf(mutants) {
  const count = (states) => mutants.filter(({ status }) => states.includes(status)).length
  return { noticed: count(NOTICED), unnoticed: count(UNNOTICED) }
}

function scoreOf(mutants) {
  const { noticed, unnoticed } = tallyOf(mutants)
  return noticed + unnoticed === 0 ? 100 : (100 * noticed) / (noticed + unnoticed)
}
