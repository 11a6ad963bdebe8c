import { GovernanceError } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Ruling } from '../routing/ruling.ts'
import { endSessionIn } from '../supervision/end-session.ts'
import { endEntry } from './claim-store.ts'
import { setAside } from './offer-store.ts'

const ACTOR = 'system:queue'
// What could not run now may run once a stop is lifted, a pause is over or a window of a limit has passed.
const AGAIN_AFTER_MS = 30_000

/** A queue entry that cannot run now. */
export interface PutBack {
  readonly id: string
  readonly agent: string
  readonly sessionId: string | null
  readonly reason: string
  /** Whether it never will. */
  readonly forGood: boolean
}

/** Takes an entry that cannot run out of the way, for a while or for good, and ends its session. */
export async function putBack(context: GovernorContext, tx: Tx, back: PutBack): Promise<void> {
  const { id, agent, sessionId, reason, forGood } = back
  const now = context.clock.now()
  if (forGood) {
    const ended = await endEntry(tx, { id, from: ['pending'], to: 'cancelled', reason, at: isoTime(now) })
    const body = { actor: ACTOR, reason }
    if (ended) await context.journal.append(tx, { kind: 'queue_entry.cancelled', subject: id, agent, body })
  } else {
    await setAside(tx, { id, until: isoTime(now + AGAIN_AFTER_MS), reason })
  }
  if (sessionId !== null)
    await endSessionIn(context, tx, { sessionId, state: 'failed', reason, actor: 'system:supervision' })
}

/** Whether a ruling lets a queued attempt run, if somebody watches it. */
export function isRunnable({ route }: Ruling): boolean {
  return route === 'supervision' || route === 'execution'
}

/** What a ruling that does not let it run means for the entry: what an agent must be trained or asked for is not queued. */
export function refusalOf({ route, reason }: Ruling): Pick<PutBack, 'reason' | 'forGood'> {
  switch (route) {
    case 'denied':
      return { reason, forGood: false }
    case 'training':
    case 'proposal':
      return { reason: `The decision no longer holds: ${reason}`, forGood: true }
    case 'supervision':
    case 'execution':
      throw new GovernanceError('INTERNAL')
    default:
      return route satisfies never
  }
}
