import type { JournalEntry, Proposal, ProposalState } from '../resources/records.ts'
import type { ControlScope } from './control-plane.ts'
import { type FollowedEnds, type FollowOptions, followEnds } from './follow-ends.ts'

/** States in which nothing more happens to a proposal by itself. */
export type SettledState = Exclude<ProposalState, 'pending' | 'approved' | 'executing'>

/** From where proposals are followed, and until when. */
export interface SettledOptions extends FollowOptions {
  /** Also tells of each proposal that was approved and waits for who asked to run it; default false. */
  readonly approved?: boolean
}

/** Proposals that are followed. */
export type SettledProposals = FollowedEnds

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
export function onSettled(
  scope: Pick<ControlScope, 'events' | 'proposals'>,
  handler: SettledHandler,
  { approved = false, ...options }: SettledOptions = {},
): Promise<SettledProposals> {
  const follower = {
    isEnd: (kind: string) => KINDS.has(kind) || (approved && kind === 'proposal.approved'),
    read: (id: string) => scope.proposals.get(id),
    isStill: ({ state }: Proposal, event: JournalEntry) => state === stateAfter(event),
    handle: handler,
  }
  return followEnds(scope, follower, options)
}

/** The state that an event led to; where the proposal has moved on since, a later event tells of it. */
function stateAfter({ kind, body }: JournalEntry): unknown {
  return kind === 'proposal.resolved' ? body.outcome : kind.slice('proposal.'.length)
}
