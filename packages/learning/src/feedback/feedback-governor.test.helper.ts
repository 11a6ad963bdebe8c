import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { type ControlScope, connectGovernor, type Governor, type PluginPort, type Role } from '@preceptor/client'
import type { GovernorOptions } from '@preceptor/core'
import { type GovernorPlugin, inWorkspace, type PluginHost, type Tx } from '@preceptor/core/plugin'
import { createTestGovernor, TEST_ACTIONS, type TestGovernor } from '@preceptor/core/testing'
import { governanceApi } from '@preceptor/hono-middleware'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { Hono } from 'hono'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { z } from 'zod'
import type { LearningOperations } from '../client/learning-operations.ts'
import { remoteFeedback } from '../client/remote-feedback.ts'
import { feedbackRoutes } from '../hono/feedback-routes.ts'
import { FEEDBACK_MIGRATION } from '../migrations/0001-feedback.ts'
import { SESSIONS_MIGRATION } from '../migrations/0002-sessions.ts'
import { TRAINING_MIGRATION } from '../migrations/0003-training.ts'
import { type OpenFeedback, openFeedback } from '../open-feedback.ts'
import { feedbackPermissions } from '../permissions/feedback-permissions.ts'
import type { FeedbackOptions } from './feedback-options.ts'

type Operations = Pick<LearningOperations, 'feedback' | 'examples'>

/** Feedback alone, as a plugin. */
export const feedbackPort: PluginPort<Operations> = { name: 'learning', connect: remoteFeedback }

/** A governor with feedback. */
export interface FeedbackGovernor extends TestGovernor {
  readonly feedback: OpenFeedback
  /** Runs work in a transaction of the workspace `default`, or as the system role in all. */
  inStore<Result>(work: (tx: Tx) => Promise<Result>, role?: 'app' | 'system'): Promise<Result>
  /** The operations for a user of the workspace `default`. */
  as(id: string, ...roles: Role[]): Operations
  asAgent(id: string): Operations
  /** Seals what waits. */
  seal(workspace?: string): Promise<void>
  /** Seals what waits and captures it. */
  capture(workspace?: string): Promise<void>
}

/** Opens a governor with feedback, in memory unless the options say otherwise. */
export async function openFeedbackGovernor(
  options: GovernorOptions = {},
  feedbackOptions: FeedbackOptions = {},
): Promise<FeedbackGovernor> {
  let opened: OpenFeedback | undefined
  let database: PluginHost['context']['database'] | undefined
  const plugin: GovernorPlugin<Operations> = {
    port: feedbackPort,
    permissions: feedbackPermissions,
    migrations: [FEEDBACK_MIGRATION, SESSIONS_MIGRATION, TRAINING_MIGRATION],
    open(host) {
      database = host.context.database
      opened = openFeedback(host, feedbackOptions)
      return opened
    },
  }
  const test = await createTestGovernor({ ...options, plugins: [plugin] })
  if (opened === undefined || database === undefined) throw new Error('The plugin was not opened.')
  const store = database
  // Another sealer may be at it: then the job leaves it to that one.
  const seal = async (workspace = 'default'): Promise<void> => {
    const root = { kind: 'user', id: 'root', roles: ['admin'] } as const
    const { journal } = test.governor.as({ workspace, principal: root })
    await test.governor.jobs.run('seal-journal', { workspace })
    await vi.waitFor(async () => expect((await journal.verify()).unsealed).toBe(0), { timeout: 10_000, interval: 20 })
  }
  return {
    ...test,
    feedback: opened,
    inStore: (work, role = 'app') => inWorkspace(store, { workspace: role === 'system' ? '*' : 'default', role }, work),
    as: (id, ...roles) => test.user(id, ...roles).plugin(feedbackPort),
    asAgent: (id) =>
      test.governor.as({ workspace: 'default', principal: { kind: 'agent', id, roles: [] } }).plugin(feedbackPort),
    seal,
    async capture(workspace = 'default') {
      await seal(workspace)
      await test.governor.jobs.run('learning-capture', { workspace })
    },
  }
}

const SETTING: GovernorOptions = {
  actions: {
    ...TEST_ACTIONS,
    'wire.send': {
      risk: 'high',
      args: z.strictObject({ cents: z.int(), to: z.string(), pin: z.string().meta({ sensitive: true }) }),
    },
  },
  scenarios: [
    {
      id: 'note.letter',
      version: 1,
      topic: 'letters',
      capability: 'note',
      task: 'Write to the customer.',
      input: { customer: 'Mr Adeyemi' },
      grader: { kind: 'human', instructions: 'Is it polite?' },
      weight: 1,
    },
  ],
}

/** A governor on a store, and the way past every guard of it. */
export interface FeedbackStore {
  readonly test: FeedbackGovernor
  /** Opens a governor as another process would, on the same store. */
  another(options?: GovernorOptions): Promise<FeedbackGovernor>
  /** Runs statements in a session of its own, as the owner of the tables; on Postgres only. */
  asOwner(statements: string): Promise<readonly Record<string, unknown>[]>
}

/** Runs the same tests on the embedded database and on Postgres. */
export function describeOnStores(title: string, tests: (store: FeedbackStore) => void): void {
  describe(`${title} on pglite`, () => tests(useStore(() => ({}))))
  describeOnPostgres(`${title} on postgres`, tests)
}

/** Runs tests that need several connections, on Postgres. */
export function describeOnPostgres(title: string, tests: (store: FeedbackStore) => void): void {
  describeWithPostgres(title, () => {
    const database = useTestDatabase()
    tests(useStore(() => ({ database: database.url, migrate: true })))
  })
}

function useStore(place: () => GovernorOptions): FeedbackStore {
  let test: FeedbackGovernor | undefined
  const others: FeedbackGovernor[] = []
  beforeAll(async () => {
    test = await openFeedbackGovernor({ ...SETTING, ...place(), workspaces: ['default', 'other'] })
    await test.register('bot', 'intern')
    await test.register('helper', 'intern')
  })
  afterAll(async () => {
    for (const other of others) await other.close()
    await test?.close()
  })
  return {
    get test() {
      if (test === undefined) throw new Error('The governor is there only inside tests and hooks.')
      return test
    },
    async another(options = {}) {
      const other = await openFeedbackGovernor({ ...SETTING, ...place(), ...options })
      others.push(other)
      return other
    },
    async asOwner(statements) {
      const client = new pg.Client({ connectionString: String(place().database) })
      await client.connect()
      try {
        const results: unknown = await client.query(statements)
        const last = Array.isArray(results) ? results.at(-1) : results
        return (last as pg.QueryResult<Record<string, unknown>>).rows
      } finally {
        await client.end()
      }
    },
  }
}

/** A governor behind HTTP on this machine. */
export interface ServedGovernor {
  readonly url: string
  /** A scope over HTTP by a key. */
  connect(secret: string): Promise<Operations>
  close(): Promise<void>
}

/** Serves a governor with the routes of feedback. */
export async function serveFeedback({ governor }: TestGovernor): Promise<ServedGovernor> {
  const app = new Hono().route('/api', governanceApi(governor, { routes: [feedbackRoutes] }))
  // Of plain HTTP, which is the default, the adaptor makes a server of node:http.
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server does not listen.')
  const url = `http://127.0.0.1:${address.port}/api`
  const clients: Governor[] = []
  return {
    url,
    async connect(secret) {
      const remote = connectGovernor({ url, token: secret })
      clients.push(remote)
      const identity = await remote.authenticate(secret)
      return remote.as(identity).plugin(feedbackPort)
    },
    async close() {
      for (const client of clients) await client.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

/** A key of a user of the workspace. */
export async function keyOfUser(admin: ControlScope, id: string, role: Role): Promise<string> {
  await admin.members.put(id, { displayName: id, roles: [role] })
  const key = { displayName: id, principalKind: 'user', principalId: id, roles: [role] } as const
  return (await admin.keys.create(key)).secret
}

/** The code with which something is refused. */
export function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing',
    (error: { readonly code?: string }) => String(error.code ?? error),
  )
}
