import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from '../measure.mjs'
import { reported } from '../table.mjs'

const START = fileURLToPath(new URL('../../../examples/start.mjs', import.meta.url))
const ROUNDS = 5
const CEILING_MS = 10_000
const LOOKED_EACH_MS = 50

/**
 * `npm start` of an installed checkout, in an empty folder, to the end of its whole round of decisions: the first of them is
 * made before that.
 */
export async function start() {
  const runs = []
  for (let round = 0; round < ROUNDS; round += 1) runs.push(await runDemo())
  const took = median(runs.map(({ ms }) => ms))
  const memory = median(runs.map(({ kilobytes }) => kilobytes))
  return [
    {
      ...{ name: 'npm start -- --once, all decisions of four agents', ours: took, peer: null, limit: null },
      ...{ ratio: took / CEILING_MS, goal: `< ${CEILING_MS} ms`, moonshot: '-', met: took < CEILING_MS, unit: 'ms' },
    },
    // Only Linux tells it.
    ...(memory > 0
      ? [reported({ name: 'peak memory of the same', ours: memory / 1_024, other: null, unit: 'MB' })]
      : []),
  ]
}

async function runDemo() {
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-bench-'))
  const from = performance.now()
  const child = spawn(process.execPath, [START, '--once', '--json'], { cwd: folder, stdio: 'ignore' })
  let kilobytes = 0
  const look = setInterval(() => {
    kilobytes = Math.max(kilobytes, peakOf(child.pid))
  }, LOOKED_EACH_MS)
  try {
    const code = await new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve))
    if (code !== 0) throw new Error(`The demo ended with ${code}.`)
    return { ms: performance.now() - from, kilobytes }
  } finally {
    clearInterval(look)
    rmSync(folder, { recursive: true, force: true })
  }
}

function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
