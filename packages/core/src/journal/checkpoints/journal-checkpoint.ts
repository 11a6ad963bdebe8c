import type { JsonObject } from '@preceptor/client'
import { sha256Hex } from '../../kernel/canonical-json.ts'
import { canonicalText } from '../canonical-text.ts'
import type { CheckpointSigner, CheckpointVerifier } from './checkpoint-keys.ts'

/** What stands before the first checkpoint of a store. */
export const NO_CHECKPOINT: string = '0'.repeat(64)

/** What a checkpoint says of the chain of one workspace. */
export interface CheckpointClaim {
  readonly workspace: string
  /** The last row that was sealed, and its hash, which holds all rows before it. */
  readonly sequence: number
  readonly hash: string
  /** Rows of the chain that were computed again and agreed, from the first one on. */
  readonly count: number
  /** ISO 8601, UTC. */
  readonly takenAt: string
  /** Its place in the store, from 1 on, whichever workspace it is of. */
  readonly number: number
  /** SHA-256 of the line before it in the store. */
  readonly previous: string
}

/** A checkpoint as it stands in a store. */
export interface JournalCheckpoint extends CheckpointClaim {
  readonly keyId: string
  /** Ed25519, base64. */
  readonly signature: string
  /** SHA-256 of its line. */
  readonly digest: string
}

const VERSION = 1
const SIGNED_AS = 'preceptor.checkpoint.v1\n'
const HASH = /^[0-9a-f]{64}$/

/** Signs a claim; gives the line for the store. */
export function checkpointLine(claim: CheckpointClaim, signer: CheckpointSigner): string {
  const body = { ...bodyOf(claim), keyId: signer.keyId }
  return canonicalText({ ...body, signature: signer.sign(signedText(body)) })
}

/** Reads a line, which must be exactly as it was written; undefined for anything else. */
export function readCheckpoint(line: string): JournalCheckpoint | undefined {
  const value = parse(line)
  if (value === undefined || canonicalText(value) !== line) return undefined
  const { workspace, sequence, hash, count, takenAt, number, previous, keyId, signature, version } = value
  if (version !== VERSION || Object.keys(value).length !== 10) return undefined
  if (typeof workspace !== 'string' || typeof takenAt !== 'string') return undefined
  if (typeof keyId !== 'string' || typeof signature !== 'string') return undefined
  if (!isHash(hash) || !isHash(previous)) return undefined
  if (!isCount(sequence) || !isCount(count) || !isCount(number)) return undefined
  const digest = sha256Hex(line)
  return { workspace, sequence, hash, count, takenAt, number, previous, keyId, signature, digest }
}

/** Whether one of the keys signed it. */
export function isSigned(checkpoint: JournalCheckpoint, verifier: CheckpointVerifier): boolean {
  const { keyId, signature } = checkpoint
  return verifier.verify({ keyId, signature, text: signedText({ ...bodyOf(checkpoint), keyId }) })
}

function bodyOf({ workspace, sequence, hash, count, takenAt, number, previous }: CheckpointClaim): JsonObject {
  return { version: VERSION, workspace, sequence, hash, count, takenAt, number, previous }
}

function signedText(body: JsonObject): string {
  return SIGNED_AS + canonicalText(body)
}

function parse(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line)
    // Whatever the members are, they are looked at one by one.
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
  } catch {
    return undefined
  }
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && HASH.test(value)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
}
