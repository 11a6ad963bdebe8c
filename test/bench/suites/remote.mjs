import { setTimeout as delay } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { connectGovernor } from '@preceptor/client'
import { governanceApi } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { compare } from '../measure.mjs'
import { assertRoute, openGate } from '../open-gate.mjs'
import { reported } from '../table.mjs'

const TRIGGER = { agent: 'bench-bot', action: 'order.read', args: { id: 'o-1' } }
const NOTE = { ...TRIGGER, action: 'note.write' }
const SCOPES = ['triggers.decide', 'triggers.check', 'decisions.report', 'actions.register']
const noop = () => undefined

/** What a decision costs over HTTP on one machine, against the embedded one and against a bare request. */
export async function remote() {
  const { governor, admin, scope } = await openGate()
  const service = { displayName: 'bench', principalKind: 'service', principalId: 'bench', scopes: SCOPES }
  const { secret } = await admin.keys.create(service)
  const app = new Hono().route('/api', governanceApi(governor)).post('/bare', async (c) => c.json(await c.req.json()))
  const server = await listen(app)
  const connected = connectGovernor({ url: `${server.url}/api`, token: secret })
  try {
    const far = connected.as({ workspace: 'default', principal: scope.principal })
    await far.registerActions({ 'order.read': { risk: 'safe' }, 'note.write': { risk: 'medium' } })
    const [read, note] = await nameActions(far)
    for (const trigger of [read, note]) assertRoute(await far.decide(trigger), 'execution')
    return rows(await compare(contestants({ url: server.url, scope, far, read, note })))
  } finally {
    await connected.close()
    await server.close()
    await governor.close()
  }
}

/** The definitions of this client, which stand beside those of the gate. */
async function nameActions(far) {
  const registered = await far.registerActions({ 'order.read': { risk: 'safe' }, 'note.write': { risk: 'medium' } })
  const digests = new Map(registered.map(({ name, digest }) => [name, digest]))
  return [TRIGGER, NOTE].map((trigger) => ({ ...trigger, digest: digests.get(trigger.action) }))
}

function contestants({ url, scope, far, read, note }) {
  const body = JSON.stringify(TRIGGER)
  const headers = { 'content-type': 'application/json' }
  const bare = async () => (await fetch(`${url}/bare`, { method: 'POST', headers, body })).json()
  // What was decided is written in the meantime: a journal that lags behind slows down whoever comes next.
  const asynchronous = (run, batch) => ({ run, batch, isAsync: true, rest: () => delay(5) })
  return {
    bare: asynchronous(bare, 5),
    nearDecide: asynchronous(() => scope.decide(read), 10),
    farDecide: asynchronous(() => far.decide(read), 5),
    nearMedium: asynchronous(() => scope.decide(note), 5),
    farMedium: asynchronous(() => far.decide(note), 2),
    nearGuard: asynchronous(() => scope.guard(note, noop), 2),
    farGuard: asynchronous(() => far.guard(note, noop), 2),
  }
}

function rows({ bare, nearDecide, farDecide, nearMedium, farMedium, nearGuard, farGuard }) {
  const unit = 'ns'
  return [
    reported({ name: 'remote decide (safe) / a bare request', ours: farDecide, other: bare, unit }),
    reported({ name: 'remote decide (safe) / embedded', ours: farDecide, other: nearDecide, unit }),
    reported({ name: 'remote decide (medium) / embedded', ours: farMedium, other: nearMedium, unit }),
    reported({ name: 'remote guard (medium) / embedded', ours: farGuard, other: nearGuard, unit }),
  ]
}

async function listen(app) {
  const { server, port } = await new Promise((resolve) => {
    const started = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, (info) =>
      resolve({ server: started, port: info.port }),
    )
  })
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}
