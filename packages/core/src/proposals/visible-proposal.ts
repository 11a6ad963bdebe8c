import type { Proposal } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { accessOf } from '../access/authorize.ts'
import type { Operation } from '../access/permissions.ts'

/**
 * A proposal as an actor may see it: notes of reviewers are for people who judge, and what a reviewer answered is for the
 * caller and for those people.
 */
export function visibleProposal(actor: Actor, operation: Operation, proposal: Proposal): Proposal {
  const isRedacted = accessOf(actor, operation) === 'redacted'
  const reviews = seesNotes(actor, operation)
    ? proposal.reviews
    : proposal.reviews.map((review) => ({ ...review, reason: null }))
  return { ...proposal, reviews, ...(isRedacted ? { response: null } : {}) }
}

/** Whether an actor may read why reviewers decided as they did. */
export function seesNotes(actor: Actor, operation: Operation): boolean {
  const isPerson = actor.principal.kind === 'user' || actor.principal.kind === 'system'
  return isPerson && accessOf(actor, operation) !== 'redacted'
}
