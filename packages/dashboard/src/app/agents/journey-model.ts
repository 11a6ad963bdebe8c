import { type ConfidenceEntry, MATURITIES, type Maturity, type MaturityTransition } from '@preceptor/client'
import type { TrendPoint } from '../charts/robust-trend.ts'

/** The end of the scale of confidence, in basis points. */
export const FULL = 10_000

/** Lowest confidence of each level, in basis points. */
export const FLOORS: Readonly<Record<Maturity, number>> = {
  student: 0,
  intern: 5_000,
  supervised: 7_000,
  autonomous: 9_000,
}

/** Where a score comes from. */
export type ScoreCause =
  | 'registration'
  | 'training'
  | 'approval'
  | 'edit'
  | 'failure'
  | 'rejection'
  | 'supervision'
  | 'termination'
  | 'run'
  | 'incident'
  | 'decay'
  | 'promotion'
  | 'demotion'

const KINDS: ReadonlySet<string> = new Set<ScoreCause>([
  'registration',
  'training',
  'supervision',
  'termination',
  'run',
  'incident',
  'decay',
  'promotion',
  'demotion',
])

/** The cause of a row of the ledger: of a proposal it follows from what was asked for; null for one that is not known. */
export function causeOf({ kind, requested }: Pick<ConfidenceEntry, 'kind' | 'requested'>): ScoreCause | null {
  if (kind === 'proposal') {
    if (requested < 0) return 'rejection'
    if (requested === 0) return 'failure'
    // Decided in haste, it counts half.
    return requested >= 100 ? 'approval' : 'edit'
  }
  return KINDS.has(kind) ? (kind as ScoreCause) : null
}

/** What a journey marks. */
export type MarkKind = 'training' | 'promotion' | 'demotion' | 'rejection' | 'edit' | 'termination' | 'incident'

/** Something that happened on a journey. */
export interface JourneyMark {
  readonly id: string
  readonly kind: MarkKind
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Confidence after it, in basis points. */
  readonly value: number
  /** Id of what it came from; null for what has none. */
  readonly source: string | null
  readonly to: Maturity | null
  readonly actor: string
}

/** The level from a time on. */
export interface LevelStep {
  readonly at: number
  readonly maturity: Maturity
}

/** A journey over a range. */
export interface Journey {
  readonly from: number
  readonly to: number
  /** Confidence, oldest first, from the beginning of the range to its end. */
  readonly confidence: readonly TrendPoint[]
  readonly levels: readonly LevelStep[]
  readonly marks: readonly JourneyMark[]
  /** The last confidence of each day on which it changed: what a trend is made from. */
  readonly daily: readonly TrendPoint[]
}

interface JourneySource {
  readonly ledger: readonly ConfidenceEntry[]
  readonly transitions: readonly MaturityTransition[]
  /** The present level. */
  readonly maturity: Maturity
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly days: number
}

const DAY_MS = 86_400_000

/** Makes the journey of one record; rows may come in any order. */
export function journeyOf({ ledger, transitions, maturity, now, days }: JourneySource): Journey {
  const rows = ledger.map((entry) => ({ entry, at: Date.parse(entry.createdAt) })).sort((a, b) => a.at - b.at)
  const end = Math.max(now, rows.at(-1)?.at ?? now)
  // A journey that is younger than the range begins where it began.
  const from = Math.max(end - days * DAY_MS, Math.min(rows[0]?.at ?? end, end - DAY_MS))
  const before = rows.findLast(({ at }) => at < from)
  const inside = rows.filter(({ at }) => at >= from)
  const start = before === undefined ? [] : [{ at: from, value: before.entry.confidence }]
  const points = [...start, ...inside.map(({ entry, at }) => ({ at, value: entry.confidence }))]
  const last = points.at(-1)
  const marks = [
    ...inside.flatMap(({ entry, at }) => markOfEntry(entry, at)),
    ...transitions.flatMap((change) => markOfTransition(change, { from, rows })),
  ].sort((a, b) => a.at - b.at)
  return {
    from,
    to: end,
    confidence: last === undefined ? [] : [...points, { at: end, value: last.value }],
    levels: levelsOf(transitions, { from, maturity }),
    marks,
    daily: lastOfDays(points),
  }
}

const ENTRY_MARKS: Partial<Readonly<Record<ScoreCause, MarkKind>>> = {
  training: 'training',
  rejection: 'rejection',
  edit: 'edit',
  termination: 'termination',
  incident: 'incident',
}

function markOfEntry(entry: ConfidenceEntry, at: number): readonly JourneyMark[] {
  const cause = causeOf(entry)
  const kind = cause === null ? undefined : ENTRY_MARKS[cause]
  if (kind === undefined) return []
  const { id, confidence, sourceId, actor } = entry
  return [{ id, kind, at, value: confidence, source: sourceId, to: null, actor }]
}

function markOfTransition(
  change: MaturityTransition,
  known: { readonly from: number; readonly rows: readonly { readonly entry: ConfidenceEntry; readonly at: number }[] },
): readonly JourneyMark[] {
  const at = Date.parse(change.createdAt)
  if (at < known.from) return []
  const kind = rankOf(change.to) > rankOf(change.from) ? 'promotion' : 'demotion'
  const value = known.rows.findLast((row) => row.at <= at)?.entry.confidence ?? FLOORS[change.to]
  return [{ id: change.id, kind, at, value, source: null, to: change.to, actor: change.actor }]
}

/** The level at the beginning of the range, and what it became. */
function levelsOf(
  transitions: readonly MaturityTransition[],
  { from, maturity }: { readonly from: number; readonly maturity: Maturity },
): readonly LevelStep[] {
  const inOrder = [...transitions].sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt))
  const inside = inOrder.filter(({ createdAt }) => Date.parse(createdAt) >= from)
  const before = inOrder.findLast(({ createdAt }) => Date.parse(createdAt) < from)
  const start = inside[0]?.from ?? before?.to ?? maturity
  return [
    { at: from, maturity: start },
    ...inside.map(({ createdAt, to }) => ({ at: Date.parse(createdAt), maturity: to })),
  ]
}

function lastOfDays(points: readonly TrendPoint[]): readonly TrendPoint[] {
  const days = new Map<number, TrendPoint>()
  for (const point of points) days.set(Math.floor(point.at / DAY_MS), point)
  return [...days.values()]
}

/** What each cause gave or took, in basis points, the most first; what is of no known cause stands under its kind. */
export function sumByCause(ledger: readonly ConfidenceEntry[]): readonly {
  readonly cause: ScoreCause | null
  readonly kind: string
  readonly sum: number
  readonly count: number
}[] {
  const sums = new Map<string, { cause: ScoreCause | null; kind: string; sum: number; count: number }>()
  for (const entry of ledger) {
    const cause = causeOf(entry)
    const name = cause ?? entry.kind
    const known = sums.get(name) ?? { cause, kind: entry.kind, sum: 0, count: 0 }
    sums.set(name, { ...known, sum: known.sum + entry.applied, count: known.count + 1 })
  }
  return [...sums.values()].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum))
}

/** The place of a level, lowest first. */
export function rankOf(maturity: Maturity): number {
  return MATURITIES.indexOf(maturity)
}

/** The level above; undefined for the highest. */
export function levelAbove(maturity: Maturity): Maturity | undefined {
  return MATURITIES[rankOf(maturity) + 1]
}

/** A mark that stands for all of its kind that would lie on one another. */
export interface MarkGroup {
  /** The newest of them. */
  readonly mark: JourneyMark
  readonly count: number
}

/** Puts marks of one kind together that are nearer to one another than a pointer can tell. */
export function groupMarks(marks: readonly JourneyMark[], nearMs: number): readonly MarkGroup[] {
  const groups: MarkGroup[] = []
  for (const mark of marks) {
    const near = groups.findLastIndex((group) => group.mark.kind === mark.kind && mark.at - group.mark.at < nearMs)
    const known = groups[near]
    if (known === undefined) groups.push({ mark, count: 1 })
    else groups[near] = { mark, count: known.count + 1 }
  }
  return groups.sort((a, b) => a.mark.at - b.mark.at)
}
