import { writeFileSync } from 'node:fs'
import { describeServices } from './describe-services.mjs'
import { renderReport } from './report.mjs'
import { analytics } from './suites/analytics.mjs'
import { approve } from './suites/approve.mjs'
import { audit } from './suites/audit.mjs'
import { capacity } from './suites/capacity.mjs'
import { dashboard } from './suites/dashboard.mjs'
import { decide } from './suites/decide.mjs'
import { decideScale } from './suites/decide-scale.mjs'
import { enqueue } from './suites/enqueue.mjs'
import { hono } from './suites/hono.mjs'
import { langchain } from './suites/langchain.mjs'
import { learning } from './suites/learning.mjs'
import { lists } from './suites/lists.mjs'
import { mcp } from './suites/mcp.mjs'
import { presence } from './suites/presence.mjs'
import { proposal } from './suites/proposal.mjs'
import { queue } from './suites/queue.mjs'
import { remote } from './suites/remote.mjs'
import { routes } from './suites/routes.mjs'
import { sizing } from './suites/sizing.mjs'
import { start } from './suites/start.mjs'
import { stop } from './suites/stop.mjs'
import { stream } from './suites/stream.mjs'
import { training } from './suites/training.mjs'
import { workflows } from './suites/workflows.mjs'
import { renderTable } from './table.mjs'

const PAGE = new URL('../../docs/benchmarks.md', import.meta.url)
const SUITES = {
  decide,
  'decide-scale': decideScale,
  routes,
  langchain,
  hono,
  remote,
  mcp,
  proposal,
  approve,
  enqueue,
  training,
  learning,
  workflows,
  queue,
  presence,
  stream,
  stop,
  audit,
  start,
  dashboard,
  lists,
  analytics,
  sizing,
  capacity,
}

/**
 * Runs the named suites, all of them by default, and prints their tables or, with `--json`, one document; with `--write` the
 * page of the documentation is written anew.
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code: 0, or 2 for a suite that does not exist
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
  for (const name of wanted) {
    process.stderr.write(`measuring ${name} ...\n`)
    const rows = await SUITES[name]()
    results.push({ suite: name, rows })
    if (!json) process.stdout.write(renderTable(name, rows))
  }
  if (args.includes('--write')) {
    const run = { date: new Date().toISOString().slice(0, 10), services: await describeServices() }
    writeFileSync(PAGE, renderReport(results, run))
  }
  if (json) process.stdout.write(`${JSON.stringify(results.length === 1 ? results[0] : results, null, 2)}\n`)
  return 0
}
