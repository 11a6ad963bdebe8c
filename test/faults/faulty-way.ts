import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a server on which the network fails when it is told to. */
export interface FaultyWay {
  readonly port: number
  /** Local ports of the connections to the server: how the server tells them apart. */
  serverSidePorts(): readonly number[]
  /** Cuts every connection. */
  drop(): void
  /** Passes nothing on and says nothing for a while, as a cable that was pulled; then cuts. */
  stall(forMs: number): void
  /** Holds every piece back for so long, for a while. */
  delay(delayMs: number, forMs: number): void
  close(): Promise<void>
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
}

/** How the network is just now. */
interface Weather {
  stalled: boolean
  delayMs: number
  later(milliseconds: number, work: () => void): void
}

/** Opens a way to a port of 127.0.0.1. */
export async function openFaultyWay(target: number): Promise<FaultyWay> {
  const pairs = new Set<Pair>()
  const timers = new Set<NodeJS.Timeout>()
  const weather: Weather = {
    stalled: false,
    delayMs: 0,
    later(milliseconds, work) {
      const timer = setTimeout(() => {
        timers.delete(timer)
        work()
      }, milliseconds)
      timers.add(timer)
    },
  }
  const cut = (pair: Pair): void => {
    pair.client.destroy()
    pair.server.destroy()
    pairs.delete(pair)
  }
  const drop = (): void => {
    for (const pair of pairs) cut(pair)
  }
  const listener = createServer((client) => {
    const pair = { client, server: connect(target, '127.0.0.1') }
    pairs.add(pair)
    for (const socket of [pair.client, pair.server]) {
      socket.setNoDelay(true)
      // What goes wrong on one side is seen on the other as a closed connection.
      socket.on('error', () => undefined)
      socket.once('close', () => weather.stalled || cut(pair))
    }
    forward(weather, pair.client, pair.server)
    forward(weather, pair.server, pair.client)
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return {
    port: (listener.address() as AddressInfo).port,
    serverSidePorts: () => [...pairs].flatMap(({ server }) => server.localPort ?? []),
    drop,
    stall(forMs) {
      weather.stalled = true
      weather.later(forMs, () => {
        weather.stalled = false
        drop()
      })
    },
    delay(delayMs, forMs) {
      weather.delayMs = delayMs
      weather.later(forMs, () => {
        weather.delayMs = 0
      })
    },
    async close() {
      for (const timer of timers) clearTimeout(timer)
      drop()
      listener.close()
      await once(listener, 'close')
    },
  }
}

/** A stream keeps its order, also when the delay ends: what comes later never leaves before what is held back. */
function forward(weather: Weather, from: Socket, to: Socket): void {
  const held: { readonly chunk: Buffer; readonly due: number }[] = []
  const release = (): void => {
    for (let first = held[0]; first !== undefined; first = held[0]) {
      const left = first.due - performance.now()
      if (left > 0) {
        weather.later(left, release)
        return
      }
      if (!to.destroyed) to.write(first.chunk)
      held.shift()
    }
  }
  from.on('data', (chunk) => {
    if (weather.stalled) return
    held.push({ chunk, due: performance.now() + weather.delayMs })
    if (held.length === 1) release()
  })
}
