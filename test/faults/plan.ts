import { FAILPOINT_NAMES, type FailpointAction, type FailpointName, type Flow, type Order } from './failpoints.ts'
import { createRandom, type Random } from './random.ts'

/** Processes that run at the same time. */
export const SLOTS = 3
/** Milliseconds of faults in a round. */
const ROUND_MS = 8_000

/** What befalls a process, or a service, from outside. */
export type Incident =
  | { readonly kind: 'kill'; readonly slot: number }
  | { readonly kind: 'freeze'; readonly slot: number; readonly forMs: number }
  | { readonly kind: 'drop'; readonly slot: number }
  | { readonly kind: 'stall'; readonly slot: number; readonly forMs: number }
  | { readonly kind: 'latency'; readonly slot: number; readonly delayMs: number; readonly forMs: number }
  | { readonly kind: 'terminate'; readonly share: number }
  | { readonly kind: 'clock'; readonly slot: number; readonly offsetMs: number }
  /** Somebody with access to the database changes what was approved. */
  | { readonly kind: 'tamper' }
  | { readonly kind: 'flush-redis' }
  | { readonly kind: 'kill-redis' }

/** An incident at its time in the round. */
export type PlannedIncident = Incident & { readonly atMs: number }

/** What a round is made of; it follows from the seed alone. */
export interface RoundPlan {
  readonly index: number
  readonly workspaces: readonly [string, string]
  readonly incidents: readonly PlannedIncident[]
  /** Whether its jobs are in Redis; they are in the database else. */
  readonly usesRedis: boolean
  /** Whether the clocks of machines jump in it. */
  readonly jumps: boolean
  /** Slots whose process is killed at the end instead of being closed. */
  readonly killedAtEnd: readonly number[]
  /** Milliseconds of faults. */
  readonly lastsMs: number
  /** What some clients do more of than of the rest. */
  readonly focus: readonly Flow[]
  /** How long what was asked for lasts in it; null for hours. */
  readonly proposalTtlMs: number | null
}

/** What rounds are made of, where they are to meet one thing soon. */
export interface RoundShape {
  readonly focus: readonly Flow[]
  /** The fail points at which there are faults; all unless given. */
  readonly failpoints?: readonly FailpointName[]
  /** What befalls the processes, one after the other; anything unless given. */
  readonly incidents?: readonly Incident[]
  readonly lastsMs: number
  readonly proposalTtlMs?: number
}

/** Plans a round. */
export function planRound(seed: number, index: number, shape?: RoundShape): RoundPlan {
  const anyRound = planAnyRound(seed, index)
  if (shape === undefined) return anyRound
  const { focus, lastsMs, proposalTtlMs = null } = shape
  const given = shape.incidents ?? anyRound.incidents
  const incidents = given.map((one, place) => ({ ...one, atMs: (lastsMs * (place + 1)) / (given.length + 2) }))
  return { ...anyRound, focus, lastsMs, incidents, proposalTtlMs, jumps: false, killedAtEnd: [] }
}

function planAnyRound(seed: number, index: number): RoundPlan {
  const random = createRandom(seed, 'round', index)
  const jumps = random.chance(0.35)
  const incidents = Array.from({ length: random.between(5, 8) }, () => ({
    ...planIncident(random, jumps),
    atMs: random.between(300, ROUND_MS - 1_000),
  }))
  const killedAtEnd = [0, 1, 2].filter(() => random.chance(0.3))
  // A clock that jumps past it would say nothing.
  const isShort = !jumps && random.chance(0.3)
  return {
    index,
    workspaces: [`r${index}-a`, `r${index}-b`],
    incidents: incidents.sort((one, other) => one.atMs - other.atMs),
    usesRedis: index % 3 !== 1,
    jumps,
    killedAtEnd,
    lastsMs: ROUND_MS,
    focus: [],
    proposalTtlMs: isShort ? SHORT_TTL_MS : null,
  }
}

type IncidentKind = Incident['kind']
const KINDS: readonly [IncidentKind, ...IncidentKind[]] = [
  'kill',
  'freeze',
  'freeze',
  'drop',
  'stall',
  'latency',
  'terminate',
  'flush-redis',
  'kill-redis',
  'tamper',
]
const HOUR = 3_600_000
const SHORT_TTL_MS = 1_500

function planIncident(random: Random, jumps: boolean): Incident {
  const slot = random.between(0, SLOTS - 1)
  const kind = jumps && random.chance(0.3) ? 'clock' : random.pick(KINDS)
  switch (kind) {
    case 'freeze':
      return { kind, slot, forMs: random.pick([400, 1_200, 2_500, 3_500]) }
    case 'stall':
      return { kind, slot, forMs: random.between(500, 2_500) }
    case 'latency':
      return { kind, slot, delayMs: random.between(20, 300), forMs: random.between(500, 2_000) }
    case 'terminate':
      return { kind, share: random.pick([0.2, 0.5, 1]) }
    case 'clock':
      return { kind, slot, offsetMs: random.pick([-HOUR, HOUR, 0, -5_000, 5_000]) }
    case 'flush-redis':
    case 'kill-redis':
    case 'tamper':
      return { kind }
    default:
      return { kind, slot }
  }
}

// A killed process costs a start, the others nothing.
const ACTIONS: readonly FailpointAction[] = ['throw', 'kill', 'park', 'drop', 'park', 'throw']

/** The faults at fail points, in the order in which they are given out: every fail point once in each cycle. */
export function* planOrders(
  seed: number,
  failpoints: readonly FailpointName[] = FAILPOINT_NAMES,
): Generator<Order, void, undefined> {
  for (let cycle = 0; failpoints.length > 0; cycle += 1) {
    const random = createRandom(seed, 'orders', cycle)
    for (const failpoint of random.shuffle(failpoints)) {
      const action = ACTIONS[(cycle + FAILPOINT_NAMES.indexOf(failpoint)) % ACTIONS.length] ?? 'throw'
      yield { failpoint, action, skip: random.between(0, 2), parkMs: random.pick([30, 150, 600, 1_500, 2_400]) }
    }
  }
}
