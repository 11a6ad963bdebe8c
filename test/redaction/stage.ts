import { type ControlScope, connectGovernor, type JsonObject, type Role } from '@preceptor/client'
import { type ChatModel, createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { governanceApi } from '@preceptor/hono-middleware'
import { createWorker, type GovernanceWorker } from '@preceptor/worker'
import { Hono } from 'hono'
import { z } from 'zod'
import { addressOf, close, listen } from '../hono/server.ts'
import { serveEndpoint } from '../mcp/support.ts'
import { openAiModel } from '../reviewers/open-ai-model.ts'
import { type Canaries, createCanaries } from './canaries.ts'
import { serveSurrounding } from './servers.ts'
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
  readonly canaries: Canaries
  readonly sinks: Sinks
  readonly governor: EmbeddedGovernor
  readonly api: string
  readonly mcp: URL
  /** Where webhooks go. */
  readonly receiver: string
  readonly keys: Readonly<Record<string, string>>
  /** What the model says next, by what it is asked. */
  say: (asked: string) => { readonly status?: number; readonly text: string }
  as(id: string, role?: Role): ControlScope
  remote(key: string): ControlScope
  /** Asks the API, and keeps what it answers as what that caller was told. */
  ask(as: string, method: string, path: string, parts?: { body?: unknown; raw?: string; headers?: object }): Promise<Told>
  close(): Promise<void>
}

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
export async function openStage({ database, redis }: { database: string; redis?: string | undefined }): Promise<Stage> {
  const [canaries, sinks] = [createCanaries(), createSinks()]
  let say: Stage['say'] = () => ({ text: 'no' })
  const model = await serveSurrounding(({ headers, body }, response) => {
    sinks.add('prompts', body)
    sinks.add('headers of the model', JSON.stringify({ ...headers, authorization: undefined }))
    const { status = 200, text } = say(JSON.parse(body).messages.at(-1)?.content ?? '')
    const message = { role: 'assistant', content: text }
    const answer = status === 200 ? JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] }) : text
    response.writeHead(status, { 'content-type': 'application/json' }).end(answer)
  })
  const receiver = await serveSurrounding(({ headers, body }, response) => {
    sinks.add('webhook bodies', body)
    sinks.add('webhook headers', headers)
    response.writeHead(500).end(canaries.known('webhook-answer'))
  })
  const chat: ChatModel = openAiModel({ url: `${model.origin}/v1`, model: 'judge', key: canaries.known('model-key') })
  const report = (said: unknown): void => sinks.add('log', said)
  const governor = await createGovernor({
    database,
    ...(redis === undefined ? {} : { redis, queueName: `canary-${process.pid}` }),
    migrate: true,
    actions: actionsOf(canaries),
    outbound: { allow: [model.origin, receiver.origin] },
    metaAgent: { model: chat },
    grader: chat,
    reviewers: { chief: { model: chat } },
    runners: {
      pupil: { url: `${receiver.origin}/trainee`, headers: { authorization: canaries.known('trainee-header') } },
    },
    channels: [{ name: 'desk', send: async (told) => sinks.add('channel', told) }],
    settings: { deadlineMs: 10_000 },
    report,
  })
  const worker: GovernanceWorker = await createWorker(governor)
  const app = new Hono()
  const onFault = ({ error, path, traceId }: { error: unknown; path: string; traceId: string }): void =>
    sinks.add('log', `${path}: ${error instanceof Error ? error.message : String(error)} (trace ${traceId})`)
  app.route('/api', governanceApi(governor, { onFault }))
  const server = await listen(app)
  const endpoint = await serveEndpoint(governor)
  const api = `${addressOf(server)}/api`
  const scopeOf = (id: string, role?: Role): ControlScope => {
    const principal =
      role === undefined ? ({ kind: 'agent', id, roles: [] } as const) : { kind: 'user' as const, id, roles: [role] }
    return governor.as({ workspace: 'default', principal })
  }
  const host = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
  const keys = await peopleAndAgents(host, canaries)
  return {
    canaries,
    sinks,
    governor,
    api,
    mcp: endpoint.url,
    receiver: receiver.origin,
    keys,
    get say() {
      return say
    },
    set say(next) {
      say = next
    },
    as: (id, role = USERS[id]) => scopeOf(id, role),
    remote: (key) => {
      const principal = { kind: 'agent', id: key, roles: [] } as const
      return connectGovernor({ url: api, token: keys[key] ?? '' }).as({ workspace: 'default', principal })
    },
    async ask(as, method, path, { body, raw, headers } = {}) {
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
    },
    async close() {
      await endpoint.close()
      await close(server)
      await worker.close()
      await governor.close()
      await model.close()
      await receiver.close()
    },
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
