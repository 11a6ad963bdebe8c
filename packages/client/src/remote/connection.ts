import { GovernanceError } from '../errors/governance-error.ts'
import type { JsonObject, JsonValue } from '../port/json.ts'
import type { Principal } from '../port/principal.ts'
import type { Page } from '../resources/page.ts'
import type { Call } from './caller.ts'
import { answerInvalid, isJsonObject } from './read-answer.ts'
import type { ApiRequest } from './transport.ts'

/** How one identity reaches its governor. */
export interface Connection {
  readonly request: Call
  /** Aborted, with the reason, once the governor is closed: nothing is asked any more, and streams end. */
  readonly closed: AbortSignal
  readonly principal: Principal
  /** Address of the API, credential and workspace, for streams, which are no requests with one answer. */
  readonly url: string
  readonly token: string
  readonly workspace: string
}

// A page of 100 rows may hold the args of each of them.
const MOST_BYTES_OF_PAGE = 33_554_432

/** Posts under a key of its own, so that a connection that fails does nothing twice. */
export function post(connection: Connection, path: string, body?: object): Promise<JsonValue> {
  const idempotencyKey = crypto.randomUUID()
  // Bodies are requests of the port, which are plain data.
  return connection.request({
    method: 'POST',
    path,
    idempotencyKey,
    ...(body === undefined ? {} : { body: body as JsonObject }),
  })
}

const MODEL_ANSWERS_MS = 60_000
const OTHERS_ANSWER_MS = 10_000

/** Posts a request that the server passes on to somebody else: it waits for them. */
export function postThrough({ request }: Connection, path: string): Promise<JsonValue> {
  const idempotencyKey = crypto.randomUUID()
  return request({ method: 'POST', path, idempotencyKey, body: {}, deadlineMs: OTHERS_ANSWER_MS })
}

/** Posts a request for which a chat model may be asked: it takes longer than others. */
export function postForAnswer({ request }: Connection, path: string): Promise<JsonValue> {
  return request({ method: 'POST', path, idempotencyKey: crypto.randomUUID(), deadlineMs: MODEL_ANSWERS_MS })
}

/** Gets one resource, which holds these fields. */
export async function getOne<T>(connection: Connection, path: string, fields: FieldsOf<T>): Promise<T> {
  return readResource(await connection.request({ method: 'GET', path }), fields)
}

/** Gets one page of resources, each of which holds these fields. */
export async function getPage<T>(
  connection: Connection,
  list: { readonly path: string; readonly query?: object; readonly fields: FieldsOf<T> },
): Promise<Page<T>> {
  const answer = await connection.request({
    method: 'GET',
    path: list.path,
    // A query of the port holds nothing but texts and numbers; whatever else is in it, the server refuses.
    query: { ...(list.query as ApiRequest['query']) },
    mostBytes: MOST_BYTES_OF_PAGE,
  })
  const { items, next } = isJsonObject(answer) ? answer : {}
  if (!Array.isArray(items) || !(next === null || typeof next === 'string')) throw answerInvalid('it is no page')
  return { items: items.map((item) => readResource(item, list.fields)), next }
}

/** Names of fields by which a resource is known. */
export type FieldsOf<T> = readonly (keyof T & string)[]

/**
 * Reads a resource: whatever answers here is no governor, or of another release, when one of the fields is missing.
 *
 * @throws GovernanceError `GOVERNOR_ANSWER_INVALID`
 */
export function readResource<T>(value: JsonValue | undefined, fields: FieldsOf<T>): T {
  const missing = isJsonObject(value) ? fields.find((field) => !Object.hasOwn(value, field)) : 'all of it'
  if (missing !== undefined) throw answerInvalid(`it lacks ${JSON.stringify(missing)}`)
  // The fields that tell it from other resources are there; the rest is as the server writes it.
  return value as T
}

/**
 * A path with an id in it. Of `.` and `..` an address would make another path, so that they are no ids here.
 *
 * @throws GovernanceError `NOT_FOUND`
 */
export function pathTo(strings: TemplateStringsArray, ...ids: readonly string[]): string {
  const parts = ids.map((id) => {
    const text = String(id)
    if (text === '' || text === '.' || text === '..') {
      throw new GovernanceError('NOT_FOUND', { message: `Nothing has the id ${JSON.stringify(text)}.` })
    }
    return encodeURIComponent(text)
  })
  return String.raw({ raw: strings }, ...parts)
}
