import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { EventSubscription } from '../resources/events.ts'
import { type EventStreamOptions, openEventStream } from './event-stream.ts'

type Answer = (response: ServerResponse, request: IncomingMessage, times: number) => void

const TOKEN = 'pcp_secret-of-this-test'
const TIMING = { connectMs: 1_000, silenceMs: 1_000, firstWaitMs: 5, lastWaitMs: 20 }
const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function serve(answer: Answer): Promise<{ readonly url: string; readonly times: () => number }> {
  let times = 0
  const server = createServer((request, response) => {
    times += 1
    answer(response, request, times)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('It does not listen.')
  return { url: `http://127.0.0.1:${address.port}/api`, times: () => times }
}

const begin = (response: ServerResponse, position: number): ServerResponse => {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`id: ${position}\n\n`)
  return response
}
const frame = (sequence: number, kind = 'agent.changed'): string =>
  `id: ${sequence}\nevent: ${kind}\ndata: ${JSON.stringify({ id: `jrn_${sequence}`, sequence, kind })}\n\n`
const problem = (response: ServerResponse, status: number, code: string): void => {
  const body = JSON.stringify({ code, status, detail: 'Why not.', hint: 'Do this.' })
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(body)
}
const openStream = (url: string, options: Partial<EventStreamOptions> = {}): Promise<EventSubscription> =>
  openEventStream({ url, token: TOKEN, timing: TIMING, ...options })

async function take(subscription: EventSubscription, count: number): Promise<readonly (number | null)[]> {
  const taken: (number | null)[] = []
  for await (const { sequence } of subscription) {
    taken.push(sequence)
    if (taken.length === count) break
  }
  return taken
}

describe('a stream of events', () => {
  it('sends the credential, the workspace and the place, and gives the entries', async () => {
    const seen: IncomingMessage['headers'][] = []
    const { url } = await serve((response, { headers, url: path }) => {
      seen.push({ ...headers, path })
      begin(response, 4).write(frame(5))
    })
    const subscription = await openStream(url, { after: 4, workspace: 'default' })
    expect(subscription.position).toBe(4)
    expect(await take(subscription, 1)).toEqual([5])
    expect(subscription.position).toBe(5)
    expect(seen).toEqual([
      expect.objectContaining({
        path: '/api/events',
        authorization: `Bearer ${TOKEN}`,
        'preceptor-workspace': 'default',
        'last-event-id': '4',
      }),
    ])
  })

  it('connects again from where it was, and gives nothing twice, however it was cut off [I-21]', async () => {
    const places: unknown[] = []
    const { url } = await serve((response, { headers }, times) => {
      places.push(headers['last-event-id'])
      switch (times) {
        case 1:
          return void begin(response, 0).write(frame(1) + frame(2).slice(0, 20), () => response.destroy())
        case 2:
          return void response.destroy()
        case 3:
          return problem(response, 503, 'STORE_UNAVAILABLE')
        case 4:
          return void response.writeHead(502, { 'content-type': 'text/html' }).end('<p>')
        case 5:
          return void begin(response, 1).end()
        default:
          return void begin(response, 1).write(frame(1) + frame(2) + frame(2) + frame(4))
      }
    })
    expect(await take(await openStream(url), 3)).toEqual([1, 2, 4])
    expect(places).toEqual([undefined, '1', '1', '1', '1', '1'])
  })

  it('knows its place before the first event', async () => {
    const places: unknown[] = []
    const { url } = await serve((response, { headers }, times) => {
      places.push(headers['last-event-id'])
      if (times === 1) begin(response, 41).end()
      else begin(response, 41).write(frame(42))
    })
    expect(await take(await openStream(url), 1)).toEqual([42])
    expect(places).toEqual([undefined, '41'])
  })

  it('takes a connection that is silent for dead, and a comment for life', async () => {
    const { url, times } = await serve((response, _, attempt) => {
      begin(response, 0)
      if (attempt === 1) return
      for (let beat = 1; beat <= 17; beat += 1) setTimeout(() => response.write(': keep-alive\n\n'), beat * 50)
      setTimeout(() => response.write(frame(1)), 900)
    })
    // Longer than a busy machine holds up a beat, and shorter than all of them together.
    const subscription = await openStream(url, { timing: { ...TIMING, silenceMs: 600 } })
    expect(await take(subscription, 1)).toEqual([1])
    expect(times()).toBe(2)
  })

  it('ends quietly with its signal, also between two connections', async () => {
    const { url } = await serve((response, _, times) =>
      times === 1 ? void begin(response, 0).write(frame(1), () => response.end()) : void response.destroy(),
    )
    const controller = new AbortController()
    const seen: (number | null)[] = []
    for await (const { sequence } of await openStream(url, { signal: controller.signal })) {
      seen.push(sequence)
      setTimeout(() => controller.abort(), 50)
    }
    expect(seen).toEqual([1])
    await expect(openStream(url, { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('ends its connection when the reader stops', async () => {
    const closed = vi.fn()
    const { url } = await serve((response) => {
      response.on('close', closed)
      begin(response, 0).write(frame(1))
    })
    await take(await openStream(url), 1)
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
  })

  it.each([
    [401, 'CREDENTIAL_INVALID'],
    [403, 'PERMISSION_DENIED'],
    [400, 'INPUT_INVALID'],
  ])('fails with what a server says by %i, at first and later', async (status, code) => {
    const refusing = await serve((response) => problem(response, status, code))
    await expect(openStream(refusing.url)).rejects.toMatchObject({ code, message: 'Why not.' })
    const later = await serve((response, _, times) =>
      times === 1 ? void begin(response, 0).end() : problem(response, status, code),
    )
    await expect(take(await openStream(later.url), 1)).rejects.toMatchObject({ code, message: 'Why not.' })
    expect([refusing.times(), later.times()]).toEqual([1, 2])
  })

  it.each<[string, Answer, string]>([
    ['nothing', () => undefined, 'GOVERNOR_UNREACHABLE'],
    ['a cut connection', (response) => response.destroy(), 'GOVERNOR_UNREACHABLE'],
    ['a page', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end(), 'GOVERNOR_ANSWER_INVALID'],
    [
      'JSON',
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
      'GOVERNOR_ANSWER_INVALID',
    ],
    [
      'a redirect',
      (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'GOVERNOR_ANSWER_INVALID',
    ],
    [
      'a stream without a position',
      (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(frame(1)),
      'GOVERNOR_ANSWER_INVALID',
    ],
    [
      'an empty stream',
      (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(),
      'GOVERNOR_ANSWER_INVALID',
    ],
  ])('is not opened by %s', async (_, answer, code) => {
    const { url } = await serve(answer)
    const error = await openStream(url, { timing: { ...TIMING, connectMs: 200 } }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code })
    expect(inspect(error, { depth: 10 })).not.toContain(TOKEN)
  })

  it.each([
    ['an id that is none', 'id: x\nevent: a\ndata: {}\n\n'],
    ['another sequence', frame(2).replace('id: 2', 'id: 3')],
    ['another kind', frame(2).replace('event: agent', 'event: agents')],
    ['no JSON', 'id: 2\nevent: a\ndata: {\n\n'],
    ['an array', 'id: 2\nevent: a\ndata: []\n\n'],
  ])('fails on an event with %s', async (_, text) => {
    const { url } = await serve((response) => begin(response, 1).write(text))
    await expect(take(await openStream(url), 1)).rejects.toMatchObject({ code: 'GOVERNOR_ANSWER_INVALID' })
  })
})
