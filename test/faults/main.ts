import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { mainOfQueue } from './main-of-queue.ts'
import { mainOfRun } from './main-of-run.ts'
import { mainOfSabotage } from './main-of-sabotage.ts'

interface Arguments {
  readonly seed: number
  readonly minutes: number
  readonly queue: number | null
  readonly sabotage: string | null
  readonly report: string | null
}

/**
 * `npm run faults -- --seed N --minutes M`, `--queue N` for N entries of the supervised queue, or `--sabotage all` for one
 * guard less at a time; `--report page.md` writes what was found into a page. Gives the exit code.
 */
export async function main(args: readonly string[]): Promise<number> {
  const { seed, minutes, queue, sabotage, report } = readArguments(args)
  const progress = (line: string): void => void process.stderr.write(`faults: ${line}\n`)
  if (sabotage !== null) return mainOfSabotage({ names: sabotage, report, progress })
  if (queue !== null) return mainOfQueue({ entries: queue, progress })
  return mainOfRun({ seed, minutes, report, progress })
}

function readArguments(args: readonly string[]): Arguments {
  const text = { type: 'string' } as const
  const options = { seed: text, minutes: text, queue: text, sabotage: text, report: text }
  const { values } = parseArgs({ args: [...args], options })
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed)
  const minutes = Number(values.minutes ?? 1)
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('--seed takes a whole number of at least 0.')
  if (!(minutes > 0)) throw new Error('--minutes takes a number above 0.')
  const queue = values.queue === undefined ? null : Number(values.queue)
  if (queue !== null && !(Number.isSafeInteger(queue) && queue > 0)) throw new Error('--queue takes a number above 0.')
  return { seed, minutes, queue, sabotage: values.sabotage ?? null, report: values.report ?? null }
}
