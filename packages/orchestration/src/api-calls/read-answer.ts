import type { JsonObject, JsonValue } from '@preceptor/client'
import type { OutboundAnswer } from '@preceptor/core/plugin'
import { lastingFault } from '../faults/step-fault.ts'
import { storableJson } from '../faults/storable-json.ts'

// Whatever else a server says of its answer is of no use to a workflow, or is a session that nobody asked for.
const KEPT_HEADERS = ['content-type', 'location', 'etag', 'retry-after']
const JSON_TYPE = /^[\w.+/-]*[/+]json\b/i

/** What a call gives: status, a few headers, and the body, as JSON where it is JSON. */
export function readAnswer(
  answer: OutboundAnswer,
  { what, hide }: { readonly what: string; readonly hide: (text: string) => string },
): JsonObject {
  const { status, headers } = answer
  const kept = KEPT_HEADERS.flatMap((name) => {
    const value = headers[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  const output = storableJson({ status, headers: Object.fromEntries(kept), body: bodyOf(answer) }, hide)
  if (output === undefined) throw lastingFault(`${what} was answered ${status}, nested deeper than can be kept.`)
  // A copy of an object is one.
  return output as JsonObject
}

function bodyOf({ body, headers }: OutboundAnswer): JsonValue {
  if (body === '') return null
  const type = headers['content-type']
  if (type !== undefined && !JSON_TYPE.test(type)) return body
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
