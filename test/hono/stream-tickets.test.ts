import type { ServerType } from '@hono/node-server'
import { createTestClock } from '@preceptor/core/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { addressOf, close, listen } from './server.ts'
import { useApi } from './support.ts'

const api = useApi()
const open: AbortController[] = []
let server: ServerType
let address = ''

beforeAll(async () => {
  server = await listen({ fetch: (request) => api.app.fetch(request) })
  address = addressOf(server)
})
afterEach(() => {
  for (const controller of open.splice(0)) controller.abort()
})
afterAll(() => close(server))

async function ticketFor(path: string, as: 'admin' | 'viewer' | { readonly key: string } = 'admin'): Promise<string> {
  const { status, body } = await api.request('POST', '/stream-tickets', { as, body: { path } })
  expect(status).toBe(201)
  return body.ticket
}

async function openBy(ticket: string, { path = '/events', headers = {} as Record<string, string> } = {}) {
  const controller = new AbortController()
  open.push(controller)
  const signal = controller.signal
  return fetch(`${address}/api${path}?ticket=${encodeURIComponent(ticket)}`, { headers, signal })
}

describe('a stream ticket', () => {
  it('opens the stream that it was made for, once [SSE-3, I-37]', async () => {
    const ticket = await ticketFor('/events')
    expect((await openBy(ticket, { path: '/supervision/sessions/ses_1/stream' })).status).toBe(401)
    expect((await openBy(ticket)).status).toBe(200)
    expect((await openBy(ticket)).status).toBe(401)
  })

  it('is won by one of many who redeem it together [SSE-3]', async () => {
    const ticket = await ticketFor('/events')
    const answers = await Promise.all(Array.from({ length: 8 }, () => openBy(ticket)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('shows what its maker may see, and is no credential for anything else [SSE-3, I-36]', async () => {
    const path = '/supervision/sessions/ses_none/stream'
    expect((await openBy(await ticketFor(path, 'viewer'), { path })).status).toBe(403)
    expect((await openBy(await ticketFor(path), { path })).status).toBe(404)
    const ticket = await ticketFor('/agents')
    expect((await fetch(`${address}/api/agents?ticket=${ticket}`)).status).toBe(401)
    expect((await api.request('GET', '/agents', { as: { key: ticket } })).status).toBe(401)
  })

  it('opens nothing beside a header, for a page of another origin, or when it is none [SSE-3, I-37]', async () => {
    const both = { authorization: `Bearer ${api.keys.admin}` }
    expect((await openBy(await ticketFor('/events'), { headers: both })).status).toBe(401)
    const foreign = await openBy(await ticketFor('/events'), { headers: { origin: 'https://evil.example' } })
    expect(foreign.status).toBe(403)
    expect((await openBy(await ticketFor('/events'), { headers: { origin: address } })).status).toBe(200)
    for (const ticket of ['', 'pst_default.', `pst_default.${'a'.repeat(43)}`, `pst_other.${'a'.repeat(43)}`]) {
      expect((await openBy(ticket)).status).toBe(401)
    }
  })

  it.each(['', 'events', '/events?after=1', '/a b', `/${'a'.repeat(302)}`])('is not made for %j', async (path) => {
    expect((await api.request('POST', '/stream-tickets', { body: { path } })).status).toBe(400)
  })

  it(verifies('I-35', 'stands as long as the key of its maker does: what it opened ends within 5 s'), async () => {
    const made = { displayName: 'x', principalKind: 'user', principalId: 'ada', roles: ['admin'] } as const
    const { key, secret } = await api.admin.keys.create(made)
    const [first, later] = [await ticketFor('/events', { key: secret }), await ticketFor('/events', { key: secret })]
    const text = (await openBy(first)).text()
    const since = performance.now()
    await api.admin.keys.revoke(key.id)
    await text
    expect(performance.now() - since).toBeLessThan(5_000)
    expect((await openBy(later)).status).toBe(401)
  }, 15_000)
})

describe('a stream ticket in time', () => {
  const clock = createTestClock()
  const timed = useApi({ clock })

  it('expires after 30 s [SSE-3]', async () => {
    const path = '/events'
    const make = async () => (await timed.request('POST', '/stream-tickets', { body: { path } })).body.ticket
    const [fresh, stale] = [await make(), await make()]
    clock.advance(29_000)
    expect(await timed.governor.redeem(fresh, path)).toMatchObject({ identity: { principal: { id: 'ada' } } })
    clock.advance(1_000)
    await expect(timed.governor.redeem(stale, path)).rejects.toMatchObject({ code: 'CREDENTIAL_INVALID' })
  })
})
