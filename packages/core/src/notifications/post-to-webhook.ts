import type { OutboundClient } from '../outbound/outbound-client.ts'
import type { SendResult } from './send-to-channel.ts'
import { type SignedMessage, signatureHeaders } from './webhook-signature.ts'

/** Sends a message to a webhook, signed; says how that ended, and never throws. */
export async function postToWebhook(
  outbound: Pick<OutboundClient, 'post'>,
  { url, secret }: { readonly url: string; readonly secret: string },
  { signal, ...message }: SignedMessage & { readonly signal?: AbortSignal },
): Promise<Exclude<SendResult, { readonly outcome: 'cancelled' }>> {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Preceptor-Webhooks',
    ...signatureHeaders(secret, message),
  }
  const result = await outbound.post({ url, headers, body: message.body, ...(signal === undefined ? {} : { signal }) })
  if (result.outcome !== 'answered') return { outcome: 'failed', status: null, error: result.reason }
  const { status } = result
  if (status >= 200 && status < 300) return { outcome: 'delivered', status }
  return { outcome: 'failed', status, error: status >= 300 && status < 400 ? 'redirect_refused' : `status_${status}` }
}
