import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { createTestDatabase } from '@preceptor/test-setup'
import { type Latencies, type LoadResult, runLoad } from './run-load.ts'
import { startServer } from './start-server.ts'

// A run is good below this ratio of p99, and while the server grows by no more than this, in megabytes.
const MOST_RATIO = 2
const MOST_GROWTH = 300

const MALFORMED_SHARE = 0.01

/** `npm run load -- --seconds N --rate R --embedded`; gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '60' },
      rate: { type: 'string', default: '150' },
      connections: { type: 'string', default: '64' },
      seed: { type: 'string', default: String(randomInt(1_000_000)) },
      embedded: { type: 'boolean', default: false },
    },
  })
  const [seconds, rate, connections, seed] = [values.seconds, values.rate, values.connections, values.seed].map(Number)
  const isEmbedded = values.embedded || !process.env.DATABASE_URL
  const database = isEmbedded ? undefined : await createTestDatabase()
  const server = await startServer(database?.url)
  try {
    const result = await runLoad({
      server,
      seconds: seconds ?? 60,
      rate: rate ?? 150,
      malformedShare: MALFORMED_SHARE,
      connections: connections ?? 64,
      seed: seed ?? 1,
    })
    const problems = problemsOf(result)
    process.stdout.write(`${describe(result, problems).join('\n')}\n`)
    return problems.length === 0 ? 0 : 1
  } finally {
    await server.close()
    await database?.drop()
  }
}

/** What is wrong with a run, if anything. */
export function problemsOf({ errors, unintended, ratio, memory }: LoadResult): readonly string[] {
  return [
    ...Object.entries(errors).map(([name, times]) => `${times} good requests failed: ${name}`),
    ...Object.entries(unintended).map(
      ([name, times]) => `${times} malformed requests were answered otherwise: ${name}`,
    ),
    ...(ratio < MOST_RATIO
      ? []
      : [`p99 of good requests under abuse is ${ratio.toFixed(2)} times that of the quiet run`]),
    ...(memory.peak - memory.before < MOST_GROWTH ? [] : [`the server grew to ${memory.peak.toFixed(0)} MB`]),
  ]
}

function describe(result: LoadResult, problems: readonly string[]): readonly string[] {
  const { quiet, abused, ratio, errors, malformed, memory } = result
  const of = (name: string, { requests, p50, p99, longest }: Latencies): string =>
    `${name.padEnd(7)} ${requests} requests, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${longest.toFixed(0)} ms`
  return [
    of('quiet', quiet),
    of('abused', abused),
    `p99 under abuse / quiet: ${ratio.toFixed(2)}`,
    `memory before ${memory.before.toFixed(0)} MB, after ${memory.after.toFixed(0)} MB, peak ${memory.peak.toFixed(0)} MB`,
    `errors of good requests: ${Object.keys(errors).length === 0 ? 'none' : ''}`,
    ...Object.entries(errors).map(([name, times]) => `  ${times} x ${name}`),
    'answers to malformed requests:',
    ...Object.entries(malformed).map(([name, times]) => `  ${times} x ${name}`),
    problems.length === 0 ? 'good' : `BAD: ${problems.join('; ')}`,
  ]
}
