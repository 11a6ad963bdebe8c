import { frameText, parseClientFrame } from './socket-frames.ts'
import type { Subscriptions } from './subscriptions.ts'
import type { Watching } from './watching.ts'

/** What a client sent over a socket, and what it is about there. */
export interface ReceivedFrame {
  readonly text: string
  readonly send: (text: string) => boolean
  readonly subscriptions: Subscriptions
  readonly watching: Watching
  /** The only topic of the socket, where it has one. */
  readonly only: string | undefined
}

/** Does what a frame asks for; what is none is answered and changes nothing. */
export function receiveFrame({ text, send, subscriptions, watching, only }: ReceivedFrame): void {
  const frame = parseClientFrame(text)
  const refuse = (message: string): void => {
    send(frameText({ type: 'error', data: { code: 'INPUT_INVALID', message } }))
  }
  if (frame === undefined) {
    refuse('It is no frame: send subscribe, unsubscribe, watch, unwatch or ping.')
  } else if (frame.type === 'ping') {
    send(frameText({ type: 'pong', data: frame.data ?? null }))
  } else if (frame.type === 'watch' || frame.type === 'unwatch') {
    const session = frame.topic.slice('session:'.length)
    if (only !== undefined && only !== frame.topic) refuse('This socket follows one session; use /ws for others.')
    else if (frame.type === 'watch') watching.add(session)
    else watching.remove(session)
  } else if (only !== undefined) {
    refuse('This socket follows one session; use /ws for topics.')
  } else if (frame.type === 'unsubscribe') {
    subscriptions.remove(frame.topic)
  } else {
    void subscriptions.add(frame.topic, frame.data?.after)
  }
}
