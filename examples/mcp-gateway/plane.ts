// The control plane in a process of its own: the store, the rules and the REST API. It knows neither agent nor tools.
import { once } from 'node:events'
import type { ControlScope } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { governanceApi } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { serveApp } from '../demo/server.ts'
import type { PlaneOrder, PlaneReady } from './messages.ts'

// What a gateway needs: it can ask and run, and it can decide nothing.
const SCOPES = ['actions.register', 'triggers.decide', 'decisions.report', 'runs.finish', 'proposals.get']

const [order] = (await once(process, 'message')) as [PlaneOrder]
const governor = await createGovernor({
  dataFolder: order.dataFolder,
  migrate: true,
  report: () => undefined,
  // A busy machine is no fault here.
  settings: { deadlineMs: 20_000 },
})
// The director is gone: nobody needs this any more.
process.once('disconnect', () => void governor.close().finally(() => process.exit()))
const keys = await prepare(
  governor.as({ workspace: 'default', principal: { kind: 'system', id: 'example', roles: [] } }),
)
const { port } = await serveApp(new Hono().route('/api', governanceApi(governor)), 0)
process.send?.({ port, keys } satisfies PlaneReady)

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
      scopes: SCOPES,
    }),
    supervisor: await secretOf('Ana', { principalKind: 'user', principalId: 'ana', roles: ['supervisor'] }),
    administrator: await secretOf('Ada', { principalKind: 'user', principalId: 'ada', roles: ['admin'] }),
  }
}
