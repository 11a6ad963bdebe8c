import type { AgentOperations } from '../port/control-plane.ts'
import type { JsonObject } from '../port/json.ts'
import type { Agent, ConfidenceEntry, MaturityTransition } from '../resources/agent.ts'
import type { Suggestion } from '../resources/grants.ts'
import type { Incident, PromotionExplanation, TimelineEntry } from '../resources/promotion.ts'
import type { TrainingSession } from '../resources/training.ts'
import { type Connection, type FieldsOf, getOne, getPage, pathTo, post, readResource } from './connection.ts'
import { answerInvalid, isJsonObject } from './read-answer.ts'

const AGENT: FieldsOf<Agent> = ['id', 'ownerId', 'lifecycle', 'maturity', 'confidence', 'epoch']
const CONFIDENCE: FieldsOf<ConfidenceEntry> = ['id', 'agent', 'requested', 'applied', 'confidence']
const PROMOTION: FieldsOf<PromotionExplanation> = ['agent', 'maturity', 'to', 'gates', 'ready']
const INCIDENT: FieldsOf<Incident> = ['id', 'agent', 'reason', 'closedAt']
const SUGGESTION: FieldsOf<Suggestion> = ['kind', 'action', 'text', 'approvedUnchanged', 'decided', 'since']
const TRAINING: FieldsOf<TrainingSession> = ['id', 'agent', 'trainingProposalId', 'state', 'progress']
const TIMELINE: FieldsOf<TimelineEntry> = ['id', 'kind', 'at', 'actor']
const TRANSITION: FieldsOf<MaturityTransition> = ['id', 'agent', 'from', 'to', 'cause']

/** The operations on agents, each of them one request. */
export function remoteAgents(connection: Connection): AgentOperations {
  const act = async (path: string, body: object): Promise<Agent> =>
    readResource(await post(connection, path, body), AGENT)
  return {
    register: (registration) => act('/agents', registration),
    get: async (id) => getOne(connection, pathTo`/agents/${id}`, AGENT),
    list: (query) => getPage(connection, { path: '/agents', ...(query && { query }), fields: AGENT }),
    change: async (id, change) => {
      const body = change as JsonObject
      return readResource(await connection.request({ method: 'PATCH', path: pathTo`/agents/${id}`, body }), AGENT)
    },
    pause: async (id, reason) => act(pathTo`/agents/${id}/pause`, { reason }),
    resume: async (id, reason) => act(pathTo`/agents/${id}/resume`, { reason }),
    stop: async (id, reason) => act(pathTo`/agents/${id}/stop`, { reason }),
    retire: async (id, reason) => act(pathTo`/agents/${id}/retire`, { reason }),
    promote: async (id, reason, at) => act(pathTo`/agents/${id}/promote`, { reason, ...at }),
    demote: async (id, to, reason, at) => act(pathTo`/agents/${id}/demote`, { to, reason, ...at }),
    recordIncident: async (id, reason) => act(pathTo`/agents/${id}/incidents`, { reason }),
    attest: async (id, reason) => act(pathTo`/agents/${id}/attest`, { reason }),
    confidence: async (id, query) =>
      getPage(connection, { path: pathTo`/agents/${id}/confidence`, ...(query && { query }), fields: CONFIDENCE }),
    transitions: async (id, query) =>
      getPage(connection, { path: pathTo`/agents/${id}/transitions`, ...(query && { query }), fields: TRANSITION }),
    promotion: async (id, at = {}) => {
      const request = { method: 'GET', path: pathTo`/agents/${id}/promotion`, query: { ...at } } as const
      return readResource(await connection.request(request), PROMOTION)
    },
    timeline: async (id, query) =>
      getPage(connection, { path: pathTo`/agents/${id}/timeline`, ...(query && { query }), fields: TIMELINE }),
    incidents: async (id, query) =>
      getPage(connection, { path: pathTo`/agents/${id}/incidents`, ...(query && { query }), fields: INCIDENT }),
    trainingHistory: async (id, query) =>
      getPage(connection, {
        path: pathTo`/maturity/agents/${id}/training-history`,
        ...(query && { query }),
        fields: TRAINING,
      }),
    closeIncident: async (id, incident, reason) =>
      readResource(await post(connection, pathTo`/agents/${id}/incidents/${incident}/close`, { reason }), INCIDENT),
    suggestions: async (id) => {
      const answer = await connection.request({ method: 'GET', path: pathTo`/agents/${id}/suggestions` })
      const items = isJsonObject(answer) ? answer.items : undefined
      if (!Array.isArray(items)) throw answerInvalid('it is no list')
      return { items: items.map((item) => readResource(item, SUGGESTION)) }
    },
  }
}
