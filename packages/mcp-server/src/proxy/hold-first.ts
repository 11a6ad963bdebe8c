import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { isInitializeRequest, type JSONRPCMessage, type McpError } from '@modelcontextprotocol/sdk/types.js'

/** How a client introduces itself. */
export interface Introduction {
  readonly capabilities: Record<string, unknown>
  readonly clientInfo: { readonly name: string; readonly version: string }
}

/** A transport whose first message is known before anybody answers it. */
export interface HeldTransport {
  /** Gives everything to whoever connects to it, the first message included. */
  readonly transport: Transport
  readonly introduction: Introduction
  /** Answers the first message with why nobody is there, and closes. */
  readonly refuse: (error: McpError) => Promise<void>
}

/**
 * Waits for the first message of a client, which says what it can: only then can a server that stands for others say what
 * these can. Undefined when the client goes away before.
 *
 * @throws Error when the first message is none that a client begins with.
 */
export async function holdFirst(transport: Transport): Promise<HeldTransport | undefined> {
  const held: JSONRPCMessage[] = []
  const first = await new Promise<JSONRPCMessage | undefined>((resolve, reject) => {
    transport.onmessage = (message) => {
      held.push(message)
      resolve(message)
    }
    transport.onclose = () => resolve(undefined)
    transport.start().catch(reject)
  })
  if (first === undefined) return undefined
  if (!isInitializeRequest(first)) throw new Error('A client begins with initialize.')
  const { capabilities, clientInfo } = first.params
  const { id } = Object(first)
  return {
    introduction: { capabilities, clientInfo },
    transport: replaying(transport, held),
    async refuse({ code, message, data }) {
      await transport.send({ jsonrpc: '2.0', id, error: { code, message, data } })
      await transport.close()
    },
  }
}

/** The transport as one that has not begun: its first messages come when somebody listens. */
function replaying(transport: Transport, held: JSONRPCMessage[]): Transport {
  let isClosed = false
  transport.onclose = () => (isClosed = true)
  const again: Transport = {
    async start() {
      transport.onclose = () => again.onclose?.()
      transport.onerror = (error) => again.onerror?.(error)
      transport.onmessage = (message, extra) => again.onmessage?.(message, extra)
      for (const message of held.splice(0)) again.onmessage?.(message)
      // It went away before anybody listened.
      if (isClosed) again.onclose?.()
    },
    send: (message, options) => transport.send(message, options),
    close: () => transport.close(),
  }
  return again
}
