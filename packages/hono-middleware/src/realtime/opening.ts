import { GovernanceError, type HostPlane, type Identity } from '@preceptor/client'
import type { Context } from 'hono'
import { authenticateRequest } from '../identify.ts'
import { noteCaller } from '../requests/caller.ts'
import { assertOrigin } from './assert-origin.ts'
import { callerAddress } from './caller-address.ts'

/** Who opened a stream. */
export interface Opening {
  readonly identity: Identity
  /** @throws GovernanceError once the credential no longer stands for what it stood for. */
  assertStanding(): Promise<void>
}

/** How a stream is opened. */
export interface OpeningOptions {
  /** Path of the stream below the address of the API, to which a ticket is bound. */
  readonly path: string
  /** Origins of pages that may open streams, beside the own one. */
  readonly origins: readonly string[]
}

/**
 * Opens a stream by the bearer credential of its own request, whatever identity the host settled before, or by a ticket:
 * that credential is looked at again for as long as the stream lasts.
 *
 * @throws GovernanceError `PRINCIPAL_REQUIRED`, `CREDENTIAL_INVALID`, `RATE_LIMITED`, `PERMISSION_DENIED` for a page of
 * another origin.
 */
export async function openStreamOf(c: Context, governor: HostPlane, options: OpeningOptions): Promise<Opening> {
  assertOrigin(c, options.origins)
  const ticket = c.req.query('ticket')
  if (ticket !== undefined) {
    if (c.req.header('authorization') !== undefined) {
      throw new GovernanceError('CREDENTIAL_INVALID', { message: 'Send a ticket or a header, not both.' })
    }
    const redeemed = await governor.redeem(ticket, options.path, callerAddress(c))
    noteCaller(c, redeemed.identity)
    await governor.admit?.(redeemed)
    return redeemed
  }
  const identity = await authenticateRequest(c, governor)
  await governor.admit?.({ identity })
  return { identity, assertStanding: async () => assertSame(await authenticateRequest(c, governor), identity) }
}

/** Roles, scopes and agents decide what a stream shows, so that it ends when they change. */
function assertSame(now: Identity, then: Identity): void {
  if (JSON.stringify(now) !== JSON.stringify(then)) throw new GovernanceError('CREDENTIAL_INVALID')
}
