import type { ApiKeyRequest, ControlScope, Identity, Maturity } from '@preceptor/client'
import type { EmbeddedGovernor, GovernorOptions } from '@preceptor/core'
import { createTestGovernor } from '@preceptor/core/testing'
import { type GovernanceEnv, governanceApi } from '@preceptor/hono-middleware'
import { metricsRoutes } from '@preceptor/hono-middleware/metrics'
import type { PluginRoutes } from '@preceptor/hono-middleware/routes'
import { Hono } from 'hono'
import { afterAll, beforeAll } from 'vitest'

/** The callers of these tests. */
export type Caller = 'anonymous' | 'admin' | 'supervisor' | 'viewer' | 'agent' | 'service' | 'unscoped' | 'system'

/** An answer of the API. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // What an answer holds is what each test is about.
  // biome-ignore lint/suspicious/noExplicitAny: the tests assert on its shape
  readonly body: any
}

/** What a request may carry. */
export interface RequestParts {
  readonly as?: Caller | { readonly key: string }
  readonly body?: unknown
  /** A body that goes out as it is. */
  readonly raw?: string | Uint8Array<ArrayBuffer>
  readonly headers?: Readonly<Record<string, string>>
}

/** A governor with two workspaces, a caller of each kind in both, and the API on it. */
export interface Harness {
  readonly governor: EmbeddedGovernor
  readonly app: Hono<GovernanceEnv>
  readonly admin: ControlScope
  readonly keys: Readonly<Record<Exclude<Caller, 'anonymous'>, string>>
  /** Credential of an administrator of the workspace `other`. */
  readonly foreignKey: string
  request(method: string, path: string, parts?: RequestParts): Promise<Answer>
  agent(id: string, maturity: Maturity): Promise<string>
}

/** Id of the agent whose credential is that of the caller `agent`. */
export const OWN_AGENT = 'bot'

const system = (workspace: string): Identity => ({ workspace, principal: { kind: 'system', id: 'host', roles: [] } })

/** Every scope that a service can be given, as the table has them. */
export const SERVICE_SCOPES: readonly string[] = [
  'triggers.decide',
  'triggers.check',
  'actions.register',
  'actions.list',
  'metrics.read',
  'agents.register',
  'agents.get',
  'agents.list',
  'agents.pause',
  'agents.stop',
  'agents.confidence',
  'agents.transitions',
  'agents.timeline',
  'agents.promotion',
  'agents.incidents',
  'agents.suggestions',
  'decisions.get',
  'decisions.report',
  'runs.finish',
  'blocked_triggers.get',
  'blocked_triggers.list',
  'training_proposals.get',
  'training_proposals.list',
  'blocked_triggers.retry',
  'training_sessions.get',
  'training_sessions.list',
  'training_sessions.answer',
  'agents.training_history',
  'proposals.get',
  'proposals.list',
  'proposals.card',
  'proposals.cancel',
  'grants.get',
  'grants.list',
  'proposals.history',
  'sessions.get',
  'sessions.list',
  'queue.get',
  'queue.list',
  'queue.waiting',
  'queue.stats',
  'queue.cancel',
  'queue.process',
  'queue.expire',
  'analytics.summary',
  'analytics.decisions',
  'analytics.routing',
  'analytics.maturity',
  'analytics.reviewers',
  'analytics.training',
  'analytics.supervision',
  'analytics.system',
  'policies.simulate',
  'policies.shadow',
  'playbooks.get',
  'playbooks.list',
  'playbooks.version',
  'playbooks.versions',
  'playbooks.diff',
  'playbooks.deployments',
  'playbooks.effective',
  'policies.get',
  'policies.list',
  'journal.list',
  'journal.export',
  'journal.verify',
  'stops.set',
  'stops.list',
  'bypasses.list',
  'members.list',
  'presence.get',
  'presence.available',
  'escalations.list',
  'alerts.list',
]

/** What plugins add to the API. */
interface OfPlugins {
  readonly routes?: readonly PluginRoutes[]
  /** Their operations that a service may be given. */
  readonly scopes?: readonly string[]
}

/** Opens the harness for the tests of a file. */
export function useApi(options: GovernorOptions = {}, { routes = [], scopes = [] }: OfPlugins = {}): Harness {
  let opened: { governor: EmbeddedGovernor; app: Hono<GovernanceEnv>; close: () => Promise<void> } | undefined
  const keys: Record<string, string> = {}
  const harness: Harness = {
    get governor() {
      return assertOpen(opened).governor
    },
    get app() {
      return assertOpen(opened).app
    },
    get admin() {
      const principal = { kind: 'user', id: 'ada', roles: ['admin'] } as const
      return assertOpen(opened).governor.as({ workspace: 'default', principal })
    },
    get keys() {
      return keys as Harness['keys']
    },
    get foreignKey() {
      return keys.foreign ?? ''
    },
    request: (method, path, parts) => send(assertOpen(opened).app, keys, { method, path, ...parts }),
    async agent(id, maturity) {
      return (await this.governor.as(system('default')).agents.register({ id, maturity })).id
    },
  }
  beforeAll(async () => {
    const test = await createTestGovernor({ actions: {}, workspaces: ['default', 'other'], ...options })
    const { governor } = test
    const app = new Hono<GovernanceEnv>()
    app.route('/api', governanceApi(governor, { routes: [metricsRoutes(), ...routes] }))
    opened = { governor, app, close: test.close }
    Object.assign(keys, await makeKeys(governor, [...SERVICE_SCOPES, ...scopes]))
  })
  afterAll(() => opened?.close())
  return harness
}

function assertOpen<T>(opened: T | undefined): T {
  if (opened === undefined) throw new Error('The governor is open inside tests only.')
  return opened
}

async function makeKeys(governor: EmbeddedGovernor, scopes: readonly string[]): Promise<Record<string, string>> {
  const host = governor.as(system('default'))
  const other = governor.as(system('other'))
  await host.agents.register({ id: OWN_AGENT })
  for (const [userId, role] of [
    ['ada', 'admin'],
    ['sue', 'supervisor'],
    ['vic', 'viewer'],
  ] as const) {
    await host.members.put(userId, { displayName: userId, roles: [role] })
  }
  await other.members.put('oda', { displayName: 'Oda', roles: ['admin'] })
  const create = async (scope: ControlScope, request: Omit<ApiKeyRequest, 'displayName'>): Promise<string> =>
    (await scope.keys.create({ displayName: 'test', ...request })).secret
  const service = { principalKind: 'service', principalId: 'sync' } as const
  return {
    admin: await create(host, { principalKind: 'user', principalId: 'ada', roles: ['admin'] }),
    supervisor: await create(host, { principalKind: 'user', principalId: 'sue', roles: ['supervisor'] }),
    viewer: await create(host, { principalKind: 'user', principalId: 'vic', roles: ['viewer'] }),
    agent: await create(host, { principalKind: 'agent', principalId: OWN_AGENT }),
    service: await create(host, { ...service, scopes, agents: [OWN_AGENT], source: 'data_sync' }),
    // One scope that no test asks for, since a service without any cannot be made.
    unscoped: await create(host, { ...service, principalId: 'idle', scopes: ['presence.available'] }),
    system: await create(host, { principalKind: 'system', principalId: 'worker' }),
    foreign: await create(other, { principalKind: 'user', principalId: 'oda', roles: ['admin'] }),
  }
}

async function send(
  app: Hono<GovernanceEnv>,
  keys: Readonly<Record<string, string>>,
  { method, path, as = 'admin', body, raw, headers }: RequestParts & { method: string; path: string },
): Promise<Answer> {
  const key = typeof as === 'object' ? as.key : keys[as]
  const content = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  const response = await app.request(path.startsWith('/api') ? path : `/api${path}`, {
    method,
    headers: {
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      ...(as === 'anonymous' ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
    ...(content === undefined ? {} : { body: content }),
  })
  return readAnswer(response)
}

/** Reads an answer to its end. */
export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '') === true
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null }
}
