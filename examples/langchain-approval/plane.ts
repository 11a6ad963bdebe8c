// The control plane in a process of its own: the store, the rules and the REST API. It knows no agent's code.
import type { ControlScope } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { orderOf, RUNTIME_SCOPES, servePlane } from '../serve-plane.ts'
import type { PlaneOrder, PlaneReady } from './messages.ts'

const order = await orderOf<PlaneOrder>()
const governor = await createGovernor({ dataFolder: order.dataFolder, migrate: true, report: () => undefined })
await servePlane<PlaneReady>(governor, {
  prepare: async (system) => (order.isFirst ? prepare(system) : null),
  port: order.port,
})

async function prepare({ agents, members, keys }: ControlScope): Promise<PlaneReady['keys']> {
  await agents.register({ id: 'refund-bot', displayName: 'Refund bot', maturity: 'intern' })
  await members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
  const runtime = {
    principalKind: 'service',
    principalId: 'shop',
    agents: ['refund-bot'],
    scopes: RUNTIME_SCOPES,
  } as const
  const agent = await keys.create({ displayName: 'The process of the agent', ...runtime })
  const ana = { principalKind: 'user', principalId: 'ana', roles: ['supervisor'] } as const
  return { agent: agent.secret, person: (await keys.create({ displayName: 'Ana', ...ana })).secret }
}
