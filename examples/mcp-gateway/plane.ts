// The control plane in a process of its own: the store, the rules and the REST API. It knows neither agent nor tools.
import type { ControlScope } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { orderOf, RUNTIME_SCOPES, servePlane } from '../serve-plane.ts'
import type { PlaneOrder, PlaneReady } from './messages.ts'

const order = await orderOf<PlaneOrder>()
const governor = await createGovernor({
  dataFolder: order.dataFolder,
  migrate: true,
  report: () => undefined,
  // A busy machine is no fault here.
  settings: { deadlineMs: 20_000 },
})
await servePlane<PlaneReady>(governor, { prepare })

async function prepare({ agents, members, keys }: ControlScope): Promise<PlaneReady['keys']> {
  await agents.register({ id: 'file-bot', displayName: 'File bot', maturity: 'intern' })
  await members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
  await members.put('ada', { displayName: 'Ada', roles: ['admin'] })
  const secretOf = async (displayName: string, of: Omit<Parameters<typeof keys.create>[0], 'displayName'>) =>
    (await keys.create({ displayName, ...of })).secret
  return {
    gateway: await secretOf('The gateway', {
      principalKind: 'service',
      principalId: 'gateway',
      agents: ['file-bot'],
      scopes: RUNTIME_SCOPES,
    }),
    supervisor: await secretOf('Ana', { principalKind: 'user', principalId: 'ana', roles: ['supervisor'] }),
    administrator: await secretOf('Ada', { principalKind: 'user', principalId: 'ada', roles: ['admin'] }),
  }
}
