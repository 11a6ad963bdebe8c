import { GovernanceError, type HostPlane } from '@preceptor/client'
import type { Context } from 'hono'
import { readQuery } from '../http-args.ts'
import { assertClaims } from '../identify.ts'
import { openStreamOf } from '../realtime/opening.ts'
import { createPlaces, type PlaceLimits } from '../realtime/places.ts'
import { noteStreamClient } from '../realtime/stream-clients.ts'
import { ownParams, parseForm } from './answer-route.ts'
import type { StreamRoute } from './api-route.ts'
import { eventStream, type StreamTiming } from './event-stream.ts'

/** How streams are bounded. */
export interface StreamSettings extends StreamTiming, PlaceLimits {}

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

/** What an answerer may be told. */
export interface StreamAnswererOptions {
  /** Origins of pages that may open streams, beside the own one. */
  readonly origins?: readonly string[]
  readonly settings?: StreamSettings
}

/**
 * Makes the answerer of one API.
 */
export function createStreamAnswerer(
  governor: HostPlane,
  { origins = [], settings = SETTINGS }: StreamAnswererOptions = {},
): StreamAnswerer {
  const places = createPlaces(settings)
  return async (c, route, onFault) => {
    const { identity, assertStanding } = await openStreamOf(c, governor, { path: pathOf(c, route), origins })
    const scope = governor.as(identity)
    assertClaims(c, scope)
    const { after, topic } = placeOf(c, route)
    const params = route.params && parseForm(route.params, ownParams(c, route), 'path')
    const release = places.take(identity)
    const controller = new AbortController()
    try {
      const subscription = await route.subscribe({ scope, params, topic, after, signal: controller.signal })
      // What `HEAD` asks for is the head only, and nobody would ever end its stream.
      if (c.req.method === 'HEAD') {
        release()
        return new Response(null, { headers: HEADERS })
      }
      if (subscription === undefined) {
        release()
        return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } })
      }
      const leave = noteStreamClient(governor, scope.workspace)
      const onEnd = (): void => {
        leave()
        release()
      }
      const body = eventStream({ subscription, controller, timing: settings, assertStanding, onEnd, onFault })
      return new Response(body, { headers: HEADERS })
    } catch (error) {
      release()
      throw error
    }
  }
}

/** The path as a ticket names it. */
function pathOf(c: Context, route: StreamRoute): string {
  const params = ownParams(c, route)
  return route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(params[name]))
}

interface Place {
  readonly after?: number
  readonly topic?: string
}

function placeOf(c: Context, route: StreamRoute): { readonly [Name in keyof Place]-?: Place[Name] | undefined } {
  const { ticket: _, ...stated } = readQuery(c.req.url)
  const { after, topic } = parseForm(route.query, stated, 'query') as Place
  const last = c.req.header('last-event-id')
  if (last === undefined) return { after, topic }
  if (/^\d{1,15}$/.test(last)) return { after: Number(last), topic }
  throw new GovernanceError('INPUT_INVALID', { message: 'Last-Event-ID: it is none of this stream.' })
}
