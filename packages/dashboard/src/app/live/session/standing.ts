import type { SupervisionSession, SupervisionSessionDetail } from '@preceptor/client'

/** Who looks at a session, and when. */
export interface Viewpoint {
  readonly userId: string
  readonly supervises: boolean
  readonly administers: boolean
  /** Milliseconds since the epoch, by the clock of the server. */
  readonly now: number
}

/** What somebody can do with a session as it stands; the server decides it again. */
export type SessionAct =
  | 'attach'
  | 'takeOver'
  | 'pause'
  | 'resume'
  | 'correct'
  | 'object'
  | 'terminate'
  | 'handOver'
  | 'rate'
  | 'stopAgent'

/** How a session stands for somebody. */
export interface Standing {
  readonly isOver: boolean
  /** Somebody watches it under a live lease. */
  readonly isHeld: boolean
  /** It is the one who looks. */
  readonly isMine: boolean
  readonly isHeldByAgent: boolean
  readonly may: ReadonlySet<SessionAct>
}

const OVER: ReadonlySet<string> = new Set(['completed', 'terminated', 'failed'])

/** Tells whether a session is over. */
export function isOver({ state }: Pick<SupervisionSession, 'state'>): boolean {
  return OVER.has(state)
}

/** Tells whether a session is paused, or is going to be. */
export function isPaused({ state }: Pick<SupervisionSession, 'state'>): boolean {
  return state === 'paused' || state === 'pausing'
}

const RATED_WITHIN_MS = 7 * 86_400_000

/** How a session stands for somebody at a time. */
export function standingOf(
  session: SupervisionSession & Partial<Pick<SupervisionSessionDetail, 'inFlight'>>,
  who: Viewpoint,
): Standing {
  const { supervisorId, supervisorLeaseExpiresAt: lease } = session
  const over = isOver(session)
  const isHeld = !over && supervisorId !== null && lease !== null && Date.parse(lease) > who.now
  const isMine = isHeld && supervisorId === who.userId
  const isHeldByAgent = isHeld && supervisorId.startsWith('agent:')
  const base = { isOver: over, isHeld, isMine, isHeldByAgent }
  return { ...base, may: new Set(who.supervises ? allowed(session, base, who) : []) }
}

type Base = Omit<Standing, 'may'>

function allowed(
  session: SupervisionSession & Partial<Pick<SupervisionSessionDetail, 'inFlight'>>,
  { isOver: over, isHeld, isMine, isHeldByAgent }: Base,
  { userId, administers, now }: Viewpoint,
): readonly SessionAct[] {
  if (over) return isRateable(session, now) ? ['rate', 'stopAgent'] : ['stopAgent']
  const isOffered = session.handedTo === userId
  const acts: SessionAct[] = ['stopAgent']
  if (!isHeld || (isOffered && !isMine)) acts.push('attach')
  if (isHeld && !isMine && !isOffered && (isHeldByAgent || administers)) acts.push('takeOver')
  if (isMine) acts.push('handOver', 'rate')
  if (!isMine && !administers) return acts
  if (session.state === 'running' || session.state === 'correcting') acts.push('pause')
  if (isPaused(session)) acts.push('resume')
  return [...acts, 'correct', 'object', 'terminate']
}

function isRateable({ state, rating, endedAt }: SupervisionSession, now: number): boolean {
  return state === 'completed' && rating === null && endedAt !== null && Date.parse(endedAt) + RATED_WITHIN_MS > now
}
