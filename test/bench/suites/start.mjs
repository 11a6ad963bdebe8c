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

/** `npm start` of an installed checkout, in an empty folder, to its first decision, and to the end of its whole round of them. */
export async function start() {
  const runs = []
  for (let round = 0; round < ROUNDS; round += 1) runs.push(await runDemo())
  const first = median(runs.map(({ firstMs }) => firstMs))
  const took = median(runs.map(({ ms }) => ms))
  const memory = median(runs.map(({ kilobytes }) => kilobytes))
  return [
    {
      ...{ name: 'npm start to the first decision', ours: first, peer: null, limit: null },
      ...{ ratio: first / CEILING_MS, goal: `< ${CEILING_MS} ms`, moonshot: '-', met: first < CEILING_MS, unit: 'ms' },
    },
    reported({ name: 'npm start -- --once, all decisions of four agents', ours: took, other: null, unit: 'ms' }),
    // Only Linux tells it.
    ...(memory > 0
      ? [reported({ name: 'peak memory of the same', ours: memory / 1_024, other: null, unit: 'MB' })]
      : []),
  ]
}

async function runDemo() {
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-bench-'))
  const received = join(folder, 'received.jsonl')
  const from = performance.now()
  const startedAt = Date.now()
  const args = [START, '--once', '--json', '--received', received]
  const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' })
  let kilobytes = 0
  const look = setInterval(() => {
    kilobytes = Math.max(kilobytes, peakOf(child.pid))
  }, LOOKED_EACH_MS)
  try {
    const code = await new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve))
    if (code !== 0) throw new Error(`The demo ended with ${code}.`)
    const ms = performance.now() - from
    const [decision] = readFileSync(received, 'utf8').split('\n')
    return { firstMs: JSON.parse(decision).receivedAt - startedAt, ms, kilobytes }
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
