import { GovernanceError } from '@preceptor/client'
import type { Context } from 'hono'

const PORT = /:\d+$/

/**
 * Answers by its own names only, so that a page whose name was made to point here reaches nothing; undefined answers by
 * whatever name.
 *
 * @throws GovernanceError `ORIGIN_REFUSED`
 */
export function assertHost(c: Context, allowedHosts: readonly string[] | undefined): void {
  if (allowedHosts === undefined) return
  const host = c.req.header('host') ?? new URL(c.req.url).host
  if (allowedHosts.includes(host.replace(PORT, '').toLowerCase())) return
  throw new GovernanceError('ORIGIN_REFUSED', { message: `The host ${JSON.stringify(host.slice(0, 200))} is refused.` })
}
