import { GovernanceError } from '@preceptor/client'
import { z } from 'zod'
import { readCheckpointKeys } from './checkpoint-keys.ts'
import { type CheckpointLog, createCheckpointLog } from './checkpoint-log.ts'
import type { CheckpointStore } from './checkpoint-store.ts'

/** How checkpoints of the journal are signed and kept. */
export interface CheckpointOptions {
  /** Where they are kept: `createFileCheckpoints(path)`, or a store of the host. */
  readonly store: CheckpointStore
  /** Ed25519 private key in PEM (PKCS #8) that signs; a process without it only verifies. It is never made here. */
  readonly key?: string | undefined
  /** Ed25519 public keys in PEM whose checkpoints are accepted too, such as those of keys that were replaced. */
  readonly publicKeys?: readonly string[] | undefined
  /** Milliseconds after which rows that were sealed get a checkpoint; default 600,000. */
  readonly everyMs?: number
  /** Rows that get a checkpoint before that; default 1,000. They are counted once a minute. */
  readonly everyRows?: number
}

const EVERY_MS = 600_000
const EVERY_ROWS = 1_000

const schema = z.strictObject({
  store: z.custom<CheckpointStore>(isStore, 'must have "read" and "append"'),
  key: z.string().min(1).optional(),
  publicKeys: z.array(z.string().min(1)).max(100).optional(),
  everyMs: z.int().min(1_000).max(86_400_000).optional(),
  everyRows: z.int().min(1).optional(),
})

/**
 * Checks the options of checkpoints.
 *
 * @throws GovernanceError `OPTION_INVALID`
 */
export function parseCheckpointOptions(options: CheckpointOptions): CheckpointOptions {
  const result = schema.safeParse(options)
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)
    throw new GovernanceError('OPTION_INVALID', { message: `Option "checkpoints": ${problems.join('; ')}.` })
  }
  readCheckpointKeys(options)
  return options
}

/**
 * Opens the checkpoints of a process.
 *
 * @throws GovernanceError `OPTION_INVALID`
 */
export function openCheckpoints(options: CheckpointOptions): CheckpointLog {
  const { store, everyMs = EVERY_MS, everyRows = EVERY_ROWS } = parseCheckpointOptions(options)
  return createCheckpointLog({ store, keys: readCheckpointKeys(options), everyMs, everyRows })
}

function isStore(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return ['read', 'append'].every((name) => typeof Reflect.get(value, name) === 'function')
}
