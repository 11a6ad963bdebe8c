import type { SupervisionSessionDetail } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useSignedIn } from '../../data/session-context.ts'
import { lapseOf, renewLease } from './renew-lease.ts'
import { sessionQuery } from './session-query.ts'

/** A session that is watched from this page. */
export interface Hold {
  /** Why it is watched from here no more; null while nothing was lost. */
  readonly lost: unknown
  /** Somebody attaches again. */
  reset(): void
}

interface HoldOptions {
  readonly session: SupervisionSessionDetail
  /** The one who looks holds it. */
  readonly isMine: boolean
  /** What is on record when the page is left. */
  readonly leaving: string
}

/**
 * Renews the lease for as long as the page is open. One that lapsed is not taken again: after a machine has slept, nobody
 * may be there to watch. Who leaves the page pauses the run.
 */
export function useHold({ session, isMine, leaving }: HoldOptions): Hold {
  const { scope, clockOffset } = useSignedIn()
  const client = useQueryClient()
  const [lost, setLost] = useState<unknown>(null)
  const { id } = session
  const latest = useRef({ session, isMine, leaving, clockOffset })
  latest.current = { session, isMine, leaving, clockOffset }
  const isHolding = isMine && lost === null
  useEffect(() => {
    if (!isHolding) return
    const { session: held, clockOffset: offset } = latest.current
    return renewLease({
      lapsesAt: lapseOf(held, offset),
      clockOffset: offset,
      renew: () => scope.sessions.attach(id),
      onRenewed: (renewed) =>
        client.setQueryData(sessionQuery(scope, id).queryKey, (known) => known && { ...known, ...renewed }),
      onLost: (error) => {
        setLost(error)
        void client.invalidateQueries({ queryKey: ['sessions'] })
      },
    })
  }, [isHolding, scope, client, id])
  useEffect(
    () => () => {
      const { isMine: isHeld, leaving: reason } = latest.current
      // It may be paused or over: then there is nothing to do.
      if (isHeld) void scope.sessions.intervene(id, { type: 'pause', reason }).catch(() => undefined)
    },
    [scope, id],
  )
  return { lost, reset: () => setLost(null) }
}
