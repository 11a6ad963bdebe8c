import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ROUTES } from '@preceptor/client'

const LEAST_DECISIONS = 12

const run = promisify(execFile)
const main = fileURLToPath(new URL('main.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'preceptor-demo-'))
try {
  const args = [main, '--once', '--json', '--port', '0']
  const { stdout } = await run(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 24 })
  const { decisions, summary } = JSON.parse(stdout)
  const missing = ROUTES.filter((route) => !summary.routes[route])
  if (decisions.length < LEAST_DECISIONS) throw new Error(`The demo made only ${decisions.length} decisions.`)
  if (missing.length > 0) throw new Error(`The demo did not take the routes ${missing.join(', ')}.`)
  if (summary.effects !== summary.ran) throw new Error(`${summary.ran} actions ran with ${summary.effects} effects.`)
  if (!summary.journal.ok) throw new Error('The journal of the demo does not verify.')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
