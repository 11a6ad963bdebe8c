import type { ControlScope } from '../port/control-plane.ts'
import type { Listing } from '../port/listing.ts'
import type { Advice } from '../resources/advice.ts'
import type { ProposalCard } from '../resources/proposal-card.ts'
import type { DecisionRecord, Proposal, QueueEntry, QueueStats } from '../resources/records.ts'
import type { ProposalBatchResult, ProposalComment } from '../resources/reviewing.ts'
import {
  type Connection,
  type FieldsOf,
  getOne,
  getPage,
  pathTo,
  post,
  postForAnswer,
  readResource,
} from './connection.ts'
import { AGENT_REVIEW, remoteReviews } from './review-operations.ts'
import { remoteSessions } from './session-operations.ts'

const DECISION: FieldsOf<DecisionRecord> = ['decision', 'workspace', 'actor', 'args', 'execution']
const PROPOSAL: FieldsOf<Proposal> = ['id', 'agent', 'decisionId', 'actionHash', 'version', 'state']
const CARD: FieldsOf<ProposalCard> = ['proposal', 'summary', 'risk', 'preview', 'bound', 'mayDecide', 'serverTime']
const ADVICE: FieldsOf<Advice> = ['id', 'proposalId', 'version', 'actionHash', 'verdict', 'by']
const COMMENT: FieldsOf<ProposalComment> = ['id', 'proposalId', 'author', 'text', 'createdAt']
const BATCH: FieldsOf<ProposalBatchResult> = ['items']
const QUEUE_ENTRY: FieldsOf<QueueEntry> = ['id', 'agent', 'decisionId', 'priority', 'state']

const QUEUE_STATS: FieldsOf<QueueStats> = ['states', 'enqueued', 'waiting', 'oldestWaitingSince']

type Judgements = Omit<ControlScope['proposals'], keyof Listing<Proposal>>

/** What people decide on proposals, each decision one request. */
function remoteJudgements(connection: Connection): Judgements {
  const act = async (path: string, body: object): Promise<Proposal> =>
    readResource(await post(connection, path, body), PROPOSAL)
  return {
    approve: async (id, approval) => act(pathTo`/maturity/proposals/${id}/approve`, approval),
    reject: async (id, rejection) => act(pathTo`/maturity/proposals/${id}/reject`, rejection),
    respond: async (id, response) => act(pathTo`/maturity/proposals/${id}/respond`, response),
    cancel: async (id, reason) => act(pathTo`/maturity/proposals/${id}/cancel`, { reason }),
    card: async (id) => getOne(connection, pathTo`/maturity/proposals/${id}/card`, CARD),
    advise: async (id) =>
      readResource(await postForAnswer(connection, pathTo`/maturity/proposals/${id}/advice`), ADVICE),
    advices: async (id, query) =>
      getPage(connection, { path: pathTo`/maturity/proposals/${id}/advice`, ...(query && { query }), fields: ADVICE }),
    review: async (id) =>
      readResource(await postForAnswer(connection, pathTo`/maturity/proposals/${id}/review`), AGENT_REVIEW),
    resolve: async (id, resolution) => act(pathTo`/maturity/proposals/${id}/resolve`, resolution),
    batch: async (batch) => readResource(await post(connection, '/maturity/proposals/batch', batch), BATCH),
    extend: async (id, extension) => act(pathTo`/maturity/proposals/${id}/extend`, extension),
    assign: async (id, to) => act(pathTo`/maturity/proposals/${id}/assign`, { to }),
    acknowledge: async (id) => act(pathTo`/maturity/proposals/${id}/acknowledge`, {}),
    snooze: async (id, until) => act(pathTo`/maturity/proposals/${id}/snooze`, { until }),
    comment: async (id, text) =>
      readResource(await post(connection, pathTo`/maturity/proposals/${id}/comments`, { text }), COMMENT),
    comments: async (id, query) =>
      getPage(connection, {
        path: pathTo`/maturity/proposals/${id}/comments`,
        ...(query && { query }),
        fields: COMMENT,
      }),
    history: async (agent, query) =>
      getPage(connection, {
        path: pathTo`/maturity/agents/${agent}/proposal-history`,
        ...(query && { query }),
        fields: PROPOSAL,
      }),
  }
}

/** What is done about the supervised queue, each of it one request. */
function remoteQueue(connection: Connection): Omit<ControlScope['queue'], keyof Listing<QueueEntry>> {
  return {
    waitingFor: async (userId, query) =>
      getPage(connection, {
        path: pathTo`/supervised-queue/users/${userId}`,
        ...(query && { query }),
        fields: QUEUE_ENTRY,
      }),
    stats: () => getOne(connection, '/supervised-queue/stats', QUEUE_STATS),
    cancel: async (id, reason) => {
      const request = { method: 'DELETE', path: pathTo`/supervised-queue/${id}`, query: { reason } } as const
      return readResource(await connection.request(request), QUEUE_ENTRY)
    },
    prioritize: async (id, request) =>
      readResource(await post(connection, pathTo`/supervised-queue/${id}/priority`, request), QUEUE_ENTRY),
    process: async () =>
      readResource<{ offered: number }>(await post(connection, '/supervised-queue/process'), ['offered']),
    expire: async () =>
      readResource<{ expired: number }>(await post(connection, '/supervised-queue/mark-expired'), ['expired']),
    resolve: async (id, resolution) =>
      readResource(await post(connection, pathTo`/supervised-queue/${id}/resolve`, resolution), QUEUE_ENTRY),
  }
}

/** What agents attempted and what waits for people. */
export type RecordOperations = Pick<
  ControlScope,
  'decisions' | 'proposals' | 'reviews' | 'reviewers' | 'sessions' | 'queue'
>

/** The operations on records, each of them one request. */
export function remoteRecords(connection: Connection): RecordOperations {
  const listing = <T>(path: string, fields: FieldsOf<T>): Listing<T> => ({
    get: async (id) => getOne(connection, path + pathTo`/${id}`, fields),
    list: (query) => getPage(connection, { path, ...(query && { query }), fields }),
  })
  return {
    decisions: { get: async (id) => getOne(connection, pathTo`/decisions/${id}`, DECISION) },
    proposals: { ...listing('/maturity/proposals', PROPOSAL), ...remoteJudgements(connection) },
    ...remoteReviews(connection),
    sessions: remoteSessions(connection),
    queue: { ...listing('/supervised-queue', QUEUE_ENTRY), ...remoteQueue(connection) },
  }
}
