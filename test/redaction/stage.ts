import { once } from 'node:events'
import { serve, upgradeWebSocket, type WebSocketServerLike } from '@hono/node-server'
import { type ControlScope, connectGovernor, type JsonObject, type Principal, type Role } from '@preceptor/client'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { governanceApi, governanceSockets } from '@preceptor/hono-middleware'
import { createLearning } from '@preceptor/learning'
import { createOrchestration } from '@preceptor/orchestration'
import { createWorker } from '@preceptor/worker'
import { Hono } from 'hono'
import { WebSocketServer } from 'ws'
import { z } from 'zod'
import { addressOf, close } from '../hono/server.ts'
import { serveEndpoint } from '../mcp/support.ts'
import { openAiModel } from '../reviewers/open-ai-model.ts'
import { type Canaries, createCanaries } from './canaries.ts'
import { type ModelSays, serveModel, serveReceiver } from './servers.ts'
import { createSinks, type Sinks } from './sinks.ts'

/** An answer of the API. */
export interface Told {
  readonly status: number
  // What an answer holds is what each step is about.
  // biome-ignore lint/suspicious/noExplicitAny: the steps read its shape
  readonly body: any
}

/** The product with everything around it, and what came out of it. */
export interface Stage {
  /** Name of its queue of jobs. */
  readonly queue: string
  readonly canaries: Canaries
  readonly sinks: Sinks
  readonly governor: EmbeddedGovernor
  readonly api: string
  readonly mcp: URL
  /** Where webhooks go. */
  readonly receiver: string
  readonly keys: Readonly<Record<string, string>>
  /** What the model says next, by what it is asked. */
  say: (says: ModelSays) => void
  as(id: string, role?: Role): ControlScope
  remote(key: string): ControlScope
  /** Asks the API, and keeps what it answers as what that caller was told. */
  ask(
    as: string,
    method: string,
    path: string,
    parts?: { body?: unknown; raw?: string; headers?: object },
  ): Promise<Told>
  close(): Promise<void>
}

const QUEUE = `canary-${process.pid}`

/** Users of the stage, with their roles. */
const USERS: Readonly<Record<string, Role>> = { ada: 'admin', sue: 'supervisor', sam: 'supervisor', vic: 'viewer' }

/** Args with places that the schema hides. */
const args = z.object({
  account: z.string().max(200),
  token: z.string().min(4).max(400).meta({ sensitive: true }).optional(),
  nested: z.array(z.object({ label: z.string(), pin: z.string().meta({ writeOnly: true }) })).optional(),
  note: z.string().max(2_000).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  cents: z.int().min(0).optional(),
})

/** The actions of the stage. */
function actionsOf(canaries: Canaries) {
  return {
    'vault.read': { risk: 'safe', args },
    'vault.pay': { risk: 'medium', args },
    'vault.rotate': { risk: 'high', args },
    'vault.close': { risk: 'critical', args },
    'vault.strict': {
      risk: 'safe',
      args: {
        type: 'object',
        properties: { pin: { type: 'number', maximum: 9, sensitive: true }, word: { const: 'open' } },
        additionalProperties: false,
      },
    },
    'vault.call': {
      risk: 'high',
      args,
      execute: ({ args: given }: { readonly args: JsonObject }) => {
        throw new Error(`The provider refused ${String(given.token)}: {"key":"${canaries.known('executor-error')}"}`)
      },
    },
    'vault.give': {
      risk: 'high',
      args,
      execute: () => ({ session: canaries.formless('outcome'), key: canaries.known('outcome-known') }),
    },
  } as const
}

/** Opens the stage on a database. */
export async function openStage({
  database,
  redis,
}: {
  readonly database: string
  readonly redis?: string | undefined
}): Promise<Stage> {
  const [canaries, sinks] = [createCanaries(), createSinks()]
  const model = await serveModel(sinks)
  const receiver = await serveReceiver({ canaries, sinks })
  const governor = await openGovernor(
    { canaries, sinks },
    { database, redis, model: model.origin, receiver: receiver.origin },
  )
  const worker = await createWorker(governor)
  const server = await serveApi(governor, sinks)
  const endpoint = await serveEndpoint(governor)
  const host = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
  const keys = await peopleAndAgents(host, canaries)
  const { api } = server
  return {
    ...{ queue: QUEUE, canaries, sinks, governor, api, mcp: endpoint.url, receiver: receiver.origin, keys },
    say: model.say,
    as: (id, role = USERS[id]) => {
      const principal: Principal =
        role === undefined ? { kind: 'agent', id, roles: [] } : { kind: 'user', id, roles: [role] }
      return governor.as({ workspace: 'default', principal })
    },
    remote: (id) => {
      const principal = { kind: 'agent', id, roles: [] } as const
      return connectGovernor({ url: api, token: keys[id] ?? '' }).as({ workspace: 'default', principal })
    },
    ask: askApi({ api, keys, sinks }),
    async close() {
      await endpoint.close()
      await server.close()
      await worker.close()
      await governor.close()
      await model.close()
      await receiver.close()
    },
  }
}

function openGovernor(
  { canaries, sinks }: Pick<Stage, 'canaries' | 'sinks'>,
  {
    database,
    redis,
    model,
    receiver,
  }: {
    readonly database: string
    readonly redis: string | undefined
    readonly model: string
    readonly receiver: string
  },
): Promise<EmbeddedGovernor> {
  const chat = openAiModel({ url: `${model}/v1`, model: 'judge', key: canaries.known('model-key') })
  return createGovernor({
    database,
    ...(redis === undefined ? {} : { redis, queueName: QUEUE }),
    migrate: true,
    // The command line, which serves this database too, opens it.
    plugins: [createLearning({ work: false }), createOrchestration({ work: false })],
    actions: actionsOf(canaries),
    outbound: { allow: [model, receiver] },
    metaAgent: { model: chat },
    grader: chat,
    reviewers: { chief: { model: chat } },
    runners: { pupil: { url: `${receiver}/trainee`, headers: { authorization: canaries.known('trainee-header') } } },
    channels: [{ name: 'desk', send: async (told) => sinks.add('channel', told) }],
    settings: { deadlineMs: 10_000 },
    report: (said) => sinks.add('log', said.message),
  })
}

async function serveApi(governor: EmbeddedGovernor, sinks: Sinks) {
  const onFault = ({ error, path }: { readonly error: unknown; readonly path: string }): void =>
    sinks.add('log', `${path}: ${error instanceof Error ? error.message : String(error)}`)
  const app = new Hono()
    .route('/', governanceSockets(governor, { upgradeWebSocket }))
    .route('/api', governanceApi(governor, { onFault, upgradeWebSocket }))
  const sockets = new WebSocketServer({ noServer: true })
  const websocket = { server: sockets as WebSocketServerLike }
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0, websocket })
  await once(server, 'listening')
  return {
    api: `${addressOf(server)}/api`,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      await close(server)
    },
  }
}

function askApi({ api, keys, sinks }: Pick<Stage, 'api' | 'keys' | 'sinks'>): Stage['ask'] {
  return async (as, method, path, { body, raw, headers } = {}) => {
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await fetch(`${api}${path}`, {
      method,
      headers: {
        ...(as === '' ? {} : { authorization: `Bearer ${keys[as]}` }),
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(content === undefined ? {} : { body: content }),
    })
    const text = await response.text()
    sinks.add(`answers to ${USERS[as] ?? (as === '' ? 'nobody' : 'agents')}`, text)
    sinks.add('response headers', [...response.headers])
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text }
  }
}

async function peopleAndAgents(host: ControlScope, canaries: Canaries): Promise<Record<string, string>> {
  const keys: Record<string, string> = {}
  for (const [id, role] of Object.entries(USERS)) {
    await host.members.put(id, { displayName: id, roles: [role] })
    const request = { displayName: id, principalKind: 'user', principalId: id, roles: [role] } as const
    keys[id] = canaries.keep(`key of ${id}`, (await host.keys.create(request)).secret)
  }
  const agents = { pupil: 'student', intern: 'intern', watched: 'supervised', free: 'autonomous', chief: 'autonomous' }
  for (const [id, maturity] of Object.entries(agents)) {
    await host.agents.register({
      id,
      displayName: `${id}\u001b[2J\u202e\r\nerror: fake`,
      maturity: maturity as 'student',
      ownerId: id === 'chief' ? 'paul' : 'olga',
      capabilities: ['vault'],
      category: 'Finance',
    })
    const request = { displayName: id, principalKind: 'agent', principalId: id } as const
    keys[id] = canaries.keep(`key of ${id}`, (await host.keys.create(request)).secret)
  }
  return keys
}
