import { ERROR_CODES, GovernanceError, type SupervisionSession } from '@preceptor/client'

const RENEW_MS = 10_000
const AGAIN_MS = 500
const PARTS_OF_A_LEASE = 3

/** A lease, and what becomes of it. */
export interface Renewing {
  /** Until when it lasts, by the clock of this machine in milliseconds. */
  readonly lapsesAt: number
  /** Milliseconds that the clock of the server is ahead. */
  readonly clockOffset: number
  renew(): Promise<SupervisionSession>
  onRenewed(session: SupervisionSession): void
  /** Somebody else has it, it is over, or it lapsed. */
  onLost(error: unknown): void
}

/** When a lease lapses by the clock of this machine; 0 where nobody has one. */
export function lapseOf({ supervisorLeaseExpiresAt: end }: SupervisionSession, clockOffset: number): number {
  return end === null ? 0 : Date.parse(end) - clockOffset
}

/** Renews a lease until it is ended or lost; one that lapsed is not taken again. @returns what ends it */
export function renewLease({ clockOffset, renew, onRenewed, onLost, ...lease }: Renewing): () => void {
  let { lapsesAt } = lease
  let hasEnded = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const wait = (): void => {
    const left = Math.max(lapsesAt - Date.now(), 0)
    next(Math.min(RENEW_MS, left / PARTS_OF_A_LEASE))
  }
  const next = (ms: number): void => {
    if (!hasEnded) timer = setTimeout(() => void attempt(), ms)
  }
  const attempt = async (): Promise<void> => {
    try {
      if (Date.now() > lapsesAt) throw new GovernanceError('CONFLICT')
      const session = await renew()
      if (hasEnded) return
      lapsesAt = lapseOf(session, clockOffset)
      onRenewed(session)
      wait()
    } catch (error) {
      if (isPassing(error)) next(AGAIN_MS)
      else if (!hasEnded) onLost(error)
    }
  }
  wait()
  return () => {
    hasEnded = true
    clearTimeout(timer)
  }
}

function isPassing(error: unknown): boolean {
  return GovernanceError.isInstance(error) && ERROR_CODES[error.code].retryable
}
