import { GovernanceError, type JsonValue } from '@preceptor/client'
import type { Context } from 'hono'
import { parseStrictJson } from './strict-json.ts'

/** The body of a request. */
export interface RequestBody {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Null without a body. */
  readonly value: JsonValue
}

const MOST_BYTES = 262_144
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;\s*charset="?utf-8"?\s*)?$/i
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a JSON body of at most 256 kB, once: what follows reads it again through `c.req`.
 *
 * @throws GovernanceError `BODY_TOO_LARGE`, `BODY_TOO_DEEP`, `BODY_NOT_JSON`.
 */
export async function readBody(c: Context): Promise<RequestBody> {
  const isBodiless = c.req.method === 'GET' || c.req.method === 'HEAD'
  const bytes = isBodiless ? new Uint8Array(0) : await readBytes(c)
  if (bytes.length === 0) return { bytes, value: null }
  if (!JSON_TYPE.test(c.req.header('content-type') ?? '')) throw new GovernanceError('BODY_NOT_JSON')
  return { bytes, value: parseStrictJson(decode(bytes)) }
}

/**
 * Reads a body of at most 256 kB, as it came.
 *
 * @throws GovernanceError `BODY_TOO_LARGE`
 */
export async function readBytes(c: Context): Promise<Uint8Array<ArrayBuffer>> {
  const stated = c.req.header('content-length')
  if (Number(stated) > MOST_BYTES) throw new GovernanceError('BODY_TOO_LARGE')
  if (stated === undefined && Object.keys(c.req.bodyCache).length === 0) bound(c)
  const bytes = new Uint8Array(await c.req.arrayBuffer())
  if (bytes.length > MOST_BYTES) throw new GovernanceError('BODY_TOO_LARGE')
  return bytes
}

/** A body of unknown length is read only as far as it is allowed to go. */
function bound(c: Context): void {
  let size = 0
  const limit = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      size += chunk.length
      if (size > MOST_BYTES) controller.error(new GovernanceError('BODY_TOO_LARGE'))
      else controller.enqueue(chunk)
    },
  })
  const body = c.req.raw.body?.pipeThrough(limit) ?? null
  c.req.raw = new Request(c.req.raw, { body, duplex: 'half' })
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new GovernanceError('BODY_NOT_JSON', { message: 'The request body is not UTF-8.', cause })
  }
}
