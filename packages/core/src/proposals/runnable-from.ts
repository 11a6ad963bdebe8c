import { GovernanceError } from '@preceptor/client'
import { isoTime } from '../kernel/clock.ts'
import type { BoundProposal } from './approval-store.ts'

/**
 * When what is approved now may run, ISO 8601; null for at once.
 *
 * @throws GovernanceError `CONFLICT` where it expires before.
 */
export function runnableFrom(
  { id, expiresAt }: Pick<BoundProposal, 'id' | 'expiresAt'>,
  { waitMs, now }: { readonly waitMs: number; readonly now: number },
): string | null {
  if (waitMs === 0) return null
  const runnableAt = isoTime(now + waitMs)
  if (runnableAt < expiresAt) return runnableAt
  throw new GovernanceError('CONFLICT', {
    message: `Approved now, the proposal ${id} could run from ${runnableAt} on, and it expires before.`,
    hint: 'Extend it first.',
  })
}
