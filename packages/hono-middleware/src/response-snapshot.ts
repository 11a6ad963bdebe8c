import type { JsonValue } from '@preceptor/client'

const REPEATABLE = /^(?:application\/(?:[\w.+-]+\+)?json|text\/(?!event-stream))/i

/**
 * A response as it can be repeated when the caller sends the same request again; null for a stream or a download.
 * Reading it leaves the response whole.
 */
export async function takeSnapshot(response: Response, caller: string): Promise<JsonValue> {
  const { status, headers, body } = response
  const contentType = headers.get('content-type') ?? ''
  if (body !== null && (headers.has('transfer-encoding') || !REPEATABLE.test(contentType))) return null
  const text = body === null ? '' : await response.clone().text()
  return { caller, status, contentType, location: headers.get('location'), text }
}

/** Answers as the first time; undefined when what was stored is no response, or one to another caller. */
export function repeatSnapshot(value: JsonValue, caller: string): Response | undefined {
  if (typeof value !== 'object' || value === null || !('caller' in value) || value.caller !== caller) return undefined
  const { status, contentType, location, text } = value
  const headers = new Headers({ 'preceptor-replayed': 'true' })
  if (typeof contentType === 'string' && contentType !== '') headers.set('content-type', contentType)
  if (typeof location === 'string') headers.set('location', location)
  return new Response(text === '' ? null : String(text), { status: Number(status), headers })
}
