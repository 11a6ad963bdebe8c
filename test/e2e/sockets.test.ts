import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type ControlScope, connectGovernor, connectSocket } from '@preceptor/client'
import { describeWithChromium, describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { useBrowser } from '../dashboard/browser.ts'
import { verifies } from '../verifies.ts'
import { endProgram, makePlace, type Program, startProgram } from './demo-process.ts'

const BIN = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))
const TIMEOUT_MS = 120_000

interface Server {
  readonly program: Program
  readonly address: string
}

describeWithPostgres('streams of two servers on one database', () => {
  const database = useTestDatabase()
  const place = makePlace()
  let one: Server
  let other: Server
  let key = ''
  let admin: ControlScope

  const start = (args: readonly string[]): Program =>
    startProgram(place, { file: BIN, args, env: { DATABASE_URL: database.url } })
  const listening = async (program: Program): Promise<Server> => {
    const [, address = ''] = await program.waitFor(/^API\s+(http:\S+)\/api$/m)
    return { program, address }
  }

  beforeAll(async () => {
    expect(await start(['db', 'apply']).ended).toBe(0)
    const first = start(['serve', '--port', '0', '--new-key'])
    ;[key] = (await first.waitFor(/pcp_[\w-]+/)) as unknown as [string]
    one = await listening(first)
    other = await listening(start(['serve', '--port', '0']))
    const governor = connectGovernor({ url: `${one.address}/api`, token: key })
    const { workspace, principal } = await governor.authenticate(key)
    admin = governor.as({ workspace, principal })
    await admin.agents.register({ id: 'bot', maturity: 'intern', ownerId: 'system' })
  }, TIMEOUT_MS)
  afterAll(() => place.remove())

  const change = (name: string) => admin.agents.change('bot', { displayName: name })
  const connect = ({ address }: Server) =>
    connectSocket({
      url: `${address}/api`,
      token: key,
      WebSocket,
      timing: { firstWaitMs: 50, lastWaitMs: 200, connectMs: 2_000 },
    })

  it(verifies(['WS-1', 'WS-5'], 'tell at each what happened at the other, over SSE and sockets'), async () => {
    const raw = new WebSocket(`${other.address.replace('http', 'ws')}/ws`, {
      headers: { authorization: `Bearer ${key}` },
    })
    const frames: { readonly type: string; readonly data: { readonly body?: object } }[] = []
    raw.on('message', (text) => frames.push(JSON.parse(String(text))))
    await once(raw, 'open')
    raw.send(JSON.stringify({ type: 'subscribe', topic: 'agent:bot' }))
    await expect.poll(() => frames.map(({ type }) => type)).toEqual(['subscribed'])
    const controller = new AbortController()
    const response = await fetch(`${other.address}/api/events?topic=agent:bot`, {
      headers: { authorization: `Bearer ${key}` },
      signal: controller.signal,
    })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    await change('told')
    let text = ''
    while (!text.includes('event: agent.changed')) text += (await reader?.read())?.value ?? ''
    await expect.poll(() => frames.map(({ type }) => type)).toEqual(['subscribed', 'agent.changed'])
    controller.abort()
    raw.terminate()
  })

  it(
    verifies('WS-7', 'are followed by the client through the death of one, without a gap'),
    async () => {
      const socket = connect(other)
      const events = await socket.subscribe('agent:bot')
      const seen: number[] = []
      const reading = (async () => {
        for await (const { sequence } of events) {
          seen.push(sequence ?? 0)
          if (seen.length === 9) return
        }
      })()
      const from = events.position
      for (const name of ['a', 'b', 'c']) await change(name)
      expect(await endProgram(other.program, 'SIGKILL')).toBe('SIGKILL')
      for (const name of ['d', 'e', 'f']) await change(name)
      other = await listening(start(['serve', '--port', new URL(other.address).port]))
      for (const name of ['g', 'h', 'i']) await change(name)
      await reading
      socket.close()
      const { items } = await admin.journal.list({ after: from, agent: 'bot', limit: 100 })
      expect(seen).toEqual(items.map(({ sequence }) => sequence))
    },
    TIMEOUT_MS,
  )

  describeWithChromium('from a page', () => {
    const browser = useBrowser()

    it(
      verifies('I-37', 'are opened by a ticket, once, and by no page of another origin'),
      async () => {
        const page = await browser.open(`${one.address}/dashboard`)
        const opened = page.evaluate(openAndFollow, { key, address: one.address.replace('http', 'ws') })
        await expect.poll(() => page.evaluate(() => Reflect.get(globalThis, 'follows'))).toBe(true)
        await change('seen from a page')
        expect(await opened).toEqual({ kind: 'agent.changed', again: 'refused' })
        const foreign = createServer((_, response) => response.end('<!doctype html><title>elsewhere</title>'))
        await once(foreign.listen(0, '127.0.0.1'), 'listening')
        const { port } = foreign.address() as AddressInfo
        const elsewhere = await browser.open(`http://127.0.0.1:${port}/`)
        const { ticket } = await admin.streamTickets.create({ path: '/ws' })
        const path = `${one.address.replace('http', 'ws')}/ws?ticket=${ticket}`
        expect(await elsewhere.evaluate(outcomeOf, path)).toBe('refused')
        // It was refused for its origin: the ticket is still good where it may be used.
        expect(await page.evaluate(outcomeOf, path)).toBe('open')
        foreign.closeAllConnections()
        foreign.close()
      },
      TIMEOUT_MS,
    )
  })
})

/** In the page: opens a socket by a ticket, waits for one event, and tries the ticket again. */
async function openAndFollow({ key, address }: { readonly key: string; readonly address: string }) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ path: '/ws' })
  const answer = await fetch('/api/stream-tickets', { method: 'POST', headers, body })
  const { ticket } = JSON.parse(await answer.text())
  const Socket = Reflect.get(globalThis, 'WebSocket')
  const socket = new Socket(`${address}/ws?ticket=${ticket}`)
  await new Promise((resolve) => {
    socket.onopen = resolve
  })
  const kind = await new Promise((resolve) => {
    socket.onmessage = ({ data }: { readonly data: string }) => {
      const frame = JSON.parse(data)
      if (frame.type === 'subscribed') Reflect.set(globalThis, 'follows', true)
      if (frame.topic === 'agent:bot' && frame.type !== 'subscribed') resolve(frame.type)
    }
    socket.send(JSON.stringify({ type: 'subscribe', topic: 'agent:bot' }))
  })
  const second = new Socket(`${address}/ws?ticket=${ticket}`)
  const again = await new Promise((resolve) => {
    second.onopen = () => resolve('open')
    second.onclose = () => resolve('refused')
  })
  return { kind, again }
}

/** In the page: whether a socket opens. */
function outcomeOf(path: string): Promise<string> {
  const socket = new (Reflect.get(globalThis, 'WebSocket'))(path)
  return new Promise((resolve) => {
    socket.onopen = () => resolve('open')
    socket.onclose = () => resolve('refused')
  })
}
