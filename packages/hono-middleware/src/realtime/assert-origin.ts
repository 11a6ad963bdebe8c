import { GovernanceError } from '@preceptor/client'
import type { Context } from 'hono'

/**
 * Lets pages of the own origin and of the given ones open a stream; whatever is no browser states no origin.
 *
 * @throws GovernanceError `PERMISSION_DENIED`
 */
export function assertOrigin(c: Context, origins: readonly string[]): void {
  const origin = c.req.header('origin')
  if (origin === undefined || origins.includes(origin) || hostOf(origin) === c.req.header('host')) return
  throw new GovernanceError('PERMISSION_DENIED', {
    message: 'A page of this origin opens no streams here.',
    hint: 'Name its origin in the option "origins" of governanceApi.',
  })
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host
  } catch {
    return undefined
  }
}
