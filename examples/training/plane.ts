// The control plane in a process of its own: the store, the rules, the REST API, and the worker that runs the courses.
// It knows no agent's code: it asks the students over HTTP.
import type { ApiKeyRequest, ControlScope } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { createWorker } from '@preceptor/worker'
import { orderOf, RUNTIME_SCOPES, servePlane } from '../serve-plane.ts'
import type { PlaneOrder, PlaneReady } from './messages.ts'

const order = await orderOf<PlaneOrder>()
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
await servePlane<PlaneReady>(governor, { prepare, close })

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
      scopes: RUNTIME_SCOPES,
    }),
    supervisor: await create({ displayName: 'Sue', principalKind: 'user', principalId: 'sue', roles: ['supervisor'] }),
    administrator: await create({ displayName: 'Ada', principalKind: 'user', principalId: 'ada', roles: ['admin'] }),
  }
}
