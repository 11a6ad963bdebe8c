// The control plane in a process of its own: the store, the rules, the REST API and the worker. It knows no agent's code.
import type { ControlScope } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { createWorker } from '@preceptor/worker'
import { orderOf, RUNTIME_SCOPES, servePlane } from '../serve-plane.ts'
import type { PlaneOrder, PlaneReady } from './messages.ts'

const order = await orderOf<PlaneOrder>()
const governor = await createGovernor({
  dataFolder: order.dataFolder,
  migrate: true,
  report: () => undefined,
  // A busy machine is no fault here, and a person may take a while.
  settings: { deadlineMs: 20_000, attachWithinMs: 120_000 },
})
const worker = await createWorker(governor)
await servePlane<PlaneReady>(governor, { prepare, close })

async function close(): Promise<void> {
  await worker.close()
  await governor.close()
}

async function prepare({ agents, members, keys }: ControlScope): Promise<PlaneReady['keys']> {
  await agents.register({ id: 'refund-bot', displayName: 'Refund bot', maturity: 'supervised' })
  await members.put('sam', { displayName: 'Sam', roles: ['supervisor'] })
  const runtime = {
    principalKind: 'service',
    principalId: 'shop',
    agents: ['refund-bot'],
    scopes: RUNTIME_SCOPES,
  } as const
  const agent = await keys.create({ displayName: 'The process of the agent', ...runtime })
  const sam = { principalKind: 'user', principalId: 'sam', roles: ['supervisor'] } as const
  return { agent: agent.secret, supervisor: (await keys.create({ displayName: 'Sam', ...sam })).secret }
}
