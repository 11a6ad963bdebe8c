import { ERROR_CODES, type ErrorCode, type WithheldResult } from '@preceptor/client'

/** When a job that waits is looked at again, where nothing wakes it before. */
export interface LookAgain {
  /** Milliseconds until the first look, at least 1,000; each further one takes twice as long. Default 5,000. */
  readonly firstMs?: number
  /** Milliseconds until the next look at most. Default 300,000. */
  readonly mostMs?: number
}

/** What becomes of a job whose action did not run. */
export type Next =
  /** It comes back; `proposal` is what people decide on meanwhile, where an event tells of that. */
  | { readonly result: 'later'; readonly afterMs: number; readonly proposal: string | null }
  | { readonly result: 'never'; readonly code: ErrorCode }

/** What the next look depends on. */
export interface Look {
  readonly decision: WithheldResult['decision']
  /** How often the job was begun since it last ended. */
  readonly looks: number
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly again: Required<LookAgain>
}

/** A worker that puts a job off has let go of it by then. */
export const LEAST_MS = 1_000
/** A claim that nobody renews lapses after this time. */
const CLAIM_MS = 30_000
/** Supervisors come and go, and an outage ends, without an event that the job could be woken by. */
const UNTOLD_MS = 60_000

/** Decides whether a job whose action did not run comes back, and when. */
export function nextLook(look: Look): Next {
  const { decision, now } = look
  switch (decision.route) {
    case 'proposal': {
      const { id, expiresAt, runnableAt } = decision.proposal
      // Approved, and not to run before: until then nothing is worth a look.
      if (runnableAt !== undefined) return later(Date.parse(runnableAt) - now, null)
      return later(Math.min(growing(look), Date.parse(expiresAt) - now), id)
    }
    // The same, as soon as somebody watches.
    case 'queue':
    case 'supervision':
      return later(growing(look, UNTOLD_MS), null)
    case 'training':
      return { result: 'never', code: decision.code }
    case 'denied':
      return afterDenial(look, decision.code)
    default:
      return decision satisfies never
  }
}

function afterDenial(look: Look, code: ErrorCode): Next {
  // Whoever runs it now, or died of it, is known once the claim has ended or lapsed.
  if (code === 'EXECUTION_IN_PROGRESS') return later(growing(look, CLAIM_MS), null)
  // Nothing ran, and the same attempt may be let run later: by another process, or when what failed is back.
  if (ERROR_CODES[code].retryable || code === 'GOVERNOR_CLOSED') return later(growing(look, UNTOLD_MS), null)
  return { result: 'never', code }
}

function growing({ looks, again }: Look, mostMs = Number.POSITIVE_INFINITY): number {
  return Math.min(mostMs, again.mostMs, again.firstMs * 2 ** looks)
}

function later(milliseconds: number, proposal: string | null): Next {
  return { result: 'later', afterMs: Math.max(LEAST_MS, Math.ceil(milliseconds)), proposal }
}
