import type { Surface } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'

const CHANNEL = /^(slack|email):/

/** What a decision came by: a channel says so by its credential, an adapter by its scope. */
export function surfaceOf({ principal, surface }: Actor): Surface {
  const channel = principal.credential === undefined ? undefined : CHANNEL.exec(principal.credential)?.[1]
  return channel === 'slack' || channel === 'email' ? channel : (surface ?? 'host')
}

/** What the journal says of it, beside who decided; nothing where that was the host itself. */
export function decidedVia(via: Surface): { readonly via?: Surface } {
  return via === 'host' ? {} : { via }
}
