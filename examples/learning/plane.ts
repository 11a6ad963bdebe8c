// The control plane in a process of its own: the store, the REST API, learning, and the worker that trains.
import type { ApiKeyRequest, ControlScope } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { createLearning } from '@preceptor/learning'
import { learningRoutes } from '@preceptor/learning/hono'
import { createWorker } from '@preceptor/worker'
import { modelAt } from '../model-at.ts'
import { orderOf, servePlane } from '../serve-plane.ts'
import type { PlaneOrder, PlaneReady, WorkspaceKeys } from './messages.ts'

const order = await orderOf<PlaneOrder>()
const governor = await createGovernor({
  dataFolder: order.dataFolder,
  migrate: true,
  workspaces: order.workspaces,
  // Trained is what somebody asks for, and nothing else.
  plugins: [createLearning({ improver: modelAt(order.model), automatic: false })],
  report: () => undefined,
  // A busy machine is no fault here.
  settings: { deadlineMs: 20_000 },
})
const worker = await createWorker(governor)
await servePlane<PlaneReady>(governor, { prepare, close, routes: [learningRoutes()] })

async function close(): Promise<void> {
  await worker.close()
  await governor.close()
}

async function prepare(): Promise<PlaneReady['keys']> {
  const principal = { kind: 'system', id: 'example', roles: [] } as const
  const made = order.workspaces.map(
    async (workspace) => [workspace, await prepareWorkspace(governor.as({ workspace, principal }))] as const,
  )
  return Object.fromEntries(await Promise.all(made))
}

async function prepareWorkspace({ agents, members, keys }: ControlScope): Promise<WorkspaceKeys> {
  await agents.register({ id: 'refund-bot', displayName: 'Refund bot', maturity: 'intern' })
  await members.put('sue', { displayName: 'Sue', roles: ['supervisor'] })
  await members.put('ada', { displayName: 'Ada', roles: ['admin'] })
  const create = async (request: ApiKeyRequest): Promise<string> => (await keys.create(request)).secret
  return {
    // It reads what it is to do, and can change nothing of it.
    agent: await create({
      displayName: 'The process of the agent',
      principalKind: 'service',
      principalId: 'shop',
      agents: ['refund-bot'],
      scopes: ['playbooks.effective'],
    }),
    supervisor: await create({ displayName: 'Sue', principalKind: 'user', principalId: 'sue', roles: ['supervisor'] }),
    administrator: await create({ displayName: 'Ada', principalKind: 'user', principalId: 'ada', roles: ['admin'] }),
  }
}
