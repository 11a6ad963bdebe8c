import { GovernanceError } from '../errors/governance-error.ts'
import type { JournalEntry, Proposal, ProposalState } from '../resources/records.ts'
import type { ControlScope } from './control-plane.ts'

/** States in which nothing more happens to a proposal by itself. */
export type SettledState = Exclude<ProposalState, 'pending' | 'approved' | 'executing'>

/** From where proposals are followed, and until when. */
export interface SettledOptions {
  /** The position after which it begins, such as the last one that was handled; default: the present end. */
  readonly after?: number
  /** Ends it when it aborts. */
  readonly signal?: AbortSignal
  /** Also tells of each proposal that was approved and waits for who asked to run it; default false. */
  readonly approved?: boolean
}

/** Proposals that are followed. */
export interface SettledProposals {
  /** Everything up to here was handled: what a later call begins after. */
  readonly position: number
  /** Settles when it ends: rejected with what the handler threw, or with the code of a fault. */
  readonly ended: Promise<void>
}

/** Handles one proposal; the next one waits for it. */
export type SettledHandler = (proposal: Proposal, at: { readonly position: number }) => void | Promise<void>

const KINDS: ReadonlySet<string> = new Set([
  'proposal.succeeded',
  'proposal.failed',
  'proposal.rejected',
  'proposal.responded',
  'proposal.expired',
  'proposal.cancelled',
  'proposal.outcome_unknown',
  'proposal.resolved',
])

/**
 * Calls a handler once for each proposal that settles, in order: it ran, or it never will. Nothing that settles after
 * the call has returned is missed; keep the position to go on after a restart. A proposal whose outcome was unknown is
 * told again when the outcome is found out.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 * @example
 * ```ts
 * import { type ControlScope, onSettled } from '@preceptor/client'
 *
 * export async function tell(scope: ControlScope, after: number, signal: AbortSignal): Promise<number> {
 *   const settled = await onSettled(scope, ({ id, state }) => console.log(`${id} ${state}`), { after, signal })
 *   await settled.ended
 *   return settled.position
 * }
 * ```
 */
export async function onSettled(
  scope: Pick<ControlScope, 'events' | 'proposals'>,
  handler: SettledHandler,
  { after, signal, approved = false }: SettledOptions = {},
): Promise<SettledProposals> {
  const query = { ...(after !== undefined && { after }), ...(signal && { signal }) }
  const subscription = await scope.events.subscribe(query)
  const place = { position: subscription.position }
  const follow = async (): Promise<void> => {
    for await (const entry of subscription) {
      if (KINDS.has(entry.kind) || (approved && entry.kind === 'proposal.approved')) {
        const proposal = await scope.proposals.get(entry.subjectId)
        if (proposal.state === stateAfter(entry)) await handler(proposal, { position: subscription.position })
      }
      place.position = subscription.position
    }
  }
  return {
    get position() {
      return place.position
    },
    ended: follow().catch(endQuietly),
  }
}

/** The state that an event led to; where the proposal has moved on since, a later event tells of it. */
function stateAfter({ kind, body }: JournalEntry): unknown {
  return kind === 'proposal.resolved' ? body.outcome : kind.slice('proposal.'.length)
}

function endQuietly(error: unknown): void {
  if (GovernanceError.isInstance(error) && error.code === 'GOVERNOR_CLOSED') return
  throw error
}
