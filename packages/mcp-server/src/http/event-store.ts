import type { EventStore } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'

interface KeptEvent {
  readonly id: string
  readonly stream: string
  readonly message: JSONRPCMessage
}

const MOST_EVENTS = 256

/**
 * Keeps the latest events of one session, so that a client whose stream broke goes on behind the last one that it has seen.
 * They are of one session only: no id of another leads here.
 */
export function createEventStore(most: number = MOST_EVENTS): EventStore {
  const events: KeptEvent[] = []
  let count = 0
  const find = (id: string): KeptEvent | undefined => events.find((event) => event.id === id)
  return {
    async storeEvent(stream, message) {
      count += 1
      const id = `${stream}:${count}`
      events.push({ id, stream, message })
      if (events.length > most) events.shift()
      return id
    },
    getStreamIdForEventId: async (id) => find(id)?.stream,
    async replayEventsAfter(lastId, { send }) {
      const last = find(lastId)
      // What is not kept any more cannot be gone on behind: a client then asks anew.
      if (last === undefined) throw new Error('There is no such event any more.')
      const missed = events.slice(events.indexOf(last) + 1).filter(({ stream }) => stream === last.stream)
      // A mark at which a stream began is stored as an empty message, which no client can read.
      for (const { id, message } of missed) if ('jsonrpc' in message) await send(id, message)
      return last.stream
    },
  }
}
