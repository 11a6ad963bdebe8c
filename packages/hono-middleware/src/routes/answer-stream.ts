import { GovernanceError, type HostPlane, type Identity } from '@preceptor/client'
import type { Context } from 'hono'
import { readQuery } from '../http-args.ts'
import { assertClaims, authenticateRequest } from '../identify.ts'
import { ownParams, parseForm } from './answer-route.ts'
import type { StreamRoute } from './api-route.ts'
import { eventStream, type StreamTiming } from './event-stream.ts'

/** How streams are bounded. */
export interface StreamSettings extends StreamTiming {
  readonly mostOfPrincipal: number
  readonly mostOfAll: number
}

// A revoked credential is remembered for 1 s and looked at within 2 s more, so that its stream ends within 5 s.
const SETTINGS: StreamSettings = {
  keepAliveMs: 15_000,
  recheckMs: 2_000,
  stallMs: 60_000,
  mostOfPrincipal: 16,
  mostOfAll: 1_000,
}

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
}

/** Answers requests for streams, of which only so many are open at once. */
export type StreamAnswerer = (c: Context, route: StreamRoute, onFault: (error: unknown) => void) => Promise<Response>

/**
 * Makes the answerer of one API. A stream is opened by the bearer credential of its own request, whatever identity the
 * host settled before: that credential is looked at again for as long as the stream lasts.
 */
export function createStreamAnswerer(governor: HostPlane, settings: StreamSettings = SETTINGS): StreamAnswerer {
  const places = createPlaces(settings)
  return async (c, route, onFault) => {
    const identity = await authenticateRequest(c, governor)
    const scope = governor.as(identity)
    assertClaims(c, scope)
    const after = placeOf(c, route)
    const params = route.params && parseForm(route.params, ownParams(c, route), 'path')
    const release = places.take(identity)
    const controller = new AbortController()
    try {
      const subscription = await route.subscribe({ scope, params, after, signal: controller.signal })
      // What `HEAD` asks for is the head only, and nobody would ever end its stream.
      if (c.req.method === 'HEAD') {
        release()
        return new Response(null, { headers: HEADERS })
      }
      if (subscription === undefined) {
        release()
        return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } })
      }
      const assertStanding = async (): Promise<void> => assertSame(await authenticateRequest(c, governor), identity)
      const body = eventStream({ subscription, controller, timing: settings, assertStanding, onEnd: release, onFault })
      return new Response(body, { headers: HEADERS })
    } catch (error) {
      release()
      throw error
    }
  }
}

function placeOf(c: Context, route: StreamRoute): number | undefined {
  const query = parseForm(route.query, readQuery(c.req.url), 'query') as { readonly after?: number }
  const last = c.req.header('last-event-id')
  if (last === undefined) return query.after
  if (/^\d{1,15}$/.test(last)) return Number(last)
  throw new GovernanceError('INPUT_INVALID', { message: 'Last-Event-ID: it is none of this stream.' })
}

/** Roles, scopes and agents decide what a stream shows, so that it ends when they change. */
function assertSame(now: Identity, then: Identity): void {
  if (JSON.stringify(now) !== JSON.stringify(then)) throw new GovernanceError('CREDENTIAL_INVALID')
}

function createPlaces({ mostOfPrincipal, mostOfAll }: StreamSettings): { take(identity: Identity): () => void } {
  const taken = new Map<string, number>()
  let all = 0
  return {
    take({ workspace, principal: { kind, id } }) {
      const key = JSON.stringify([workspace, kind, id])
      const own = taken.get(key) ?? 0
      if (own >= mostOfPrincipal || all >= mostOfAll) {
        throw new GovernanceError('RATE_LIMITED', { message: 'Too many streams are open: end one of them first.' })
      }
      taken.set(key, own + 1)
      all += 1
      let isTaken = true
      return () => {
        if (!isTaken) return
        isTaken = false
        all -= 1
        const left = (taken.get(key) ?? 1) - 1
        if (left > 0) taken.set(key, left)
        else taken.delete(key)
      }
    },
  }
}
