import type { Context } from 'hono'

/** Where a request met the dashboard. */
export interface Mount {
  /** Path of the dashboard as the browser sees it, with a slash at both ends. */
  readonly base: string
  /** What the request asked for below it, without a slash in front. */
  readonly rest: string
}

const PREFIX = /^(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*){1,16}\/?$/
const LONGEST_PREFIX = 200

/**
 * Finds where the host mounted the dashboard: the route pattern says how many segments of the path belong to the host,
 * and a proxy that takes off a prefix says which one in `X-Forwarded-Prefix`.
 */
export function mountOf(c: Context): Mount {
  // Of the pattern `/admin/governance/*` the segments before the last are the host's; some may be parameters.
  const own = c.req.routePath.split('/').filter((part) => part !== '').length - 1
  const parts = c.req.path.split('/').slice(1)
  const mounted = parts.slice(0, own).filter((part) => part !== '')
  const base = ['', ...mounted, ''].join('/')
  return { base: forwardedPrefix(c) + base, rest: parts.slice(own).join('/') }
}

/** The prefix that a proxy took off; anything that is no plain path is ignored, because it ends up in the page. */
function forwardedPrefix(c: Context): string {
  const given = c.req.header('x-forwarded-prefix') ?? ''
  return given.length <= LONGEST_PREFIX && PREFIX.test(given) ? given.replace(/\/$/, '') : ''
}
