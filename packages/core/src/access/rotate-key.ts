import { type ApiKey, type CreatedApiKey, GovernanceError, type KeyRotation } from '@preceptor/client'
import { z } from 'zod'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { AccessContext } from './access-context.ts'
import { type Actor, actorName } from './actor.ts'
import { hashCredential, makeApiKeySecret } from './api-key-secret.ts'
import { authorize } from './authorize.ts'
import { replaceKeyRow } from './departure-store.ts'
import { assertMayIssue, assertMemberHasRoles, DEFAULT_LIFE_MS, getKey } from './keys.ts'
import { parseInput } from './parse-input.ts'
import { insertKey } from './store.ts'

const DAY_MS = 24 * 3_600_000

const input = z.strictObject({
  overlapMs: z
    .int()
    .min(0)
    .max(7 * DAY_MS, 'at most 7 days')
    .default(DAY_MS),
})

/**
 * Rotates an API key: a new secret for the same principal with the same roles, scopes and agents. The old key ends after
 * the overlap, or is revoked at once where there is none, and then what it approved counts no more.
 *
 * @throws GovernanceError `CONFLICT` when it was revoked, has expired or was rotated before, `INPUT_INVALID`,
 * `PERMISSION_DENIED`, `NOT_FOUND`, or the code of a fault.
 */
export async function rotateKey(
  context: AccessContext,
  actor: Actor,
  { id, ...rotation }: KeyRotation & { readonly id: string },
): Promise<CreatedApiKey> {
  authorize(actor, 'keys.rotate')
  const { overlapMs } = parseInput(input, rotation, 'rotation')
  const now = context.clock.now()
  const { secret, prefix } = makeApiKeySecret(context.randomBytes)
  const key = await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const old = await getKey(tx, id)
    assertMayIssue(actor, old)
    await assertMemberHasRoles(tx, old)
    const next = successorOf(old, { id: context.ids.next('key'), prefix, createdBy: actorName(actor), now })
    await insertKey(tx, { ...next, secretHash: hashCredential(secret) })
    const ended = await replaceKeyRow(tx, { id, by: next.id, at: isoTime(now), endsAt: isoTime(now + overlapMs) })
    if (ended === undefined) {
      throw new GovernanceError('CONFLICT', {
        message: `The key ${id} was revoked, has expired or was rotated before.`,
        hint: 'Rotate the key that stands, or create a new one.',
      })
    }
    tx.afterCommit(() => context.identities.forget(id))
    await context.journal.append(tx, {
      kind: 'key.rotated',
      subject: id,
      body: {
        actor: next.createdBy,
        principal: `${next.principalKind}:${next.principalId}`,
        key: next.id,
        expiresAt: next.expiresAt,
        endsAt: ended.revokedAt ?? ended.expiresAt,
      },
    })
    return next
  })
  return { key, secret }
}

/** The same key under a new secret, for as long as the old one was made for. */
function successorOf(
  old: ApiKey,
  { now, ...own }: Pick<ApiKey, 'id' | 'prefix' | 'createdBy'> & { readonly now: number },
): ApiKey {
  const lifeMs = old.expiresAt === null ? DEFAULT_LIFE_MS : Date.parse(old.expiresAt) - Date.parse(old.createdAt)
  return {
    ...old,
    ...own,
    createdAt: isoTime(now),
    expiresAt: isoTime(now + lifeMs),
    revokedAt: null,
    lastUsedAt: null,
    replacedBy: null,
  }
}
