import { createHash } from 'node:crypto'
import type { JsonObject } from '@preceptor/client'

/** The part of a BullMQ job that the gate needs; jobs of every version from 5 on have it, those of processor files too. */
export interface GovernedJob {
  readonly id?: string | undefined
  readonly name: string
  readonly data: unknown
  /** Prefix and name of its queue. */
  readonly queueQualifiedName: string
  /** When it was added, in milliseconds since the epoch. */
  readonly timestamp: number
  /** How often it ended and was tried again. */
  readonly attemptsMade: number
  /** How often a worker began it, also where it was only put off. */
  readonly attemptsStarted: number
  moveToDelayed(timestamp: number, token?: string): Promise<void>
  /** A processor file has none: there the job comes back by itself. */
  promote?(): Promise<void>
  log?(row: string): unknown
}

const LONGEST_KEY = 200
const PRINTABLE = /^[!-~]+$/

/**
 * The idempotency key of a job: the same whenever it stalls, is tried again or is put off. A number that BullMQ counted up
 * begins anew in an emptied Redis, so that the time when the job was added belongs to it. An id that the producer chose does
 * not need that: added again, it is the same attempt.
 */
export function keyOf({ id, queueQualifiedName, timestamp }: GovernedJob): string {
  const own = id ?? ''
  const key = `${queueQualifiedName}:${/^\d*$/.test(own) ? `${own}@${timestamp}` : own}`
  if (key.length <= LONGEST_KEY && PRINTABLE.test(key)) return key
  return `bullmq:${createHash('sha256').update(key).digest('hex')}`
}

/** What the job says is asked for; whatever is no object is refused by the gate. */
export function dataOf({ data }: GovernedJob): JsonObject {
  return data as JsonObject
}
