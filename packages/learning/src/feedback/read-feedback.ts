import type { Page } from '@preceptor/client'
import {
  type Actor,
  agentFilter,
  cursorTimePlace,
  inWorkspace,
  pageOf,
  parseLimit,
  recordNotFound,
} from '@preceptor/core/plugin'
import type { Feedback, FeedbackQuery } from '../client/feedback.ts'
import type { FeedbackPorts } from '../ports/feedback-ports.ts'
import { findFeedback, listFeedback } from './feedback-store.ts'
import { parseFeedbackQuery, parseId } from './parse-feedback.ts'
import { visibleFeedback } from './visible-feedback.ts'

/** @throws GovernanceError `NOT_FOUND`, also for what the actor may not see; `PERMISSION_DENIED`. */
export async function readFeedback(ports: FeedbackPorts, actor: Actor, id: string): Promise<Feedback> {
  const { authorizer, context } = ports
  const access = authorizer.authorize(actor, 'learning.feedback.get')
  const wanted = parseId(id)
  const found = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => findFeedback(tx, wanted))
  if (found === undefined || !authorizer.mayRead(actor, 'learning.feedback.get', found)) {
    throw recordNotFound('feedback', wanted)
  }
  return visibleFeedback(access, found)
}

/** Lists feedback that the actor may see, newest first. */
export async function readFeedbackPage(
  ports: FeedbackPorts,
  actor: Actor,
  query: FeedbackQuery = {},
): Promise<Page<Feedback>> {
  const access = ports.authorizer.authorize(actor, 'learning.feedback.list')
  const filter = parseFeedbackQuery(query)
  const limit = parseLimit(query.limit)
  const list = { ...filter, only: agentFilter(actor), before: cursorTimePlace(query.cursor), limit }
  const { database } = ports.context
  const rows = await inWorkspace(database, { workspace: actor.workspace }, (tx) => listFeedback(tx, list))
  const page = pageOf(rows, limit, ({ createdAt, id }) => [createdAt, id])
  return { ...page, items: page.items.map((feedback) => visibleFeedback(access, feedback)) }
}
