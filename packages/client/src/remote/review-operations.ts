import type { ControlScope } from '../port/control-plane.ts'
import type { AgentReview, Reviewer } from '../resources/agent-review.ts'
import { type Connection, type FieldsOf, getOne, getPage, pathTo, post, readResource } from './connection.ts'

/** What every review has. */
export const AGENT_REVIEW: FieldsOf<AgentReview> = [
  'id',
  'kind',
  'action',
  'actionHash',
  'reviewer',
  'state',
  'reasons',
]
const REVIEWER: FieldsOf<Reviewer> = ['agent', 'state', 'by', 'record']

/** Autonomous reviewers and what they said, each operation one request. */
export function remoteReviews(connection: Connection): Pick<ControlScope, 'reviews' | 'reviewers'> {
  return {
    reviews: {
      get: async (id) => getOne(connection, pathTo`/reviews/${id}`, AGENT_REVIEW),
      list: (query) => getPage(connection, { path: '/reviews', ...(query && { query }), fields: AGENT_REVIEW }),
    },
    reviewers: {
      list: (query) => getPage(connection, { path: '/reviewers', ...(query && { query }), fields: REVIEWER }),
      suspend: async (agent, reason) =>
        readResource(await post(connection, pathTo`/reviewers/${agent}/suspend`, { reason }), REVIEWER),
      resume: async (agent, reason) =>
        readResource(await post(connection, pathTo`/reviewers/${agent}/resume`, { reason }), REVIEWER),
    },
  }
}
