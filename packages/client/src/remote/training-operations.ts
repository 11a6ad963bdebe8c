import type { ControlScope } from '../port/control-plane.ts'
import type { BlockedTrigger, TrainingProposal } from '../resources/records.ts'
import type { Scenario, TrainingSession, TrainingSessionDetail } from '../resources/training.ts'
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
import { parseDecision } from './parse-decision.ts'
import { answerInvalid, isJsonObject } from './read-answer.ts'

const BLOCKED_TRIGGER: FieldsOf<BlockedTrigger> = ['id', 'agent', 'decisionId', 'trainingProposalId']
const TRAINING_PROPOSAL: FieldsOf<TrainingProposal> = ['id', 'agent', 'capability', 'gaps', 'state']
const SCENARIO: FieldsOf<Scenario> = ['id', 'version', 'capability', 'task', 'grader']
const IMPORTED: FieldsOf<{ readonly imported: number }> = ['imported']
const SESSION_FIELDS = ['id', 'agent', 'trainingProposalId', 'state', 'progress'] as const
const SESSION: FieldsOf<TrainingSession> = SESSION_FIELDS
const DETAIL: FieldsOf<TrainingSessionDetail> = [...SESSION_FIELDS, 'scenarios']

/** What was blocked, and the training that follows from it. */
export type TrainingOperations = Pick<
  ControlScope,
  'blockedTriggers' | 'trainingProposals' | 'trainingSessions' | 'scenarios'
>

/** The operations of training, each of them one request. */
export function remoteTraining(connection: Connection): TrainingOperations {
  const list = <T>(path: string, fields: FieldsOf<T>, query: object | undefined) =>
    getPage(connection, { path, ...(query && { query }), fields })
  const act = async <T>(path: string, body: object | undefined, fields: FieldsOf<T>): Promise<T> =>
    readResource(await post(connection, path, body), fields)
  return {
    blockedTriggers: {
      get: async (id) => getOne(connection, pathTo`/blocked-triggers/${id}`, BLOCKED_TRIGGER),
      list: (query) => list('/blocked-triggers', BLOCKED_TRIGGER, query),
      retry: async (id) => {
        const answer = await post(connection, pathTo`/blocked-triggers/${id}/retry`)
        if (!isJsonObject(answer)) throw answerInvalid('it is no retry')
        const blockedTrigger = readResource(answer.blockedTrigger, BLOCKED_TRIGGER)
        return { blockedTrigger, decision: parseDecision(answer.decision, blockedTrigger) }
      },
    },
    trainingProposals: {
      get: async (id) => getOne(connection, pathTo`/maturity/training/proposals/${id}`, TRAINING_PROPOSAL),
      list: (query) => list('/maturity/training/proposals', TRAINING_PROPOSAL, query),
      approve: async (id, approval = {}) =>
        act(pathTo`/maturity/training/proposals/${id}/approve`, approval, TRAINING_PROPOSAL),
      reject: async (id, reason) =>
        act(pathTo`/maturity/training/proposals/${id}/reject`, { reason }, TRAINING_PROPOSAL),
      design: async (id) =>
        readResource(
          await postForAnswer(connection, pathTo`/maturity/training/proposals/${id}/design`),
          TRAINING_PROPOSAL,
        ),
    },
    trainingSessions: {
      get: async (id) => getOne(connection, pathTo`/maturity/training/sessions/${id}`, DETAIL),
      list: (query) => list('/maturity/training/sessions', SESSION, query),
      start: async (id) => act(pathTo`/maturity/training/sessions/${id}/start`, undefined, SESSION),
      pause: async (id) => act(pathTo`/maturity/training/sessions/${id}/pause`, undefined, SESSION),
      resume: async (id) => act(pathTo`/maturity/training/sessions/${id}/resume`, undefined, SESSION),
      cancel: async (id, reason) => act(pathTo`/maturity/training/sessions/${id}/cancel`, { reason }, SESSION),
      answer: async (id, answer) => act(pathTo`/maturity/training/sessions/${id}/answers`, answer, DETAIL),
      complete: async (id, typed) => act(pathTo`/maturity/training/sessions/${id}/complete`, typed ?? {}, SESSION),
    },
    scenarios: {
      list: (query) => list('/maturity/training/scenarios', SCENARIO, query),
      import: async (scenarios) => act('/maturity/training/scenarios', { scenarios }, IMPORTED),
    },
  }
}
