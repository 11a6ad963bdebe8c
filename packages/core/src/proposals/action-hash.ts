import type { Fingerprint, JsonObject } from '@preceptor/client'
import { hashCanonical } from '../kernel/canonical-json.ts'

/** Everything that an approval is bound to. */
export interface BoundAction {
  readonly workspace: string
  readonly agent: string
  readonly fingerprint: Fingerprint
  readonly action: string
  /** Digest of the registered action, its schema included. */
  readonly digest: string
  /** Args as parsed: exactly what the tool will get. */
  readonly args: JsonObject
  readonly policyVersion: number
  readonly expiresAt: string
  readonly nonce: string
}

/** SHA-256 (hex) over the RFC 8785 canonical JSON of everything that an approval is bound to. */
export function actionHash(bound: BoundAction): string {
  return hashCanonical({ ...bound, fingerprint: { ...bound.fingerprint } })
}
