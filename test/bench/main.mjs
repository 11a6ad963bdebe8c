import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { describeServices } from './describe-services.mjs'
import { reasonOf } from './reasons.mjs'
import { renderReport } from './report.mjs'
import { SUITES } from './suites.mjs'
import { renderTable } from './table.mjs'

const PAGE = new URL('../../docs/benchmarks.md', import.meta.url)
const PROCESS = new URL('./suite-process.mjs', import.meta.url)

/**
 * Runs the named suites, all of them by default, each in a process of its own, and prints their tables or, with `--json`, one
 * document; with `--write` the page of the documentation is written anew. A suite that fails is told of, and the others run.
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code: 0, 1 where a suite failed, or 2 for a suite that does not exist
 */
export async function main(args) {
  const json = args.includes('--json')
  const names = args.filter((arg) => !arg.startsWith('--'))
  const wanted = names.length === 0 || names.includes('all') ? Object.keys(SUITES) : names
  const unknown = wanted.find((name) => !Object.hasOwn(SUITES, name))
  if (unknown !== undefined) {
    process.stderr.write(`There is no suite "${unknown}". Suites: ${Object.keys(SUITES).join(', ')}, all.\n`)
    return 2
  }
  const results = []
  for (const [index, name] of wanted.entries()) {
    process.stderr.write(`measuring ${name} (${index + 1} of ${wanted.length}) ...\n`)
    const rows = await measure(name)
    if (rows === null) continue
    results.push({ suite: name, rows: rows.map(withReason) })
    if (!json) process.stdout.write(renderTable(name, rows))
  }
  const failed = results.length < wanted.length
  if (args.includes('--write') && !failed) {
    const run = { date: new Date().toISOString().slice(0, 10), services: await describeServices() }
    writeFileSync(PAGE, renderReport(results, run))
  }
  if (json) process.stdout.write(`${JSON.stringify(wanted.length === 1 ? results[0] : results, null, 2)}\n`)
  return failed ? 1 : 0
}

/** The rows of a suite; null where it failed, which its process has told by then. */
function measure(name) {
  return new Promise((resolve) => {
    const child = fork(PROCESS, [name], { stdio: ['ignore', 2, 2, 'ipc'] })
    let rows = null
    child.on('message', (message) => {
      rows = message.rows
    })
    child.once('exit', (code) => {
      if (code !== 0) process.stderr.write(`The suite "${name}" failed (exit ${code}).\n`)
      resolve(code === 0 ? rows : null)
    })
  })
}

const withReason = (row) => (row.met === false ? { ...row, reason: reasonOf(row) ?? null } : row)
