import type { ServerType } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { addressOf, close, listen } from './server.ts'
import { OWN_AGENT, useApi } from './support.ts'

const api = useApi()
const open: AbortController[] = []
let server: ServerType
let address = ''

beforeAll(async () => {
  server = await listen({ fetch: (request) => api.app.fetch(request) })
  address = addressOf(server)
})
afterAll(async () => {
  for (const controller of open) controller.abort()
  await close(server)
})

interface Opened {
  readonly response: Response
  readonly controller: AbortController
  /** What came so far. */
  readonly text: () => string
  readonly ended: Promise<string>
  events(): readonly { readonly id: number; readonly kind: string; readonly data: Record<string, unknown> }[]
}

async function stream(key: string, path = '', headers: Readonly<Record<string, string>> = {}): Promise<Opened> {
  const controller = new AbortController()
  open.push(controller)
  const response = await fetch(`${address}/api/events${path}`, {
    headers: { authorization: `Bearer ${key}`, ...headers },
    signal: controller.signal,
  })
  let text = ''
  const read = async (): Promise<string> => {
    for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()))
      text += chunk
    return 'ended'
  }
  const ended = read().catch(() => 'aborted')
  return {
    response,
    controller,
    text: () => text,
    ended,
    events: () =>
      [...text.matchAll(/id: (\d+)\nevent: (\S+)\ndata: (.+)\n\n/g)].map(([, id, kind = '', data = '']) => ({
        id: Number(id),
        kind,
        data: JSON.parse(data),
      })),
  }
}

const headNow = async (): Promise<number> => {
  await vi.waitFor(async () => expect((await api.admin.journal.verify()).unsealed).toBe(0), { timeout: 5_000 })
  return (await api.admin.journal.verify()).head.sequence
}

const change = (id: string, displayName: string) => api.admin.agents.change(id, { displayName })

describe('GET /events', () => {
  it('streams what happens from now on, each under its sequence and kind, as the journal lists it', async () => {
    const head = await headNow()
    const { response, text, events, controller } = await stream(api.keys.admin)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(response.headers.get('cache-control')).toContain('no-store')
    await vi.waitFor(() => expect(text()).toBe(`id: ${head}\n\n`))
    await change(OWN_AGENT, 'One')
    await vi.waitFor(() => expect(events()).toHaveLength(1), { timeout: 4_000 })
    const [event] = events()
    expect(event).toMatchObject({ id: head + 1, kind: 'agent.changed', data: { sequence: head + 1 } })
    const listed = await api.request('GET', `/journal?after=${head}`)
    expect(event?.data).toEqual(listed.body.items[0])
    controller.abort()
  })

  it(
    verifies('I-21', 'resumes after Last-Event-ID, which is newer than ?after, without a gap or a repetition'),
    async () => {
      const head = await headNow()
      for (const name of ['1', '2', '3', '4', '5']) await change(OWN_AGENT, name)
      expect(await headNow()).toBe(head + 5)
      const resumed = await stream(api.keys.admin, '?after=0', { 'last-event-id': String(head + 2) })
      await vi.waitFor(() => expect(resumed.events()).toHaveLength(3))
      const whole = await stream(api.keys.admin, '?after=0')
      await vi.waitFor(() => expect(whole.events()).toHaveLength(head + 5))
      expect(whole.events().map(({ id }) => id)).toEqual(Array.from({ length: head + 5 }, (_, index) => index + 1))
      expect(resumed.events()).toEqual(whole.events().slice(head + 2))
      for (const { controller } of [resumed, whole]) controller.abort()
    },
  )

  it(verifies('I-36', 'shows an agent its own rows only, and a viewer no args'), async () => {
    const head = await headNow()
    await api.agent('other', 'student')
    const { key } = await api.admin.keys.create({
      displayName: 'x',
      principalKind: 'agent',
      principalId: 'other',
    })
    await api.request('PUT', '/actions', { body: { actions: { 'order.read': { risk: 'safe' } } } })
    for (const agent of [OWN_AGENT, 'other']) {
      await api.request('POST', '/triggers', { body: { agent, action: 'order.read', args: { note: 'plum' } } })
    }
    const end = await headNow()
    const streams = await Promise.all(
      [api.keys.agent, api.keys.viewer, api.keys.supervisor].map((secret) => stream(secret, `?after=${head}`)),
    )
    const [own, viewer, supervisor] = streams
    await vi.waitFor(() => expect([viewer, supervisor].map((each) => each?.events().at(-1)?.id)).toEqual([end, end]))
    await vi.waitFor(() => expect(own?.events().length).toBeGreaterThan(0))
    expect(new Set(own?.events().map(({ data }) => data.agent))).toEqual(new Set([OWN_AGENT]))
    expect(viewer?.text()).toContain('note')
    expect(viewer?.text()).not.toContain('plum')
    expect(supervisor?.text()).toContain('plum')
    for (const { controller } of streams) controller.abort()
    await api.admin.keys.revoke(key.id)
  })

  it(verifies('I-34', 'says nothing of another workspace'), async () => {
    const head = await headNow()
    const foreign = await stream(api.foreignKey, '?after=0')
    const own = await stream(api.keys.admin)
    await change(OWN_AGENT, 'Not theirs')
    await vi.waitFor(() => expect(own.events().at(-1)?.id).toBe(head + 1))
    expect(foreign.text()).not.toContain(OWN_AGENT)
    expect((await stream(api.foreignKey, '', { 'preceptor-workspace': 'default' })).response.status).toBe(403)
    for (const { controller } of [foreign, own]) controller.abort()
  })

  it(verifies(
    ['I-35', 'I-35-STREAM'],
    'ends within 5 s after the credential was revoked or lost a role, also in silence',
  ), async () => {
    await api.admin.members.put('eve', { displayName: 'Eve', roles: ['supervisor'] })
    const make = () =>
      api.admin.keys.create({ displayName: 'x', principalKind: 'user', principalId: 'eve', roles: ['supervisor'] })
    const [one, other] = [await make(), await make()]
    const [revoked, stays] = [await stream(one.secret), await stream(other.secret)]
    await vi.waitFor(() => expect(revoked.text()).not.toBe(''))
    const since = performance.now()
    await api.admin.keys.revoke(one.key.id)
    expect(await revoked.ended).toBe('ended')
    expect(performance.now() - since).toBeLessThan(5_000)
    expect((await stream(one.secret)).response.status).toBe(401)
    await change(OWN_AGENT, 'After the revocation')
    await vi.waitFor(() => expect(stays.text()).toContain('After the revocation'))
    await api.admin.members.put('eve', { displayName: 'Eve', roles: ['viewer'] })
    expect(await stays.ended).toBe('ended')
  }, 20_000)

  it.each([
    ['?after=-1', {}],
    ['?after=999999999', {}],
    ['?since=1', {}],
    ['', { 'last-event-id': 'x' }],
    ['', { 'last-event-id': '99999999' }],
  ])('refuses a place that is none: %s %j', async (path, headers) => {
    const { response, text, ended } = await stream(api.keys.admin, path, headers)
    await ended
    expect([response.status, JSON.parse(text()).code]).toEqual([400, 'INPUT_INVALID'])
  })

  it(verifies('I-37', 'opens so many streams for a principal and no more, until one of them ends'), async () => {
    const streams = await Promise.all(Array.from({ length: 16 }, () => stream(api.keys.supervisor)))
    expect(streams.map(({ response }) => response.status)).toEqual(Array.from({ length: 16 }, () => 200))
    const refused = await stream(api.keys.supervisor)
    await refused.ended
    expect([refused.response.status, JSON.parse(refused.text()).code]).toEqual([429, 'RATE_LIMITED'])
    expect((await stream(api.keys.viewer)).response.status).toBe(200)
    streams[0]?.controller.abort()
    await vi.waitFor(async () => expect((await stream(api.keys.supervisor)).response.status).toBe(200))
    for (const { controller } of streams) controller.abort()
  })

  it('answers HEAD without opening a stream', async () => {
    for (let count = 0; count < 40; count += 1) {
      const response = await fetch(`${address}/api/events`, {
        method: 'HEAD',
        headers: { authorization: `Bearer ${api.keys.system}` },
      })
      expect(response.status).toBe(200)
    }
  })
})
