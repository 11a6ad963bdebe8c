import type { Effect, History, Interference, Watch } from '../history.ts'
import { SETTINGS } from '../workload.ts'
import { wasDisturbed } from './disturbed.ts'
import { type Findings, groupBy, groupOf } from './verdict.ts'

// The tool is called right after its step began; a machine with too much to do may take this long for it.
const CALL_MS = 400
// An answer that never came may still have taken effect so much later.
const UNANSWERED_MS = 15_000

/** Nothing begins or goes on in a run that is paused, over or watched by nobody, and it is told everything once. */
export function checkSupervision(history: History, findings: Findings): void {
  const interferences = groupBy(history.interferences, ({ session }) => [session])
  const watches = groupBy(history.watches, ({ session }) => [session])
  for (const effect of history.effects) {
    if (effect.session === null) continue
    for (const hold of groupOf(interferences, effect.session).flatMap((one, _, all) => holdOf(one, all))) {
      if (!isPast(history, effect, hold)) continue
      findings.violate('effect-of-held-run', `An effect came after the run was told to ${hold.type}.`, { effect, hold })
    }
    const end = watchedUntil(effect, groupOf(watches, effect.session))
    // Times of a machine whose clock jumps say nothing of a lease.
    if (!history.jumps && isPast(history, effect, { from: end, to: Number.POSITIVE_INFINITY })) {
      findings.violate('effect-unwatched', 'An effect came when nobody watched its run.', { effect, end })
    }
  }
  for (const told of groupBy(history.told, ({ guidance }) => [guidance]).values()) {
    if (told.length > 1) findings.violate('told-twice', 'A run was told the same twice.', { told })
  }
}

interface Hold {
  readonly from: number
  readonly to: number
}

/** Whether the last look of a run, at a checkpoint or before it began, surely came while it was held. */
function isPast(history: History, { process, ranAt, checkedAt, at }: Effect, { from, to }: Hold): boolean {
  if (at >= to) return false
  if (checkedAt !== null) return checkedAt > from
  return ranAt > from + CALL_MS && !wasDisturbed(history, process, { from: from - CALL_MS, to: ranAt })
}

function holdOf(
  { type, invokedAt, answeredAt, code }: Interference,
  all: readonly Interference[],
): readonly (Hold & Pick<Interference, 'type'>)[] {
  if (answeredAt === null || code !== null) return []
  if (type === 'terminate') return [{ type, from: answeredAt, to: Number.POSITIVE_INFINITY }]
  if (type !== 'pause') return []
  const resumed = all.filter(
    (other) =>
      other.type === 'resume' &&
      other.code === null &&
      (other.answeredAt ?? other.invokedAt + UNANSWERED_MS) > invokedAt,
  )
  const to = Math.min(...resumed.map((other) => other.invokedAt), Number.POSITIVE_INFINITY)
  return to > answeredAt ? [{ type, from: answeredAt, to }] : []
}

/** When the last lease ended that somebody held before an effect. */
function watchedUntil({ at }: Effect, watches: readonly Watch[]): number {
  const ends = watches.flatMap(({ invokedAt, answeredAt, isRefused }) => {
    if (isRefused || invokedAt > at) return []
    return [answeredAt === null ? invokedAt + UNANSWERED_MS : answeredAt + SETTINGS.supervisorLeaseMs]
  })
  return Math.max(...ends, 0)
}
