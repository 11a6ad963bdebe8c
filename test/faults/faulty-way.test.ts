import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type FaultyWay, openFaultyWay } from './faulty-way.ts'

// Long beside the way there and back, short beside the patience of a test.
const HELD_MS = 120

describe('a faulty way', () => {
  let server: Server
  let way: FaultyWay
  let client: Socket
  let heard: string
  const answeredBy: Socket[] = []

  beforeEach(async () => {
    server = createServer((socket) => {
      answeredBy.push(socket)
      socket.on('error', () => undefined)
      socket.pipe(socket)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    way = await openFaultyWay((server.address() as AddressInfo).port)
    client = connect(way.port, '127.0.0.1')
    client.on('error', () => undefined)
    heard = ''
    client.on('data', (chunk) => {
      heard += chunk.toString()
    })
    client.write('1')
    await vi.waitFor(() => expect(heard).toBe('1'))
  })

  afterEach(async () => {
    client.destroy()
    await way.close()
    for (const socket of answeredBy.splice(0)) socket.destroy()
    server.close()
  })

  it('passes everything on, and names the ports that the server sees', () => {
    expect(way.serverSidePorts()).toEqual(answeredBy.map(({ remotePort }) => remotePort))
  })

  it('cuts both sides', async () => {
    const closed = [client, ...answeredBy].map((socket) => once(socket, 'close'))
    way.drop()
    await Promise.all(closed)
    expect(way.serverSidePorts()).toEqual([])
  })

  it('holds back, and keeps the order also of what comes when the delay is over', async () => {
    way.delay(HELD_MS, HELD_MS / 2)
    const sent = performance.now()
    for (const piece of '23456') {
      client.write(piece)
      await new Promise((resolve) => setTimeout(resolve, HELD_MS / 4))
    }
    await vi.waitFor(() => expect(heard).toBe('123456'))
    expect(performance.now() - sent).toBeGreaterThanOrEqual(HELD_MS)
  })

  it('says nothing while it is stalled, and cuts afterwards', async () => {
    const closed = once(client, 'close')
    way.stall(HELD_MS)
    const from = performance.now()
    client.write('2')
    await closed
    expect(performance.now() - from).toBeGreaterThanOrEqual(HELD_MS - 5)
    expect(heard).toBe('1')
  })
})
