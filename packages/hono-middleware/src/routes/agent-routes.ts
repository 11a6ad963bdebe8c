import type { Agent, AgentOperations, CapabilityChoice, LedgerQuery, PageQuery } from '@preceptor/client'
import { z } from 'zod'
import {
  actionDefinition,
  agent,
  agentChange,
  agentQuery,
  agentRegistration,
  cataloguedAction,
  confidenceEntry,
  incident,
  maturityTransition,
  promotionExplanation,
  timelineEntry,
} from './agent-schemas.ts'
import { type ApiRoute, declareRoute } from './api-route.ts'
import { agentId, maturity, pageOf, pageQuery, reason } from './common-schemas.ts'

const params = z.strictObject({ id: agentId })
const withReason = z.strictObject({ reason })
const ledgerQuery: z.ZodType<PageQuery> = pageQuery
const capability = z.string().min(1).max(128)
const capabilityChoice: z.ZodType<CapabilityChoice> = z.strictObject({ capability: capability.exactOptional() })
const ofCapability: z.ZodType<LedgerQuery> = pageQuery.extend({ capability: capability.exactOptional() })

/** An act on one agent that needs nothing but its reason. */
function reasonedAct(act: {
  readonly verb: string
  readonly operation: string
  readonly summary: string
  readonly perform: (agents: AgentOperations, id: string, reason: string) => Promise<Agent>
}): ApiRoute {
  return declareRoute({
    method: 'post',
    path: `/agents/{id}/${act.verb}`,
    operation: act.operation,
    summary: act.summary,
    params,
    body: withReason,
    response: agent,
    handle: (call) => act.perform(call.scope.agents, call.params.id, call.body.reason),
  })
}

const acts: readonly ApiRoute[] = [
  reasonedAct({
    verb: 'pause',
    operation: 'agents.pause',
    summary: 'Pause an agent: it runs nothing until it is resumed',
    perform: (agents, id, why) => agents.pause(id, why),
  }),
  reasonedAct({
    verb: 'resume',
    operation: 'agents.resume',
    summary: 'Resume a paused or stopped agent',
    perform: (agents, id, why) => agents.resume(id, why),
  }),
  reasonedAct({
    verb: 'stop',
    operation: 'agents.stop',
    summary: 'Stop an agent and what it runs',
    perform: (agents, id, why) => agents.stop(id, why),
  }),
  reasonedAct({
    verb: 'retire',
    operation: 'agents.retire',
    summary: 'Retire an agent for ever',
    perform: (agents, id, why) => agents.retire(id, why),
  }),
  reasonedAct({
    verb: 'incidents',
    operation: 'agents.incident',
    summary: 'Record an incident: confidence falls and the agent is demoted',
    perform: (agents, id, why) => agents.recordIncident(id, why),
  }),
  reasonedAct({
    verb: 'attest',
    operation: 'agents.attest',
    summary: 'Accept the present build of an agent',
    perform: (agents, id, why) => agents.attest(id, why),
  }),
]

/** Agents, what they have earned, and the actions that can be attempted. */
export const agentRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'post',
    path: '/agents',
    operation: 'agents.register',
    summary: 'Register an agent',
    body: agentRegistration,
    response: agent,
    status: 201,
    handle: ({ scope, body }) => scope.agents.register(body),
  }),
  declareRoute({
    method: 'get',
    path: '/agents',
    operation: 'agents.list',
    summary: 'List agents in the order of their ids',
    query: agentQuery,
    response: pageOf(agent),
    handle: ({ scope, query }) => scope.agents.list(query),
  }),
  declareRoute({
    method: 'get',
    path: '/agents/{id}',
    operation: 'agents.get',
    summary: 'Get an agent',
    params,
    response: agent,
    handle: (call) => call.scope.agents.get(call.params.id),
  }),
  declareRoute({
    method: 'patch',
    path: '/agents/{id}',
    operation: 'agents.change',
    summary: 'Change what describes an agent',
    params,
    body: agentChange,
    response: agent,
    handle: (call) => call.scope.agents.change(call.params.id, call.body),
  }),
  ...acts,
  declareRoute({
    method: 'post',
    path: '/agents/{id}/promote',
    operation: 'agents.promote',
    summary: 'Promote an agent by one step; its owner cannot',
    params,
    body: z.strictObject({ reason, capability: capability.exactOptional() }),
    response: agent,
    handle: ({ scope, params: { id }, body: { reason: why, ...at } }) => scope.agents.promote(id, why, at),
  }),
  declareRoute({
    method: 'post',
    path: '/agents/{id}/demote',
    operation: 'agents.demote',
    summary: 'Demote an agent by any number of steps, at once',
    params,
    body: z.strictObject({ to: maturity, reason, capability: capability.exactOptional() }),
    response: agent,
    handle: ({ scope, params: { id }, body: { to, reason: why, ...at } }) => scope.agents.demote(id, to, why, at),
  }),
  declareRoute({
    method: 'get',
    path: '/agents/{id}/confidence',
    operation: 'agents.confidence',
    summary: 'List the confidence ledger of an agent, newest first',
    params,
    query: ofCapability,
    response: pageOf(confidenceEntry),
    handle: (call) => call.scope.agents.confidence(call.params.id, call.query),
  }),
  declareRoute({
    method: 'get',
    path: '/agents/{id}/promotion',
    operation: 'agents.promotion',
    summary: 'Explain what an agent lacks for its next level',
    params,
    query: capabilityChoice,
    response: promotionExplanation,
    handle: (call) => call.scope.agents.promotion(call.params.id, call.query),
  }),
  declareRoute({
    method: 'get',
    path: '/agents/{id}/incidents',
    operation: 'agents.incidents',
    summary: 'List the incidents of an agent, newest first',
    params,
    query: ledgerQuery,
    response: pageOf(incident),
    handle: (call) => call.scope.agents.incidents(call.params.id, call.query),
  }),
  declareRoute({
    method: 'post',
    path: '/agents/{id}/incidents/{incident}/close',
    operation: 'agents.close_incident',
    summary: 'Close an incident that was dealt with; the owner of the agent cannot',
    params: z.strictObject({ id: agentId, incident: z.string().min(1).max(200) }),
    body: withReason,
    response: incident,
    handle: (call) => call.scope.agents.closeIncident(call.params.id, call.params.incident, call.body.reason),
  }),
  declareRoute({
    method: 'get',
    path: '/agents/{id}/timeline',
    operation: 'agents.timeline',
    summary: 'List what became of an agent, newest first: levels, incidents, training, attestations, lifecycle',
    params,
    query: ledgerQuery,
    response: pageOf(timelineEntry),
    handle: (call) => call.scope.agents.timeline(call.params.id, call.query),
  }),
  declareRoute({
    method: 'get',
    path: '/agents/{id}/transitions',
    operation: 'agents.transitions',
    summary: 'List the changes of maturity of an agent, newest first',
    params,
    query: ofCapability,
    response: pageOf(maturityTransition),
    handle: (call) => call.scope.agents.transitions(call.params.id, call.query),
  }),
  declareRoute({
    method: 'put',
    path: '/actions',
    operation: 'actions.register',
    summary: 'Register actions',
    body: z.strictObject({ actions: z.record(z.string().max(128), actionDefinition) }),
    response: z.strictObject({ actions: z.array(z.strictObject({ name: z.string(), digest: z.string() })) }),
    handle: async ({ scope, body }) => ({ actions: [...(await scope.registerActions(body.actions))] }),
  }),
  declareRoute({
    method: 'get',
    path: '/actions',
    operation: 'actions.list',
    summary: 'List the catalogue of actions',
    query: ledgerQuery,
    response: pageOf(cataloguedAction),
    handle: ({ scope, query }) => scope.actions.list(query),
  }),
]
