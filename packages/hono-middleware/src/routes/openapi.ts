import { z } from 'zod'
import { apiKey, journalEntry, membership, policyVersion, presence, stop } from './administration-schemas.ts'
import { agent, cataloguedAction, confidenceEntry, maturityTransition } from './agent-schemas.ts'
import type { ApiRoute, DownloadRoute, OpenRoute, StreamRoute } from './api-route.ts'
import { decision, problem } from './decision-schemas.ts'
import { blockedTrigger, decisionRecord, proposal, queueEntry, trainingProposal } from './record-schemas.ts'
import { supervisionSession } from './session-schemas.ts'

type JsonSchema = Readonly<Record<string, unknown>>

const RESOURCES = {
  Agent: agent,
  ApiKey: apiKey,
  BlockedTrigger: blockedTrigger,
  CataloguedAction: cataloguedAction,
  ConfidenceEntry: confidenceEntry,
  Decision: decision,
  DecisionRecord: decisionRecord,
  JournalEntry: journalEntry,
  MaturityTransition: maturityTransition,
  Membership: membership,
  PolicyVersion: policyVersion,
  Presence: presence,
  Problem: problem,
  Proposal: proposal,
  QueueEntry: queueEntry,
  Stop: stop,
  SupervisionSession: supervisionSession,
  TrainingProposal: trainingProposal,
}

const PROBLEM_ANSWER = {
  description: 'What went wrong, and what to do about it',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}
const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key with the same request answers as the first time, for 24 h',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
}

const LAST_EVENT_ID = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  description: 'The sequence of the last event that was seen; what comes after it is sent',
  schema: { type: 'string', pattern: '^[0-9]{1,15}$' },
}

type DescribedRoute = Omit<ApiRoute, 'handle'> & {
  readonly isOpen: boolean
  readonly isStream?: boolean
  readonly contentTypes?: readonly string[]
}

/** The API as an OpenAPI 3.1 document, made from the tables that the handlers are made from. */
export function createOpenApi(
  routes: readonly ApiRoute[],
  open: readonly OpenRoute[],
  streams: readonly StreamRoute[],
  downloads: readonly DownloadRoute[],
): JsonSchema {
  const described: readonly DescribedRoute[] = [
    ...routes.map((route) => ({ ...route, isOpen: false })),
    ...streams.map((route) => ({ ...route, isOpen: false, isStream: true })),
    ...downloads.map((route) => ({ ...route, response: z.string(), isOpen: false })),
    ...open.map((route) => ({ ...route, isOpen: true })),
  ]
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of described) paths[route.path] = { ...paths[route.path], [route.method]: describeOperation(route) }
  return {
    openapi: '3.1.1',
    info: { title: 'Preceptor', version: '1', description: 'Decides, records and explains what agents may do.' },
    security: [{ bearer: [] }],
    paths,
    components: {
      schemas: describeResources(),
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'An API key or a JWT' } },
    },
  }
}

function describeOperation(route: DescribedRoute): JsonSchema {
  const status = String(route.status ?? 200)
  const answer = {
    description: route.isStream === true ? `${route.summary}. The data of each event is of this form` : route.summary,
    content: Object.fromEntries(typesOf(route).map((type) => [type, { schema: schemaOf(route.response, 'output') }])),
  }
  const body = route.body && {
    required: true,
    content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
  }
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.operation.split('.', 1)[0]],
    'x-permission': route.operation,
    ...(route.isOpen ? { security: [] } : {}),
    parameters: [
      ...parametersOf(route.params, 'path'),
      ...parametersOf(route.query, 'query'),
      ...(route.method === 'post' ? [IDEMPOTENCY_KEY] : []),
      ...(route.isStream === true ? [LAST_EVENT_ID] : []),
    ],
    ...(body === undefined ? {} : { requestBody: body }),
    responses: { [status]: answer, default: PROBLEM_ANSWER },
  }
}

function typesOf({ isStream, contentTypes }: DescribedRoute): readonly string[] {
  return contentTypes ?? [isStream === true ? 'text/event-stream' : 'application/json']
}

function operationId({ method, path }: DescribedRoute): string {
  const words = path.split(/[^A-Za-z]+/).filter((word) => word !== '')
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): readonly JsonSchema[] {
  if (schema === undefined) return []
  const { properties, required } = schemaOf(schema, 'output')
  if (typeof properties !== 'object' || properties === null) return []
  const needed = Array.isArray(required) ? required : []
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: needed.includes(name),
    schema: property,
  }))
}

/** The named resources, with references between them. */
function describeResources(): JsonSchema {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(RESOURCES)) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, { uri: refOf })
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)]))
}

/** One schema of a route; where it is or holds a named resource, it refers to it. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const registry = z.registry<{ id: string }>()
  for (const [id, resource] of Object.entries(RESOURCES)) registry.add(resource, { id })
  const known = registry.get(schema)
  if (known !== undefined) return { $ref: refOf(known.id) }
  registry.add(schema, { id: 'Own' })
  return bare(z.toJSONSchema(registry, { uri: refOf, io }).schemas.Own ?? {})
}

const refOf = (id: string): string => `#/components/schemas/${id}`

function bare({ $schema: _, $id: __, ...schema }: JsonSchema): JsonSchema {
  return schema
}
