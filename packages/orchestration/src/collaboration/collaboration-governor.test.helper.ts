import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import {
  type ControlScope,
  connectGovernor,
  type ErrorCode,
  type Governor,
  type JsonValue,
  type PluginPort,
  type Role,
} from '@preceptor/client'
import type { GovernorOptions } from '@preceptor/core'
import { type GovernorPlugin, inWorkspace, type PluginHost, type Tx } from '@preceptor/core/plugin'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { governanceApi } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import type { Collaboration, CollaborationMemberRequest, TurnArgs } from '../client/collaboration.ts'
import type { CollaborationParts } from '../client/collaboration-parts.ts'
import { remoteCollaboration } from '../client/remote-collaboration.ts'
import { collaborationRoutes } from '../hono/collaboration-routes.ts'
import { COLLABORATION_MIGRATION } from '../migrations/0003-collaboration.ts'
import { type OpenCollaboration, openCollaboration } from '../open-collaboration.ts'
import { collaborationPermissions } from '../permissions/collaboration-permissions.ts'
import type { CollaborationStepRequest, EndedStep } from '../ports/collaboration-ports.ts'

/** Collaboration alone, as a plugin. */
const collaborationPort: PluginPort<CollaborationParts> = {
  name: 'orchestration',
  connect: remoteCollaboration,
}

/** A step that was asked for. */
export interface AskedStep extends CollaborationStepRequest {
  readonly id: string
  /** What the action is told. */
  readonly told: TurnArgs
}

/** A governor with collaborations, whose steps a test ends. */
export interface CollaborationGovernor extends TestGovernor {
  readonly open: OpenCollaboration
  /** The operations for a user of the workspace `default`, and for an agent by its own credential. */
  as(id: string, ...roles: Role[]): CollaborationParts
  asAgent(id: string): CollaborationParts
  /** Steps that are neither ended nor taken back, oldest first. */
  steps(): readonly AskedStep[]
  /** The only such step of an agent. */
  stepOf(agent: string): AskedStep
  /** Has the only such step of an agent begin. */
  beginStep(agent: string): void
  succeed(agent: string, output: JsonValue): Promise<void>
  fail(agent: string, code?: ErrorCode): Promise<void>
  /** Tells of the end of a step, whatever became of it before. */
  tell(step: Pick<EndedStep, 'id' | 'ownerId'> & Partial<EndedStep>): Promise<void>
  /** Does what jobs find to be due. */
  work(): Promise<void>
  inStore<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>
}

/** Opens a governor with collaborations, in memory unless the options say otherwise. */
export async function openCollaborationGovernor(options: GovernorOptions = {}): Promise<CollaborationGovernor> {
  const asked = new Map<string, AskedStep>()
  const begun = new Set<string>()
  let opened: OpenCollaboration | undefined
  let host: PluginHost | undefined
  const plugin: GovernorPlugin<CollaborationParts> = {
    port: collaborationPort,
    permissions: collaborationPermissions,
    migrations: [COLLABORATION_MIGRATION],
    open(given) {
      host = given
      opened = openCollaboration(given, {
        async schedule(tx, request) {
          const id = given.context.ids.next('wst')
          // What the engine is told is JSON.
          const told = JSON.parse(JSON.stringify(request.args)) as TurnArgs
          tx.afterCommit(() => void asked.set(id, { ...request, id, told }))
          return id
        },
        async cancel(tx, step) {
          tx.afterCommit(() => void asked.delete(step))
        },
        hasBegun: async (_, step) => begun.has(step),
      })
      return opened
    },
  }
  const test = await createTestGovernor({ ...options, plugins: [plugin] })
  if (opened === undefined || host === undefined) throw new Error('The plugin was not opened.')
  const { onStepEnded, jobs } = opened
  const { context } = host
  const inStore = <Result>(work: (tx: Tx) => Promise<Result>, role: 'app' | 'system' = 'app'): Promise<Result> =>
    inWorkspace(context.database, { workspace: role === 'system' ? '*' : 'default', role }, work)
  const tell: CollaborationGovernor['tell'] = (step) =>
    inStore(async (tx) => {
      asked.delete(step.id)
      await onStepEnded(tx, { state: 'succeeded', output: null, failure: null, ...step })
    })
  const stepOf = (agent: string): AskedStep => {
    const [step, ...more] = [...asked.values()].filter((one) => one.agent === agent)
    if (step === undefined || more.length > 0) throw new Error(`${agent} has ${more.length + (step ? 1 : 0)} steps.`)
    return step
  }
  return {
    ...test,
    open: opened,
    as: (id, ...roles) => test.user(id, ...roles).plugin(collaborationPort),
    asAgent: (id) =>
      test.governor.as({ workspace: 'default', principal: { kind: 'agent', id, roles: [] } }).plugin(collaborationPort),
    steps: () => [...asked.values()],
    stepOf,
    beginStep: (agent) => void begun.add(stepOf(agent).id),
    succeed: (agent, output) => tell({ ...idsOf(stepOf(agent)), output }),
    fail: (agent, code = 'STEP_FAILED') =>
      tell({ ...idsOf(stepOf(agent)), state: 'failed', failure: { code, message: `${agent} could not.` } }),
    tell,
    async work() {
      for (const job of Object.values(jobs)) {
        const due = await inStore((tx) => job.find(tx, new Date(context.clock.now()).toISOString()), 'system')
        for (const one of due) await job.run(one)
      }
    },
    inStore,
  }
}

function idsOf({ id, owner }: AskedStep): Pick<EndedStep, 'id' | 'ownerId'> {
  return { id, ownerId: owner.id }
}

/** An agent that is called. */
export function called(id: string, role: 'lead' | 'member' = 'member'): CollaborationMemberRequest {
  return { kind: 'agent', id, action: 'note.write', role }
}

export function person(id: string): CollaborationMemberRequest {
  return { kind: 'user', id }
}

/** Makes a collaboration and begins it. */
export async function begin(
  parts: CollaborationParts,
  request: Parameters<CollaborationParts['collaborations']['create']>[0],
): Promise<Collaboration> {
  const { id } = await parts.collaborations.create(request)
  return parts.collaborations.execute(id, { input: { order: 7 } })
}

/** Kinds of the rows of the journal that are about some record, oldest first. */
export async function kindsAbout({ admin }: TestGovernor, subject: string): Promise<readonly string[]> {
  const kinds: string[] = []
  let cursor: string | undefined
  do {
    const page = await admin.journal.list({ limit: 100, ...(cursor === undefined ? {} : { cursor }) })
    for (const entry of page.items) if (entry.subjectId === subject) kinds.push(entry.kind)
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  return kinds.reverse()
}

/** A governor behind HTTP on this machine. */
export interface ServedGovernor {
  connect(secret: string): Promise<CollaborationParts>
  close(): Promise<void>
}

/** Serves a governor with the routes of collaborations. */
export async function serveCollaboration({ governor }: TestGovernor): Promise<ServedGovernor> {
  const routes = [collaborationRoutes(collaborationPort)]
  const app = new Hono().route('/api', governanceApi(governor, { routes }))
  // Of plain HTTP, which is the default, the adaptor makes a server of node:http.
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server does not listen.')
  const url = `http://127.0.0.1:${address.port}/api`
  const clients: Governor[] = []
  return {
    async connect(secret) {
      const remote = connectGovernor({ url, token: secret })
      clients.push(remote)
      return remote.as(await remote.authenticate(secret)).plugin(collaborationPort)
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

/** A key of a user, or of an agent. */
export async function keyOf(admin: ControlScope, kind: 'user' | 'agent', id: string, role?: Role): Promise<string> {
  if (kind === 'user') await admin.members.put(id, { displayName: id, roles: role === undefined ? [] : [role] })
  const roles = role === undefined ? {} : { roles: [role] }
  return (await admin.keys.create({ displayName: id, principalKind: kind, principalId: id, ...roles })).secret
}

/** The code with which something is refused. */
export function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing',
    (error: { readonly code?: string }) => String(error.code ?? error),
  )
}
