// The control plane in a process of its own: the store, the rules, the REST API and the worker. It knows no agent's code.
import { once } from 'node:events'
import type { ControlScope } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { governanceApi } from '@preceptor/hono-middleware'
import { createWorker } from '@preceptor/worker'
import { Hono } from 'hono'
import { serveApp } from '../demo/server.ts'
import type { PlaneOrder, PlaneReady } from './messages.ts'

// What a process needs that hosts an agent: it can ask and run, and it can decide nothing.
const SCOPES = ['actions.register', 'triggers.decide', 'decisions.report', 'runs.finish', 'proposals.get']

const [order] = (await once(process, 'message')) as [PlaneOrder]
const governor = await createGovernor({
  dataFolder: order.dataFolder,
  migrate: true,
  report: () => undefined,
  // A busy machine is no fault here, and a person may take a while.
  settings: { deadlineMs: 20_000, attachWithinMs: 120_000 },
})
const worker = await createWorker(governor)
// The director is gone: nobody needs this any more.
process.once('disconnect', () => void close().finally(() => process.exit()))
const keys = await prepare(
  governor.as({ workspace: 'default', principal: { kind: 'system', id: 'example', roles: [] } }),
)
const { port } = await serveApp(new Hono().route('/api', governanceApi(governor)), 0)
process.send?.({ port, keys } satisfies PlaneReady)

async function close(): Promise<void> {
  await worker.close()
  await governor.close()
}

async function prepare({ agents, members, keys }: ControlScope): Promise<PlaneReady['keys']> {
  await agents.register({ id: 'refund-bot', displayName: 'Refund bot', maturity: 'supervised' })
  await members.put('sam', { displayName: 'Sam', roles: ['supervisor'] })
  const runtime = { principalKind: 'service', principalId: 'shop', agents: ['refund-bot'], scopes: SCOPES } as const
  const agent = await keys.create({ displayName: 'The process of the agent', ...runtime })
  const sam = { principalKind: 'user', principalId: 'sam', roles: ['supervisor'] } as const
  return { agent: agent.secret, supervisor: (await keys.create({ displayName: 'Sam', ...sam })).secret }
}
