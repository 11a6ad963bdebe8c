import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { runModel } from './run-model.ts'

const RUNS = 10_000
const LANES = 2

/** `npm run model -- --runs N --seed N --lanes N`; gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const options = { seed: { type: 'string' }, runs: { type: 'string' }, lanes: { type: 'string' } } as const
  const { values } = parseArgs({ args: [...args], options })
  const seed = numberOf('seed', values.seed, randomInt(2 ** 31))
  const runs = numberOf('runs', values.runs, RUNS)
  const lanes = numberOf('lanes', values.lanes, LANES)
  const progress = (line: string): void => void process.stderr.write(`model: ${line}\n`)
  progress(`seed ${seed}, ${runs} sequences`)
  const started = performance.now()
  try {
    const { sequences, commands, proposals, effects, ends } = await runModel({ seed, runs, lanes, progress })
    const seconds = ((performance.now() - started) / 1_000).toFixed(0)
    const described = Object.entries(ends).map(([state, count]) => `${count} ${state}`)
    process.stdout.write(
      `${sequences} sequences of ${commands} commands in ${seconds} s, seed ${seed}\n` +
        `${proposals} proposals, ${effects} effects; ended: ${described.join(', ')}\nviolations: 0\n`,
    )
    return 0
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `\n${error.cause.message}` : ''
    process.stdout.write(
      `${error instanceof Error ? error.message : String(error)}${cause}\nviolations: 1, seed ${seed}\n`,
    )
    return 1
  }
}

function numberOf(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text)
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new Error(`--${name} takes a whole number of at least 0.`)
}
