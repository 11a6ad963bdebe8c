import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { expect, it } from 'vitest'
import { createEventStore } from './event-store.ts'

const message = (id: number): JSONRPCMessage => ({ jsonrpc: '2.0', id, result: {} })
/** What the transport stores where a stream begins. */
const MARK = {} as JSONRPCMessage

it('gives what one stream had behind an event, and of others nothing [I-38]', async () => {
  const store = createEventStore()
  const mark = await store.storeEvent('one', MARK)
  await store.storeEvent('two', message(1))
  const second = await store.storeEvent('one', message(2))
  await store.storeEvent('one', MARK)
  await store.storeEvent('one', message(3))
  const sent: unknown[] = []
  const send = async (_id: string, one: JSONRPCMessage): Promise<void> => void sent.push(one)
  expect(await store.replayEventsAfter(mark, { send })).toBe('one')
  expect(sent.splice(0)).toEqual([message(2), message(3)])
  await store.replayEventsAfter(second, { send })
  expect(sent).toEqual([message(3)])
})

it('keeps no more than it may, and says of what it has not that it is gone [I-38]', async () => {
  const store = createEventStore(2)
  const ids: string[] = []
  for (let count = 0; count < 3; count += 1) ids.push(await store.storeEvent('one', message(count)))
  expect(await store.getStreamIdForEventId?.(ids[0] ?? '')).toBeUndefined()
  await expect(store.replayEventsAfter(ids[0] ?? '', { send: async () => undefined })).rejects.toThrow('any more')
  await expect(store.replayEventsAfter('made-up', { send: async () => undefined })).rejects.toThrow('any more')
})
