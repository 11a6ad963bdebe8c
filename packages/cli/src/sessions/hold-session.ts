import { setTimeout as sleep } from 'node:timers/promises'
import { ERROR_CODES, GovernanceError, type SessionOperations, type SupervisionSession } from '@preceptor/client'

const RENEW_EVERY_MS = 10_000
const RENEW_AGAIN_MS = 500
const PARTS_OF_A_LEASE = 3
const LEASE_MS = 30_000
const OVER: readonly SupervisionSession['state'][] = ['completed', 'terminated', 'failed']

/** A session that is supervised from here. */
export interface Hold {
  /** Aborted, with the reason, when somebody else has the session or the lease could not be renewed in time. */
  readonly lost: AbortSignal
  /** Stops renewing, and pauses a run that goes on: from now on nobody watches it here. */
  letGo(): Promise<void>
}

/**
 * Attaches to a session and renews the lease until it is let go. A lease that lapsed meanwhile is not taken again: after
 * a machine has slept, nobody may be there to watch.
 *
 * @throws GovernanceError `CONFLICT`, `PERMISSION_DENIED`, `NOT_FOUND`, or the code of a fault.
 */
export async function holdSession(
  sessions: SessionOperations,
  id: string,
  say: (line: string) => Promise<void>,
): Promise<Hold> {
  const [leaving, losing] = [new AbortController(), new AbortController()]
  const until = AbortSignal.any([leaving.signal, losing.signal])
  let lease = leaseOf(await sessions.attach(id))
  const renew = async (): Promise<void> => {
    let pause = lease.length / PARTS_OF_A_LEASE
    while (await rest(Math.min(RENEW_EVERY_MS, pause), until)) {
      try {
        if (Date.now() > lease.lapsesAt) throw lapsed(id)
        lease = leaseOf(await sessions.attach(id))
        pause = lease.length / PARTS_OF_A_LEASE
      } catch (error) {
        const fault = GovernanceError.isInstance(error) ? error : new GovernanceError('INTERNAL', { cause: error })
        // A session that is over says so by itself.
        if (isEnd(fault)) return
        if (!ERROR_CODES[fault.code].retryable) losing.abort(fault)
        else if (!until.aborted) await say(`not renewed yet: ${fault.code}: ${fault.message}`)
        pause = RENEW_AGAIN_MS
      }
    }
  }
  const renewing = renew()
  return {
    lost: losing.signal,
    async letGo() {
      leaving.abort()
      await renewing
      if (!losing.signal.aborted) await pauseUnwatched(sessions, id, say)
    },
  }
}

/** Tells whether all of the time passed. */
function rest(ms: number, signal: AbortSignal): Promise<boolean> {
  return sleep(ms, true, { signal }).catch(() => false)
}

/** Its length by this clock; where that cannot be, the clocks differ, and it is as long as leases are. */
function leaseOf({ supervisorLeaseExpiresAt: expiresAt }: SupervisionSession): {
  readonly length: number
  readonly lapsesAt: number
} {
  const now = Date.now()
  const left = expiresAt === null ? 0 : Date.parse(expiresAt) - now
  const length = left > 0 ? left : LEASE_MS
  return { length, lapsesAt: now + length }
}

function lapsed(id: string): GovernanceError {
  return new GovernanceError('CONFLICT', {
    message: `The lease on the session ${id} lapsed before it could be renewed: the run pauses before its next step.`,
    hint: `Attach again with preceptor sessions watch ${id} --attach.`,
  })
}

function isEnd({ code, details }: GovernanceError): boolean {
  return code === 'CONFLICT' && OVER.some((state) => state === details.state)
}

async function pauseUnwatched(
  sessions: SessionOperations,
  id: string,
  say: (line: string) => Promise<void>,
): Promise<void> {
  try {
    await sessions.intervene(id, { type: 'pause', reason: 'The supervisor left the terminal.' })
    await say('Nobody watches from here any more: the run pauses until somebody attaches and resumes it.')
  } catch (error) {
    // It is paused already, or over.
    if (GovernanceError.isInstance(error) && error.code === 'CONFLICT') return
    await say(`not paused (${String(error)}): it pauses before its next step once the lease has lapsed`)
  }
}
