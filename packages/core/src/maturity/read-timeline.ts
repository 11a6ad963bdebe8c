import {
  type JsonObject,
  type JsonValue,
  MATURITIES,
  type Maturity,
  type Page,
  type TimelineEntry,
} from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { getAgent } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { cursorNumber, pageOf, parseLimit } from '../kernel/pagination.ts'
import type { AgentPageRequest } from './read-agent-page.ts'
import { listTimeline, type TimelineRow } from './timeline-store.ts'

/**
 * Reads what became of an agent, newest first. It is read from the journal, which has every kind of it in one order, so
 * that no page misses or repeats an entry.
 *
 * @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function readTimeline(
  context: GovernorContext,
  actor: Actor,
  request: AgentPageRequest,
): Promise<Page<TimelineEntry>> {
  const { agent } = request
  authorize(actor, 'agents.timeline', { agent })
  const limit = parseLimit(request.limit)
  const before = cursorNumber(request.cursor) ?? null
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await getAgent(tx, agent)
    const page = pageOf(await listTimeline(tx, { agent, before, limit }), limit, ({ position }) => [position])
    return { items: page.items.map(toTimelineEntry), next: page.next }
  })
}

function toTimelineEntry({ id, kind, subject, body, recordedAt }: TimelineRow): TimelineEntry {
  const said: JsonObject = JSON.parse(body)
  return {
    id,
    kind,
    subjectId: subject,
    at: recordedAt,
    actor: textOf(said.actor) ?? 'system:unknown',
    reason: textOf(said.reason),
    capability: textOf(said.capability),
    from: maturityOf(said.from),
    // An agent is registered at a level.
    to: maturityOf(said.to ?? said.maturity),
    confidence: typeof said.confidence === 'number' ? said.confidence : null,
  }
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}

function maturityOf(value: JsonValue | undefined): Maturity | null {
  return MATURITIES.find((maturity) => maturity === value) ?? null
}
