import { GovernanceError } from '../errors/governance-error.ts'

/** The part of a WebSocket that is used: that of browsers, of Node from 22 on, and of `ws` have it. */
export interface WebSocketLike {
  send(data: string): void
  close(code?: number): void
  addEventListener(type: 'open' | 'error', listener: () => void): void
  addEventListener(type: 'close', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
}

/** What makes them. */
export type WebSocketClass = new (address: string) => WebSocketLike

/**
 * Finds what makes sockets: what was given, or what the runtime has.
 *
 * @throws GovernanceError `OPTION_INVALID` where there is none.
 */
export function webSocketClass(given: WebSocketClass | undefined): WebSocketClass {
  const found: unknown = given ?? Reflect.get(globalThis, 'WebSocket')
  // A runtime that has a global of this name has the one of the standard.
  if (typeof found === 'function') return found as WebSocketClass
  throw new GovernanceError('OPTION_INVALID', {
    message: 'Option WebSocket: this runtime has none of its own.',
    hint: 'Give one, such as that of the package "ws"; Node has its own from 22 on.',
  })
}
