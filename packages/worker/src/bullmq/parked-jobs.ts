import { setTimeout as sleep } from 'node:timers/promises'
import type { ControlScope } from '@preceptor/client'
import type { GovernedJob } from './governed-job.ts'
import { LEAST_MS } from './next-look.ts'

/** Jobs that this process put off until people decide. */
export interface ParkedJobs {
  /** Brings a job back once its proposal is decided on. What cannot be heard or woken comes back by itself, later. */
  wakeWhenDecided(proposal: string, job: GovernedJob): void
}

/** Beyond so many the others come back by themselves. */
const MOST = 10_000

const DECIDED: ReadonlySet<string> = new Set([
  'proposal.approved',
  'proposal.rejected',
  'proposal.responded',
  'proposal.expired',
  'proposal.cancelled',
  'proposal.outcome_unknown',
  'proposal.resolved',
])

/** Keeps the jobs that wait for people, and follows what people decide as long as there are any. */
export function createParkedJobs(scope: Pick<ControlScope, 'events' | 'proposals'>): ParkedJobs {
  const parked = new Map<string, { readonly job: GovernedJob; isOff: boolean }>()
  let following: { readonly controller: AbortController; readonly begun: Promise<void> } | undefined

  function wake(proposal: string): void {
    const known = parked.get(proposal)
    if (known?.isOff !== true) return
    parked.delete(proposal)
    if (parked.size === 0) {
      following?.controller.abort()
      following = undefined
    }
    // It came back already, or is gone, or Redis is away: then it comes back by itself.
    known.job.promote?.().catch(() => undefined)
  }

  function follow(): Promise<void> {
    if (following !== undefined) return following.begun
    const controller = new AbortController()
    const { signal } = controller
    const forget = (): void => {
      if (following?.controller === controller) following = undefined
    }
    const begun = scope.events.subscribe({ signal }).then((events) => {
      const listen = async (): Promise<void> => {
        for await (const { kind, subjectId } of events) if (DECIDED.has(kind)) wake(subjectId)
      }
      void listen().then(forget, forget)
    }, forget)
    following = { controller, begun }
    return begun
  }

  /** Whoever decides while the job is being put off is not heard, so it is looked at once. */
  async function lookOnce(proposal: string): Promise<void> {
    // A worker that is still letting go of a job must not begin it again.
    await Promise.all([follow(), sleep(LEAST_MS, undefined, { ref: false })])
    const known = parked.get(proposal)
    if (known === undefined) return
    known.isOff = true
    const { state } = await scope.proposals.get(proposal)
    if (state !== 'pending') wake(proposal)
  }

  return {
    wakeWhenDecided(proposal, job) {
      if (job.promote === undefined || (parked.size >= MOST && !parked.has(proposal))) return
      parked.set(proposal, { job, isOff: false })
      lookOnce(proposal).catch(() => undefined)
    },
  }
}
