import type { JsonObject } from '@preceptor/client'

/** What somebody did at the device, for an agent to carry out. */
export interface Attempt {
  readonly agent: string
  readonly action: string
  readonly args: JsonObject
  /** Made where it was recorded, so that however often it is sent it is one attempt. */
  readonly idempotencyKey: string
}

/** What became of an attempt, as the device is told. */
export type Answer =
  | { readonly state: 'done'; readonly stock: number }
  | { readonly state: 'waiting'; readonly proposal: string }
  /** Blocked, rejected, or the run itself failed: it is not sent again. */
  | { readonly state: 'failed'; readonly code: string; readonly message: string }
  /** Nothing is known yet, or the gate could not decide: it is sent again. */
  | { readonly state: 'later'; readonly code: string }

/** One line of what the server answers a batch with. */
export interface AnswerLine {
  readonly idempotencyKey: string
  readonly answer: Answer
}

/** An attempt in the file of the device; without an answer, nothing is known of it. */
export interface Entry extends Attempt {
  readonly answer: Answer | null
}

/** What the director tells the device. */
export type DeviceOrder =
  | { readonly task: 'record'; readonly file: string; readonly attempts: readonly Attempt[] }
  | { readonly task: 'sync'; readonly file: string; readonly url: string; readonly key: string }

/** What the device says when it has done so. */
export interface DeviceReport {
  /** How many attempts it sent, and how many answers came. */
  readonly sent: number
  readonly answered: number
  /** Whether the connection broke. */
  readonly isCut: boolean
}
