// The control plane in a process of its own: the store, the rules, the REST API, and the worker that runs the courses.
// It knows no agent's code: it asks the students over HTTP.
import { once } from 'node:events'
import type { ApiKeyRequest, ControlScope } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { governanceApi } from '@preceptor/hono-middleware'
import { createWorker } from '@preceptor/worker'
import { Hono } from 'hono'
import { serveApp } from '../demo/server.ts'
import type { PlaneOrder, PlaneReady } from './messages.ts'

// What a process needs that hosts agents: it can ask and run, and it can decide nothing.
const SCOPES = ['actions.register', 'triggers.decide', 'decisions.report', 'runs.finish', 'proposals.get']

const [order] = (await once(process, 'message')) as [PlaneOrder]
const governor = await createGovernor({
  dataFolder: order.dataFolder,
  migrate: true,
  report: () => undefined,
  runners: Object.fromEntries(order.students.map(({ id }) => [id, endpointOf(id)])),
  // A busy machine is no fault here.
  settings: { deadlineMs: 20_000 },
  outbound: { allow: [order.agents] },
})
const worker = await createWorker(governor)
// The director is gone: nobody needs this any more.
process.once('disconnect', () => void close().finally(() => process.exit()))
const keys = await prepare(
  governor.as({ workspace: 'default', principal: { kind: 'system', id: 'example', roles: [] } }),
)
const { port } = await serveApp(new Hono().route('/api', governanceApi(governor)), 0)
process.send?.({ port, keys } satisfies PlaneReady)

function endpointOf(id: string) {
  return { url: `${order.agents}/students/${id}/scenarios`, headers: { authorization: `Bearer ${order.secret}` } }
}

async function close(): Promise<void> {
  await worker.close()
  await governor.close()
}

async function prepare({ agents, members, keys }: ControlScope): Promise<PlaneReady['keys']> {
  // Nothing is known of them: each begins as a student, at 0.30.
  for (const { id, displayName } of order.students) await agents.register({ id, displayName, category: 'Finance' })
  await members.put('sue', { displayName: 'Sue', roles: ['supervisor'] })
  await members.put('ada', { displayName: 'Ada', roles: ['admin'] })
  const create = async (request: ApiKeyRequest): Promise<string> => (await keys.create(request)).secret
  return {
    agents: await create({
      displayName: 'The process of the students',
      principalKind: 'service',
      principalId: 'shop',
      agents: order.students.map(({ id }) => id),
      scopes: SCOPES,
    }),
    supervisor: await create({ displayName: 'Sue', principalKind: 'user', principalId: 'sue', roles: ['supervisor'] }),
    administrator: await create({ displayName: 'Ada', principalKind: 'user', principalId: 'ada', roles: ['admin'] }),
  }
}
