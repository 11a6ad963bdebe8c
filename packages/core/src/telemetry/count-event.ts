import { type JsonObject, type JsonValue, SURFACES } from '@preceptor/client'
import type { EventKind } from '../journal/event-kinds.ts'
import type { JournalDraft } from '../journal/journal-draft.ts'
import type { WorkspaceMeter } from './meter.ts'

/** An event that is committed. */
interface Committed extends Pick<JournalDraft, 'kind' | 'subject' | 'body'> {
  /** Milliseconds since the epoch. */
  readonly recordedAt: number
}

type Count = (meter: WorkspaceMeter, event: Committed) => void

const COUNTS: ReadonlyMap<EventKind, Count> = new Map<EventKind, Count>([
  ['decision.made', countDecision],
  ['proposal.approved', decided('approved')],
  ['proposal.rejected', decided('rejected', 'reject')],
  ['proposal.responded', decided('responded', 'respond')],
  ['proposal.reviewed', countReview],
  ['proposal.expired', (meter) => meter.count('proposalsExpired')],
  ['agent.promoted', countLevelChange],
  ['agent.demoted', countLevelChange],
  ['training_session.completed', (meter) => meter.count('trainingSessions', 'completed')],
  ['training_session.cancelled', (meter) => meter.count('trainingSessions', 'cancelled')],
  ['training_session.failed', (meter) => meter.count('trainingSessions', 'failed')],
  ['learning_session.completed', countLearning],
  ['learning_session.failed', countLearning],
  ['playbook.deployed', (meter, { body }) => meter.count('playbookDeployments', text(body.tier), 'deployed')],
  ['playbook.rolled_back', (meter, { body }) => meter.count('playbookDeployments', text(body.tier), 'rolled_back')],
])

/**
 * Counts an event of the journal, whose row is committed: so every process counts what it wrote, and together they count
 * what is on record.
 */
export function countEvent(meter: WorkspaceMeter, event: Committed): void {
  COUNTS.get(event.kind)?.(meter, event)
}

function countDecision(meter: WorkspaceMeter, { body }: Committed): void {
  const { decision } = body
  if (!isObject(decision)) return
  meter.count('decisions', text(decision.maturity), text(decision.route), text(decision.source))
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A rejection and an answer are reviews by themselves; an approval has one event for each review. */
function decided(outcome: string, verdict?: string): Count {
  return (meter, { subject, body, recordedAt }) => {
    const channel = channelOf(body)
    meter.count('proposalDecisions', outcome, channel)
    const proposedAt = timeOf(subject)
    if (proposedAt !== null) meter.observe('proposalWait', Math.max(0, recordedAt - proposedAt) / 1_000)
    if (verdict !== undefined && isPerson(body.actor)) meter.count('reviews', verdict, 'person')
  }
}

/** The surface that the journal names; a reviewer agent is one of its own. */
function channelOf({ actor, via }: JsonObject): string {
  if (typeof actor === 'string' && actor.startsWith('agent:')) return 'reviewer'
  return SURFACES.find((surface) => surface === via) ?? 'host'
}

function countReview(meter: WorkspaceMeter, { body }: Committed): void {
  if (isPerson(body.actor)) meter.count('reviews', text(body.verdict), 'person')
}

function countLevelChange(meter: WorkspaceMeter, { body }: Committed): void {
  meter.count('levelChanges', text(body.from), text(body.to), text(body.cause))
}

function countLearning(meter: WorkspaceMeter, { kind, body }: Committed): void {
  meter.count('learningSessions', text(body.mode), kind === 'learning_session.completed' ? 'completed' : 'failed')
  if (typeof body.improvement === 'number') meter.observe('improvement', body.improvement)
}

function isPerson(actor: JsonValue | undefined): boolean {
  return typeof actor === 'string' && actor.startsWith('user:')
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : 'none'
}

const TIME_IN_ID = /^[a-z]+_([0-9a-f]{8})-([0-9a-f]{4})-7/

/** When an id was made, in milliseconds since the epoch: a UUIDv7 begins with it. Null for an id of another form. */
function timeOf(id: string): number | null {
  const match = TIME_IN_ID.exec(id)
  return match === null ? null : Number.parseInt(`${match[1]}${match[2]}`, 16)
}
