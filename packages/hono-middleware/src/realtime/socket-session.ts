import type { HostScope } from '@preceptor/client'
import type { WSContext } from 'hono/ws'
import type { Opening } from './opening.ts'
import { receiveFrame } from './receive-frame.ts'
import { CLOSE, type Socket, socketOf } from './socket.ts'
import { frameText } from './socket-frames.ts'
import type { OnlyTopic, SocketSettings } from './socket-settings.ts'
import { createSubscriptions } from './subscriptions.ts'
import type { Viewers } from './viewers.ts'
import { watchStanding } from './watch-standing.ts'
import { createWatching } from './watching.ts'

/** One socket that is open. */
export interface SocketSession {
  receive(data: unknown): void
  /** Ends what it does, once it is closed. */
  end(): void
  readonly subscriptions: number
  readonly framesSent: number
  readonly closedAs: 'slow' | 'silent' | undefined
}

/** What a session is made of. */
export interface SocketSessionOptions {
  readonly context: WSContext<unknown>
  readonly opening: Opening & { readonly scope: HostScope }
  readonly only: OnlyTopic | undefined
  readonly settings: SocketSettings
  readonly viewers: Viewers
}

interface State {
  framesSent: number
  closedAs: SocketSession['closedAs']
  hasClosed: boolean
  /** Heartbeats since the last sign of life. */
  missed: number
  /** Frames of the present second. */
  received: number
}

/** Begins the life of a socket. */
export function createSession(options: SocketSessionOptions): SocketSession {
  const { context, only, settings, opening } = options
  const socket = socketOf(context)
  const state: State = { framesSent: 0, closedAs: undefined, hasClosed: false, missed: 0, received: 0 }
  const send = createSender(socket, state, settings)
  const subscriptions = createSubscriptions({
    scope: opening.scope,
    send,
    onProposal: (proposal) => options.viewers.join(opening.scope, proposal),
    onFault: () => undefined,
  })
  const watching = createWatching({
    scope: opening.scope,
    send,
    ping: () => socket.ping(),
    renewMs: settings.renewMs,
  })
  const alive = (): void => {
    state.missed = 0
    if (!state.hasClosed) watching.alive()
  }
  socket.onPong(alive)
  const stop = startTimers(options, { socket, state, send })
  if (only !== undefined) {
    void subscriptions
      .add(only.topic, only.after)
      .then(() => closeBy(socket, state, { code: CLOSE.over, why: 'It is over.' }))
  }
  return {
    receive(data) {
      alive()
      state.received += 1
      if (state.received > settings.mostFramesPerSecond) {
        return closeBy(socket, state, { code: CLOSE.tooMany, why: 'Too many frames.' })
      }
      const text = typeof data === 'string' ? data : ''
      if (text.length > settings.mostFrameCharacters) {
        return closeBy(socket, state, { code: CLOSE.tooLarge, why: 'The frame is too large.' })
      }
      receiveFrame({ text, send, subscriptions, watching, only: only?.topic })
    },
    end() {
      state.hasClosed = true
      stop()
      subscriptions.close()
      watching.close()
    },
    get subscriptions() {
      return subscriptions.size
    },
    get framesSent() {
      return state.framesSent
    },
    get closedAs() {
      return state.closedAs
    },
  }
}

type Send = (text: string) => boolean

function createSender(socket: Socket, state: State, { mostWaitingBytes }: SocketSettings): Send {
  return (text) => {
    if (state.hasClosed) return false
    if (socket.waiting > mostWaitingBytes) {
      state.closedAs = 'slow'
      closeBy(socket, state, { code: CLOSE.tooSlow, why: 'The reader is too slow; come back from the last sequence.' })
      // What waits would have to be taken before the socket closes by itself.
      socket.terminate()
      return false
    }
    state.framesSent += 1
    socket.send(text)
    return true
  }
}

function closeBy(socket: Socket, state: State, { code, why }: { readonly code: number; readonly why: string }): void {
  if (state.hasClosed) return
  state.hasClosed = true
  socket.close(code, why)
}

/** Heartbeat, the look at the credential, and the count of frames; gives the function that ends them. */
function startTimers(
  { opening, settings }: SocketSessionOptions,
  { socket, state, send }: { readonly socket: Socket; readonly state: State; readonly send: Send },
): () => void {
  const beat = setInterval(() => {
    if (state.missed >= settings.mostMissed) {
      state.closedAs = 'silent'
      closeBy(socket, state, { code: CLOSE.silent, why: 'No sign of life.' })
      return socket.terminate()
    }
    state.missed += 1
    send(frameText({ type: 'heartbeat', data: null }))
    socket.ping()
  }, settings.heartbeatMs)
  const endLook = watchStanding({
    assertStanding: opening.assertStanding,
    recheckMs: settings.recheckMs,
    onGone: () => closeBy(socket, state, { code: CLOSE.credential, why: 'The credential no longer stands.' }),
  })
  const count = setInterval(() => {
    state.received = 0
  }, 1_000)
  return () => {
    endLook()
    for (const timer of [beat, count]) clearInterval(timer)
  }
}
