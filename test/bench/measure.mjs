import { performance } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'

const ROUNDS = 7
const WARM_UP_MS = 60
const SLICE_MS = 120
const MOST_REST = 25

/**
 * @typedef {object} Contestant
 * @property {() => unknown} run one operation; a promise is awaited when `isAsync`
 * @property {boolean} [isAsync]
 * @property {number} [batch] operations between two looks at the clock
 * @property {() => unknown} [rest] called between slices, outside the measured time
 */

/**
 * Measures contestants in turn, round by round, so that a change of the machine's speed meets all of them.
 * @param {Record<string, Contestant>} contestants
 * @returns {Promise<Record<string, number>>} median nanoseconds per operation
 */
export async function compare(contestants) {
  const samples = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]))
  for (const contestant of Object.values(contestants)) await slice(contestant, WARM_UP_MS)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, contestant] of Object.entries(contestants)) samples[name].push(await slice(contestant, SLICE_MS))
  }
  return Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, median(values)]))
}

/** One slice of one contestant: nanoseconds per operation. */
async function slice({ run, isAsync = false, batch = 1, rest }, milliseconds) {
  let operations = 0
  let spent = 0
  const from = performance.now()
  // By the measured time, so that what rests long is warm too; the other bound ends what hardly works at all.
  while (spent < milliseconds && performance.now() - from < milliseconds * MOST_REST) {
    const started = performance.now()
    if (isAsync) for (let index = 0; index < batch; index += 1) await run()
    else for (let index = 0; index < batch; index += 1) run()
    spent += performance.now() - started
    operations += batch
    // Work that waits in the background (timers, sockets) gets its turn, outside the measured time.
    await (rest === undefined ? turn() : rest())
  }
  return (spent * 1e6) / operations
}

/**
 * Times single operations.
 * @param {() => unknown} run
 * @param {number} count
 * @returns {Promise<number>} the 99th percentile in nanoseconds
 */
export async function percentile99(run, count) {
  const times = new Float64Array(count)
  for (let index = 0; index < count; index += 1) {
    const started = performance.now()
    run()
    times[index] = performance.now() - started
    if (index % 1_000 === 999) await turn()
  }
  times.sort()
  return times[Math.floor(count * 0.99)] * 1e6
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)]
}
