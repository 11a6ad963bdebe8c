import type { JsonValue } from '../port/json.ts'

/** One difference between two sets of args. Values that the schema hides are masked: only that they differ is told. */
export interface ArgChange {
  /** JSON Pointer (RFC 6901) of the value. */
  readonly pointer: string
  readonly kind: 'added' | 'removed' | 'changed'
  readonly before?: JsonValue
  readonly after?: JsonValue
}
