import type { GovernorContext } from '../context.ts'
import type { OutboundClient } from '../outbound/outbound-client.ts'
import type { IdentityCache } from './identity-cache.ts'

/** What the use cases of access need beside the context of every use case. */
export interface AccessContext extends GovernorContext {
  /** Cryptographic randomness: the secrets of API keys are made of it. */
  readonly randomBytes: (size: number) => Uint8Array
  readonly identities: IdentityCache
  /** Whether an operation of core or of a plugin can be given to a service. */
  readonly isServiceScope: (operation: string) => boolean
  /** The only way out to addresses that somebody typed in. */
  readonly outbound: OutboundClient
}
