import { type EventQuery, type EventSubscription, GovernanceError, type JournalEntry } from '@preceptor/client'
import { type Actor, actorName } from './access/actor.ts'
import { agentFilter, authorize, mayRead } from './access/authorize.ts'
import { recordNotFound } from './access/record-list-query.ts'
import { getAgent } from './agents/get-agent.ts'
import type { GovernorContext } from './context.ts'
import { inWorkspace } from './database/transaction.ts'
import { followJournal } from './journal/follow-journal.ts'
import { isHeardOn, parseTopic, type Topic } from './journal/topics.ts'
import { peopleOf } from './notifications/people-of.ts'
import { findProposal } from './proposals/store.ts'
import { visible } from './visible-entry.ts'

/**
 * Follows what the same actor may list; on a topic, what is heard there.
 *
 * @throws GovernanceError `INPUT_INVALID`, `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function followJournalOf(
  context: GovernorContext & { readonly isClosed: () => boolean },
  actor: Actor,
  { after, signal, topic: name }: EventQuery,
): Promise<EventSubscription> {
  authorize(actor, 'journal.list')
  const topic = name === undefined ? undefined : parseTopic(name)
  if (topic !== undefined) await assertMayHear(context, actor, topic)
  const { workspace } = actor
  return followJournal(context, {
    workspace,
    only: agentFilter(actor),
    after,
    signal,
    agent: topic?.kind === 'agent' ? topic.id : null,
    subject: topic?.kind === 'proposal' ? topic.id : null,
    show:
      topic === undefined
        ? (entry) => visible(actor, entry)
        : async (entry) => ((await isHeard(context, actor, { topic, entry })) ? visible(actor, entry) : undefined),
  })
}

/** Whoever may read what a topic is about hears it; people hear of themselves, administrators of everybody. */
async function assertMayHear(context: GovernorContext, actor: Actor, { kind, id }: Topic): Promise<void> {
  const { workspace, principal } = actor
  switch (kind) {
    case 'workspace':
    // Runs of workflows are rows of the journal like any other: who may list those hears them.
    case 'workflow':
      return
    case 'agent':
      authorize(actor, 'agents.get', { agent: id })
      return void (await inWorkspace(context.database, { workspace }, (tx) => getAgent(tx, id)))
    case 'proposal': {
      authorize(actor, 'proposals.get')
      const proposal = await inWorkspace(context.database, { workspace }, (tx) => findProposal(tx, id))
      if (proposal === undefined || !mayRead(actor, 'proposals.get', proposal)) throw recordNotFound('proposal', id)
      return
    }
    case 'user':
      if (principal.kind === 'system' || (principal.kind === 'user' && isOwnOrAdministered(actor, id))) return
      throw new GovernanceError('PERMISSION_DENIED', {
        message: `${actorName(actor)} may not hear what concerns another user.`,
        hint: 'Follow the topic of the own user.',
      })
    case 'learning':
      authorize(actor, 'playbooks.list')
      return
    case 'session':
      throw new GovernanceError('INPUT_INVALID', { message: 'topic: the events of a session are followed by its id.' })
    default:
      kind satisfies never
  }
}

function isOwnOrAdministered({ principal }: Actor, user: string): boolean {
  return principal.id === user || principal.roles.includes('admin')
}

/** A request for approval is also heard by each who may decide, an escalation by whom it names. */
async function isHeard(
  context: GovernorContext,
  { workspace }: Actor,
  { topic, entry }: { readonly topic: Topic; readonly entry: JournalEntry },
): Promise<boolean> {
  if (isHeardOn(topic, entry)) return true
  if (topic.kind !== 'user' || !entry.kind.startsWith('proposal.')) return false
  if (entry.kind === 'proposal.assigned') return entry.body.to === topic.id
  const people = await inWorkspace(context.database, { workspace }, (tx) => peopleOf(tx, entry))
  return [...(people.approvers ?? []), ...(people.recipients ?? [])].includes(`user:${topic.id}`)
}
