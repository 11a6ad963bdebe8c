import { Socket } from 'node:net'

/** What is told of a client of `pg` that may send ahead. */
interface Ahead {
  readonly pipeline?: boolean
}

/** The socket of a client; undefined where it speaks through something else. */
function wireOf(client: object): Socket | undefined {
  const connection: unknown = Reflect.get(client, 'connection')
  const stream: unknown = Object(connection).stream
  return stream instanceof Socket ? stream : undefined
}

/** Lets what a client sends before the next tick go out in one write: to write is most of what a statement costs. */
export function sendTogether(client: Ahead): void {
  const wire = client.pipeline === true ? wireOf(client) : undefined
  if (wire === undefined || wire.writableCorked > 0) return
  wire.cork()
  process.nextTick(() => wire.uncork())
}

/** How many bytes of a client wait to be written; 0 where it speaks through something else. */
export function unsent(client: object): number {
  return wireOf(client)?.writableLength ?? 0
}

/** Closes the connection of a client that may have statements under way, for whose answers its `end` would wait for ever. */
export function letGo(client: Ahead): void {
  if (client.pipeline === true) wireOf(client)?.destroy()
}
