import { GovernanceError } from '../errors/governance-error.ts'
import type { ControlPlane } from '../port/control-plane.ts'
import type { JsonValue } from '../port/json.ts'
import type { Identity } from '../port/principal.ts'
import { inTraceOf } from '../tracing/spans.ts'
import { createCall } from './caller.ts'
import { controlOperations, remoteHealth } from './control-operations.ts'
import { createLocalActions } from './local-actions.ts'
import { parseIdentity } from './parse-identity.ts'
import { remoteScope } from './remote-scope.ts'
import { createRunningCalls } from './running-calls.ts'
import { settleIdentity } from './settle-identity.ts'
import { createTransport, type TransportOptions } from './transport.ts'

/** How a process reaches the governor of another one. */
export interface ConnectOptions extends TransportOptions {
  /** API key or JWT of this process; what it may do is what that credential may do. */
  readonly token: string
  /** Milliseconds that closing lets running calls end; default 10,000. */
  readonly closeWithinMs?: number
}

const DEADLINE_MS = 2_000
const CLOSE_WITHIN_MS = 10_000
/** A verified identity is used at most this long after it was asked for. */
const IDENTITY_TTL_MS = 1_000
const MOST_IDENTITIES = 10_000

/**
 * Connects to the governor of another process; nothing is sent before the first question. Whatever does not answer within
 * the deadline, or not as the governor does, denies.
 *
 * @throws GovernanceError `OPTION_INVALID`, `CREDENTIAL_INVALID` for a token that is none.
 * @example
 * ```ts
 * import { connectGovernor } from '@preceptor/client'
 *
 * const governor = connectGovernor({ url: 'http://127.0.0.1:4600/api', token: 'pcp_…' })
 * const scope = governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'refund-bot', roles: [] } })
 * const decision = await scope.decide({ agent: 'refund-bot', action: 'refund.create', args: { cents: 500 } })
 * await governor.close()
 * ```
 */
export function connectGovernor(options: ConnectOptions): ControlPlane {
  const { token, deadlineMs = DEADLINE_MS, closeWithinMs = CLOSE_WITHIN_MS } = options
  if (typeof token !== 'string' || token === '') throw new GovernanceError('CREDENTIAL_INVALID')
  const transport = createTransport({ ...options, deadlineMs })
  const actions = createLocalActions()
  const running = createRunningCalls()
  const credentials = new WeakMap<Identity, string>()
  const identities = createIdentities((credential) =>
    transport.request({ method: 'GET', path: '/identity', token: credential }),
  )
  const closed = new AbortController()
  let closing: Promise<void> | undefined
  return {
    as(identity, surface) {
      const { workspace, principal, source } = settleIdentity(identity)
      const caller = { token: credentials.get(identity) ?? token, workspace, ...(surface !== undefined && { surface }) }
      const request = createCall(transport, caller)
      const isClosed = (): boolean => closing !== undefined
      return {
        ...remoteScope({ workspace, principal, source, request, actions, running, deadlineMs, isClosed }),
        ...controlOperations({ ...caller, principal, url: transport.url, request, closed: closed.signal }),
      }
    },
    async authenticate(credential) {
      const identity = await identities(credential)
      // What is done as this person is done with the credential of this person.
      credentials.set(identity, credential)
      return identity
    },
    inTraceOf,
    health: () => remoteHealth(transport, token),
    close() {
      closed.abort(new GovernanceError('GOVERNOR_CLOSED'))
      closing ??= running.drain(closeWithinMs, new GovernanceError('GOVERNOR_CLOSED'))
      return closing
    },
  }
}

/** Asks who credentials belong to; requests that come together, or within a second, share one answer. */
function createIdentities(ask: (credential: string) => Promise<JsonValue>): (credential: string) => Promise<Identity> {
  const known = new Map<string, { readonly identity: Promise<Identity>; readonly until: number }>()
  return (credential) => {
    const entry = known.get(credential)
    if (entry !== undefined && performance.now() < entry.until) return entry.identity
    const identity = ask(credential).then(parseIdentity)
    const fresh = { identity, until: performance.now() + IDENTITY_TTL_MS }
    known.delete(credential)
    known.set(credential, fresh)
    const oldest = known.keys().next()
    if (known.size > MOST_IDENTITIES && oldest.done !== true) known.delete(oldest.value)
    identity.catch(() => {
      if (known.get(credential) === fresh) known.delete(credential)
    })
    return identity
  }
}
