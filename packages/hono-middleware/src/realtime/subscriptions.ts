import { GovernanceError, type HostScope } from '@preceptor/client'
import { eventText, frameText, type ServerFrame } from './socket-frames.ts'

/** What the subscriptions of one socket stand on. */
export interface SubscriptionPorts {
  readonly scope: HostScope
  /** Sends a text; false once the socket takes no more. */
  readonly send: (text: string) => boolean
  /** Told when somebody begins to look at a proposal; gives the function that ends it. */
  readonly onProposal: (proposal: string) => Promise<() => void>
  readonly onFault: (error: unknown) => void
}

/** The topics that one socket follows. */
export interface Subscriptions {
  /** Begins to follow a topic, after a sequence or from now on; its answer goes to the socket. */
  add(topic: string, after: number | undefined): Promise<void>
  remove(topic: string): void
  readonly size: number
  close(): void
}

const MOST_TOPICS = 32
const SESSION = /^session:(.+)$/s
const PROPOSAL = /^proposal:(.+)$/s

interface Followed {
  readonly position: number
  readonly entries: AsyncIterable<Entry>
}

interface Entry {
  readonly kind: string
  readonly sequence: number | null
}

/** Makes the subscriptions of a socket. */
export function createSubscriptions(ports: SubscriptionPorts): Subscriptions {
  const open = new Map<string, AbortController>()
  const frame = (one: ServerFrame): boolean => ports.send(frameText(one))

  async function run(topic: string, after: number | undefined, controller: AbortController): Promise<void> {
    let end = (): void => undefined
    try {
      const { position, entries } = await follow(ports.scope, topic, { after, signal: controller.signal })
      if (hasEnded(controller)) return
      const proposal = PROPOSAL.exec(topic)?.[1]
      if (proposal !== undefined) end = await ports.onProposal(proposal)
      const data = proposal === undefined ? {} : { viewers: await ports.scope.viewers(proposal) }
      if (hasEnded(controller)) return
      frame({ type: 'subscribed', data, topic, sequence: position })
      await pump(ports, { topic, entries })
      if (!hasEnded(controller)) frame({ type: 'ended', data: null, topic })
    } catch (error) {
      if (!hasEnded(controller)) frame(errorFrame(ports, topic, error))
    } finally {
      end()
      if (open.get(topic) === controller) open.delete(topic)
    }
  }

  return {
    async add(topic, after) {
      if (open.has(topic)) return void frame(refusal('CONFLICT', 'This socket follows the topic.', topic))
      if (open.size >= MOST_TOPICS) return void frame(refusal('RATE_LIMITED', 'Too many topics for one socket.', topic))
      const controller = new AbortController()
      open.set(topic, controller)
      await run(topic, after, controller)
    },
    remove(topic) {
      open.get(topic)?.abort()
      open.delete(topic)
    },
    get size() {
      return open.size
    },
    close() {
      for (const controller of open.values()) controller.abort()
      open.clear()
    },
  }
}

async function follow(
  scope: HostScope,
  topic: string,
  { after, signal }: { readonly after: number | undefined; readonly signal: AbortSignal },
): Promise<Followed> {
  const session = SESSION.exec(topic)?.[1]
  if (session === undefined) {
    const subscription = await scope.events.subscribe({ topic, signal, ...(after === undefined ? {} : { after }) })
    return { position: subscription.position, entries: subscription }
  }
  const from = after ?? 0
  // Asked first, so that who may not hear it is told before anything else.
  await scope.sessions.events(session, { after: from, limit: 1 })
  return { position: from, entries: scope.sessions.follow(session, { after: from, signal }) }
}

function hasEnded({ signal }: AbortController): boolean {
  return signal.aborted
}

async function pump(
  { send }: SubscriptionPorts,
  { topic, entries }: { readonly topic: string; readonly entries: AsyncIterable<Entry> },
): Promise<void> {
  for await (const entry of entries) {
    if (!send(eventText(entry, topic))) return
    // Who looks at it looks at something else now.
    if (entry.kind === 'proposal.edited' && PROPOSAL.test(topic)) {
      const changed = { type: 'content.changed', data: entry, topic, sequence: entry.sequence ?? 0 }
      if (!send(frameText(changed))) return
    }
  }
}

function errorFrame(ports: SubscriptionPorts, topic: string, error: unknown): ServerFrame {
  const fault = GovernanceError.isInstance(error) ? error : new GovernanceError('INTERNAL', { cause: error })
  if (fault.status >= 500) ports.onFault(error)
  // What failed inside is for the log of the host.
  return refusal(fault.code, fault.status >= 500 ? 'It failed; subscribe again.' : fault.message, topic)
}

function refusal(code: string, message: string, topic: string): ServerFrame {
  return { type: 'error', data: { code, message }, topic }
}
