import type { Experiment } from '../client/training.ts'
import { mean } from '../statistics/describe.ts'
import { sequentialTest } from '../statistics/sequential-test.ts'
import type { Trial } from '../trials/trial.ts'
import type { ExperimentProgress } from './experiment-store.ts'

/** How far an experiment has come, and whether that ends it. */
export interface Standing {
  readonly progress: ExperimentProgress
  readonly end: {
    readonly state: 'decided' | 'inconclusive'
    readonly winner: Experiment['winner']
    readonly reason: string
  } | null
}

/**
 * Asks the stop rule about the results so far. They count in the order of their positions, up to the first that is still
 * open: which case is answered fastest must not decide when it ends.
 */
export function progressOf(
  { alpha, mostRuns }: Pick<Experiment, 'alpha' | 'mostRuns'>,
  trials: readonly Trial[],
): Standing {
  const open = trials.findIndex(({ state }) => state === 'open')
  const ended = open === -1 ? trials : trials.slice(0, open)
  const scored = ended.flatMap(({ scoreA, scoreB }) => (scoreA === null || scoreB === null ? [] : [{ scoreA, scoreB }]))
  const a = scored.map(({ scoreA }) => scoreA)
  const b = scored.map(({ scoreB }) => scoreB)
  const asked = sequentialTest({ a, b, range: { low: 0, high: 100 }, alpha, most: mostRuns })
  const progress = {
    runs: scored.length,
    evidence: Math.min(asked.evidence, Number.MAX_VALUE),
    meanA: mean(a) ?? null,
    meanB: mean(b) ?? null,
  }
  if (asked.outcome === 'decided') {
    const points = Math.round(Math.abs(asked.difference) * 10) / 10
    const reason = `${asked.winner} is better by ${points} points over ${asked.pairs} cases.`
    return { progress, end: { state: 'decided', winner: asked.winner, reason } }
  }
  if (asked.outcome === 'inconclusive' || open === -1) {
    const reason = `No difference was shown in ${scored.length} cases.`
    return { progress, end: { state: 'inconclusive', winner: null, reason } }
  }
  return { progress, end: null }
}
