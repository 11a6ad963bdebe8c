import { describeMachine, table, writeSection } from '../report.ts'
import { PATCHES } from './sabotage/patches.ts'
import { runSabotage, SEED } from './sabotage/run-sabotage.ts'

/** One guard less at a time: each run must fail. */
export async function mainOfSabotage(run: {
  readonly names: string
  /** The page whose section is written anew; null for none. */
  readonly report: string | null
  progress(line: string): void
}): Promise<number> {
  const names = run.names.split(',')
  const patches = PATCHES.filter(({ name }) => run.names === 'all' || names.includes(name))
  if (patches.length === 0) throw new Error(`--sabotage takes all, or: ${PATCHES.map(({ name }) => name).join(', ')}.`)
  const results = await runSabotage(patches, run.progress)
  const missed = results.filter(({ caughtBy }) => caughtBy === null).length
  const summary = `patches: ${results.length}, not caught: ${missed}`
  const lines = results.map(({ patch, caughtBy, seconds }) => {
    const took = `${seconds.toFixed(0).padStart(3)} s`
    return `${patch.name.padEnd(26)} ${took}  ${caughtBy ?? 'NOT CAUGHT'}`
  })
  process.stdout.write(`${[...lines, summary].join('\n')}\n`)
  if (run.report !== null) {
    const rows = results.map(({ patch, caughtBy, seconds }) => [
      `\`${patch.name}\``,
      patch.guard,
      patch.schema === undefined ? 'code' : 'code and database',
      caughtBy ?? 'not caught',
      seconds.toFixed(0),
    ])
    const head = ['patch', 'the guard that it takes off', 'where', 'caught by (how often)', 'seconds']
    writeSection(run.report, 'sabotage', [
      `\`npm run faults -- --sabotage ${run.names}\`, seed ${SEED}, on ${describeMachine()}: ${summary}.`,
      '',
      ...table(head, rows),
    ])
  }
  return missed === 0 ? 0 : 1
}
