import { createHmac } from 'node:crypto'

const SECRET_BYTES = 32
const PREFIX = 'whsec_'

/** Makes a secret of Standard Webhooks. */
export function makeWebhookSecret(randomBytes: (size: number) => Uint8Array): string {
  return `${PREFIX}${Buffer.from(randomBytes(SECRET_BYTES)).toString('base64')}`
}

/** A message to be signed; `at` in milliseconds since the epoch. */
export interface SignedMessage {
  readonly id: string
  readonly at: number
  readonly body: string
}

/** The headers by which a receiver knows who sent a message, and when (Standard Webhooks, symmetric). */
export function signatureHeaders(secret: string, { id, at, body }: SignedMessage): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / 1_000))
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}
