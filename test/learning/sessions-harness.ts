import { serve } from '@hono/node-server'
import { type ControlScope, connectGovernor, type Governor, type Role } from '@preceptor/client'
import { createGovernor, type EmbeddedGovernor, type GovernorOptions } from '@preceptor/core'
import { governanceApi } from '@preceptor/hono-middleware'
import {
  createLearning,
  type LearningOperations,
  type LearningOptions,
  type LearningSessionRequest,
  learning,
} from '@preceptor/learning'
import { learningRoutes } from '@preceptor/learning/hono'
import { freePort } from '@preceptor/test-setup'
import { modelAt } from './models.ts'
import type { RefundCase, RuleServer } from './rule-server.ts'

/** A governor with learning sessions, whose model is a server of rules and whose clock can be moved. */
export interface SessionPlane {
  readonly governor: EmbeddedGovernor
  readonly admin: LearningOperations
  scope(role: Role, workspace?: string): ControlScope
  learning(role: Role, workspace?: string): LearningOperations
  /** Does what a worker would do now, until nothing is due any more. */
  work(): Promise<void>
  /** Moves the clock ahead, in milliseconds. */
  pass(milliseconds: number): void
  /** Kinds of what the journal tells of a record, oldest first. */
  told(subject: string): Promise<readonly string[]>
}

const JOBS = ['session', 'adapt', 'settle-predictions'] as const

/** Opens one; the governor is closed by whoever opened it. */
export async function openSessionPlane(
  server: Pick<RuleServer, 'url'> | null,
  { learning: options = {}, ...governing }: GovernorOptions & { readonly learning?: LearningOptions } = {},
): Promise<SessionPlane> {
  const model = server === null ? {} : { improver: modelAt(server) }
  const clock = { ahead: 0, now: () => Date.now() + clock.ahead, monotonic: () => performance.now() }
  const governor = await createGovernor({
    memory: governing.database === undefined,
    workspaces: ['default', 'other'],
    plugins: [createLearning({ ...model, automatic: false, heldOutShare: 0, ...options })],
    report: () => undefined,
    clock,
    ...governing,
  })
  const scope = (role: Role, workspace = 'default') =>
    governor.as({ workspace, principal: { kind: 'user', id: role, roles: [role] } })
  return {
    governor,
    admin: scope('admin').plugin(learning),
    scope,
    learning: (role, workspace) => scope(role, workspace).plugin(learning),
    async work() {
      for (const job of JOBS) await governor.jobs.run(`learning-${job}`, {})
    },
    pass(milliseconds) {
      clock.ahead += milliseconds
    },
    async told(subject) {
      const { items } = await scope('admin').journal.list({ subject })
      return items.map(({ kind }) => kind).reverse()
    },
  }
}

/** A session about a refund case: the answer was wrong, and somebody said what is right. */
export function refundSession(
  { task, wrong, instruction }: RefundCase,
  rest: Partial<LearningSessionRequest> = {},
): LearningSessionRequest {
  return {
    agentType: 'generic',
    originalResponse: wrong,
    correction: `It is ${instruction}.`,
    context: task,
    format: 'conversation',
    ...rest,
  }
}

/** A governor behind HTTP on this machine. */
export interface ServedPlane {
  readonly url: string
  /** The operations over HTTP, for a user with a role. */
  connect(role: Role): Promise<LearningOperations>
  close(): Promise<void>
}

/** Serves a governor with the routes of learning. */
export async function serveSessions(plane: SessionPlane): Promise<ServedPlane> {
  const port = await freePort()
  const api = governanceApi(plane.governor, { routes: [learningRoutes()] })
  const server = serve({ fetch: api.fetch, port, hostname: '127.0.0.1' })
  const url = `http://127.0.0.1:${port}`
  const clients: Governor[] = []
  return {
    url,
    async connect(role) {
      const admin = plane.scope('admin')
      const id = `remote-${role}`
      await admin.members.put(id, { displayName: id, roles: [role] })
      const key = { displayName: id, principalKind: 'user', principalId: id, roles: [role] } as const
      const { secret } = await admin.keys.create(key)
      const remote = connectGovernor({ url, token: secret })
      clients.push(remote)
      return remote.as(await remote.authenticate(secret)).plugin(learning)
    },
    async close() {
      for (const client of clients) await client.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
