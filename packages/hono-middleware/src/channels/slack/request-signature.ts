import { createHmac, timingSafeEqual } from 'node:crypto'

const WITHIN_MS = 5 * 60_000
const SIGNATURE = /^v0=[0-9a-f]{64}$/

/** What of a request is signed. */
export interface SignedRequest {
  /** Header `x-slack-request-timestamp`. */
  readonly timestamp: string | undefined
  /** Header `x-slack-signature`. */
  readonly signature: string | undefined
  /** The body as it came. */
  readonly body: Uint8Array
}

/** Whether Slack signed a request at most five minutes ago (v0: HMAC-SHA256 over `v0:<timestamp>:<body>`). */
export function isFromSlack({ timestamp, signature, body }: SignedRequest, secret: string, now: number): boolean {
  if (timestamp === undefined || signature === undefined) return false
  if (!/^\d{1,12}$/.test(timestamp) || !SIGNATURE.test(signature)) return false
  if (Math.abs(now - Number(timestamp) * 1_000) > WITHIN_MS) return false
  const expected = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`
  return timingSafeEqual(Buffer.from(expected), Buffer.from(signature))
}
