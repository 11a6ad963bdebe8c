import {
  GovernanceError,
  type Identity,
  type RedeemedTicket,
  type StreamTicket,
  type StreamTicketRequest,
} from '@preceptor/client'
import { z } from 'zod'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { AccessContext } from './access-context.ts'
import type { Actor } from './actor.ts'
import { hashCredential } from './api-key-secret.ts'
import { authorize } from './authorize.ts'
import { identifyKeyById } from './identify.ts'
import { parseInput } from './parse-input.ts'
import { findStanding } from './store.ts'
import { insertStreamTicket, redeemStreamTicketRow, removeStreamTickets } from './stream-ticket-store.ts'

const TTL_MS = 30_000
// When a token expires is not kept: what it opened ends after this time.
const TOKEN_STREAM_MS = 600_000
const SECRET_BYTES = 32
const TICKET = /^pst_([a-z0-9][a-z0-9_-]{0,62})\.[A-Za-z0-9_-]{43}$/

const input = z.strictObject({
  path: z.string().regex(/^\/[A-Za-z0-9_.~%/:-]{1,300}$/, 'a path below the API, such as /events, without a query'),
})

/**
 * Makes a ticket that opens one stream of the caller, once, within 30 s: for browsers, which send no header with a
 * stream.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function createStreamTicket(
  context: AccessContext,
  actor: Actor,
  request: StreamTicketRequest,
): Promise<StreamTicket> {
  authorize(actor, 'stream_tickets.create')
  const { path } = parseInput(input, request, 'ticket')
  if (!isKey(actor) && actor.principal.kind !== 'user') {
    throw new GovernanceError('PERMISSION_DENIED', {
      message: 'A ticket stands for a credential that can be looked at again, and this caller has none.',
    })
  }
  const now = context.clock.now()
  const ticket = `pst_${actor.workspace}.${Buffer.from(context.randomBytes(SECRET_BYTES)).toString('base64url')}`
  const expiresAt = isoTime(now + TTL_MS)
  const { workspace, principal, source } = actor
  await inWorkspace(context.database, { workspace }, async (tx) => {
    await removeStreamTickets(tx, isoTime(now - TTL_MS))
    await insertStreamTicket(tx, {
      ticketHash: hashCredential(ticket),
      path,
      identity: { workspace, principal, source },
      createdAt: isoTime(now),
      expiresAt,
    })
  })
  return { ticket, path, expiresAt }
}

/**
 * Redeems a ticket, once, for the path that it was made for. What is opened by it stands as long as the credential does
 * with which it was asked for.
 *
 * @throws GovernanceError `CREDENTIAL_INVALID`, or the code of a fault.
 */
export async function redeemStreamTicket(
  context: AccessContext,
  ticket: string,
  path: string,
): Promise<RedeemedTicket> {
  const workspace = TICKET.exec(ticket)?.[1]
  if (workspace === undefined) throw new GovernanceError('CREDENTIAL_INVALID')
  const now = context.clock.now()
  const redeemed = { ticketHash: hashCredential(ticket), path, at: isoTime(now) }
  const scope = { workspace, deadlineMs: context.settings.deadlineMs }
  const identity = await inWorkspace(context.database, scope, (tx) => redeemStreamTicketRow(tx, redeemed))
  if (identity === undefined) throw new GovernanceError('CREDENTIAL_INVALID')
  const standing = await standingOf(context, identity)
  if (isKey(identity) && standing !== signOf(identity)) throw new GovernanceError('CREDENTIAL_INVALID')
  const until = isKey(identity) ? Number.POSITIVE_INFINITY : now + TOKEN_STREAM_MS
  const assertStanding = async (): Promise<void> => {
    if (context.clock.now() > until || (await standingOf(context, identity)) !== standing) {
      throw new GovernanceError('CREDENTIAL_INVALID')
    }
  }
  return { identity, assertStanding }
}

/** What an identity rests on now, as a text to compare: its key with its roles, else its membership. */
async function standingOf(context: AccessContext, identity: Identity): Promise<string> {
  const { workspace, principal } = identity
  if (isKey(identity)) return signOf(await identifyKeyById(context, { workspace, id: principal.credential ?? '' }))
  const scope = { workspace: '*', role: 'system', deadlineMs: context.settings.deadlineMs } as const
  const standing = await inWorkspace(context.database, scope, (tx) =>
    findStanding(tx, { workspace, userId: principal.id }),
  )
  return JSON.stringify(standing?.roles ?? null)
}

function signOf({ workspace, principal }: Identity): string {
  const { kind, id, roles, credential, scopes, agents } = principal
  return JSON.stringify([workspace, kind, id, roles, credential, scopes ?? null, agents ?? null])
}

function isKey({ principal }: Pick<Identity, 'principal'>): boolean {
  return principal.credential?.startsWith('key_') === true
}
