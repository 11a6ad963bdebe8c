// The control plane in a process of its own: the store, the rules and the REST API. It knows no agent's code.
import { once } from 'node:events'
import type { ControlScope } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { governanceApi } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { serveApp } from '../demo/server.ts'
import type { PlaneOrder, PlaneReady } from './messages.ts'

// What a process needs that hosts an agent: it can ask and run, and it can decide nothing.
const SCOPES = ['actions.register', 'triggers.decide', 'decisions.report', 'runs.finish', 'proposals.get']

const [order] = (await once(process, 'message')) as [PlaneOrder]
const governor = await createGovernor({ dataFolder: order.dataFolder, migrate: true, report: () => undefined })
// The director is gone: nobody needs this any more.
process.once('disconnect', () => void governor.close().finally(() => process.exit()))
const system = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'example', roles: [] } })
const keys = order.isFirst ? await prepare(system) : null
const { port } = await serveApp(new Hono().route('/api', governanceApi(governor)), order.port)
process.send?.({ port, keys } satisfies PlaneReady)

async function prepare({ agents, members, keys }: ControlScope): Promise<PlaneReady['keys']> {
  await agents.register({ id: 'refund-bot', displayName: 'Refund bot', maturity: 'intern' })
  await members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
  const runtime = { principalKind: 'service', principalId: 'shop', agents: ['refund-bot'], scopes: SCOPES } as const
  const agent = await keys.create({ displayName: 'The process of the agent', ...runtime })
  const ana = { principalKind: 'user', principalId: 'ana', roles: ['supervisor'] } as const
  return { agent: agent.secret, person: (await keys.create({ displayName: 'Ana', ...ana })).secret }
}
