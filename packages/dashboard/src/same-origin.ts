import { GovernanceError } from '@preceptor/client'
import { assertHost } from '@preceptor/hono-middleware'
import type { Context, MiddlewareHandler } from 'hono'
import { refuse } from './refuse.ts'

const READING = new Set(['GET', 'HEAD'])
const JSON_TYPE = /^application\/json\s*(?:;|$)/i

/**
 * Refuses what another site makes the browser send: the cookie would come with it. Whatever changes something states its
 * origin and sends JSON, as a browser does for the page itself and never does for a form of another site.
 */
export const refuseForeign: MiddlewareHandler = async (c, next) => {
  if (!isOwn(c)) return refuse(new GovernanceError('ORIGIN_REFUSED'))
  if (!READING.has(c.req.method) && hasBody(c) && !JSON_TYPE.test(c.req.header('content-type') ?? '')) {
    return refuse(new GovernanceError('BODY_NOT_JSON'))
  }
  await next()
  return undefined
}

/** Refuses requests by a name that is none of the host's; undefined answers by whatever name. */
export const refuseForeignHosts =
  (allowedHosts: readonly string[] | undefined): MiddlewareHandler =>
  async (c, next) => {
    try {
      assertHost(c, allowedHosts)
    } catch (error) {
      return refuse(error)
    }
    return next()
  }

function isOwn(c: Context): boolean {
  const site = c.req.header('sec-fetch-site')
  const isReading = READING.has(c.req.method)
  if (site !== undefined) return site === 'same-origin' || (isReading && site === 'none')
  const origin = c.req.header('origin')
  if (origin === undefined) return isReading
  // A page of another site cannot set these headers without being asked first, and it is never allowed to.
  const hosts = [c.req.header('host'), c.req.header('x-forwarded-host')]
  return URL.canParse(origin) && hosts.includes(new URL(origin).host)
}

function hasBody(c: Context): boolean {
  return c.req.header('transfer-encoding') !== undefined || Number(c.req.header('content-length') ?? 0) > 0
}
