import { MATURITIES } from '@preceptor/client'
import type { Control, Effect, History } from '../history.ts'
import type { DecisionRow } from './decision-rows.ts'
import { wasDisturbed } from './disturbed.ts'
import type { Findings } from './verdict.ts'

/** A stop, a pause or a demotion is in force everywhere this long after it was acknowledged. */
const EVERYWHERE_AFTER_MS = 1_000
// The tool is called right after the last check; a machine with too much to do may take this long for it.
const CALL_MS = 250
// An answer that never came may still have taken effect so much later.
const UNANSWERED_MS = 15_000

/** A time in which something surely holds back an agent, or everything. */
interface Hold {
  readonly control: Control
  readonly from: number
  readonly to: number
}

/** No effect of a paused, stopped or demoted agent later than a second after the acknowledgement. */
export function checkHaltedStayHalted(history: History, findings: Findings): void {
  const holds = history.controls.flatMap((control) => holdOf(control, history.controls))
  for (const effect of history.effects) {
    for (const hold of holds) {
      if (!concerns(hold.control, effect) || effect.at <= hold.from || effect.at >= hold.to) continue
      checkEffect(history, { effect, hold }, findings)
    }
  }
}

function checkEffect(
  history: History,
  { effect, hold }: { readonly effect: Effect; readonly hold: Hold },
  findings: Findings,
): void {
  // The last check comes after the first of these and before the second.
  const earliest = effect.checkedAt ?? effect.invokedAt
  const latest = effect.checkedAt ?? effect.ranAt
  const { kind, maturity } = hold.control
  if ((kind === 'demote' || kind === 'incident') && !exceeds(history, effect, maturity)) return
  if (earliest > hold.from) {
    findings.violate('effect-of-halted', `An effect came after a ${kind} was in force everywhere.`, { effect, hold })
  } else if (latest > hold.from + CALL_MS && !wasDisturbed(history, effect.process, { from: earliest, to: latest })) {
    findings.violate('effect-of-halted', `A ${kind} in force was not seen by a check.`, { effect, hold })
  } else {
    findings.setApart('effects of calls past their last check')
  }
}

/** Whether the effect was allowed by more trust than a demotion left. */
function exceeds({ journal }: History, effect: Effect, maturity: string | null): boolean {
  const row = journal.find(({ kind, subject }) => kind === 'decision.made' && subject === effect.decision)
  const decision: unknown = row?.body.decision
  if (typeof decision !== 'object' || decision === null || maturity === null) return false
  const used: unknown = Reflect.get(decision, 'maturity')
  // A person who attempts it is not held back by the agent's maturity.
  if (Reflect.get(decision, 'source') === 'manual') return false
  return rankOf(used) > rankOf(maturity)
}

function rankOf(maturity: unknown): number {
  return typeof maturity === 'string' ? [...MATURITIES].map(String).indexOf(maturity) : -1
}

const OPPOSITES = {
  pause: ['resume'],
  stop: ['resume'],
  demote: ['promote'],
  incident: ['promote'],
  'set-stop': ['lift-stop'],
} as const

function holdOf(control: Control, controls: readonly Control[]): Hold[] {
  const { kind, answeredAt, code } = control
  if (answeredAt === null || code !== null) return []
  if (kind !== 'pause' && kind !== 'stop' && kind !== 'demote' && kind !== 'incident' && kind !== 'set-stop') return []
  const ended = controls.filter(
    (other) =>
      OPPOSITES[kind].some((opposite) => opposite === other.kind) &&
      other.workspace === control.workspace &&
      (kind === 'set-stop' ? other.stop === control.stop : other.agent === control.agent) &&
      (other.answeredAt ?? other.invokedAt + UNANSWERED_MS) > control.invokedAt &&
      other.code !== 'CONFLICT',
  )
  // Everything is lifted in whatever workspace the steward looks from.
  const lifted = control.everywhere
    ? controls.filter(({ kind: one, stop }) => one === 'lift-stop' && stop === control.stop)
    : []
  const from = answeredAt + EVERYWHERE_AFTER_MS
  const to = Math.min(...[...ended, ...lifted].map(({ invokedAt }) => invokedAt), Number.POSITIVE_INFINITY)
  return to > from ? [{ control, from, to }] : []
}

function concerns({ everywhere, workspace, agent }: Control, whom: Pick<Effect, 'workspace' | 'agent'>): boolean {
  if (everywhere) return true
  return workspace === whom.workspace && (agent === null || agent === whom.agent)
}

/**
 * Whatever is more than safe knows of every stop. A stop and the decisions before it wait for each other, so the positions
 * of their rows give the order in which they came.
 */
export function checkDecisionsKnowStops(
  { journal }: History,
  decisions: readonly DecisionRow[],
  findings: Findings,
): void {
  const lifted = new Map(journal.filter(({ kind }) => kind === 'stop.lifted').map((row) => [row.subject, row.position]))
  const routed = decisions.filter(({ route, risk }) => route !== 'denied' && risk !== null && risk !== 'safe')
  for (const stop of journal.filter(({ kind }) => kind === 'stop.set')) {
    const to = lifted.get(stop.subject) ?? Number.POSITIVE_INFINITY
    const found = routed.filter(({ row }) => {
      const covered = stop.workspace === '*' || stop.workspace === row.workspace
      const concerned = covered && (stop.agent === null || stop.agent === row.agent)
      return concerned && row.position > stop.position && row.position < to
    })
    if (found.length > 0) {
      findings.violate('decided-under-stop', 'A decision did not know of a stop.', { stop, decisions: found })
    }
  }
}
