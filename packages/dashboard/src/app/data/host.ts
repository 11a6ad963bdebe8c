import { connectGovernor, type Health } from '@preceptor/client'
import { pageAddress } from './page-address.ts'

/** Asks whether the gate can decide now. It never throws: a server that does not answer is an answer. */
export function readHealth(): Promise<Health> {
  // Health needs no credential; the name only stands in its place.
  return connectGovernor({
    url: pageAddress('api'),
    token: 'health',
    allowPlainHttp: true,
    deadlineMs: 10_000,
  }).health()
}

/** Where the description of the API is. */
export function apiDescription(): string {
  return pageAddress('api/openapi.json').href
}

/** The version that the description of the API states; null where it states none. */
export async function readApiVersion(): Promise<string | null> {
  const response = await fetch(apiDescription())
  const body: unknown = response.ok ? await response.json() : null
  const info: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'info') : null
  const version: unknown = typeof info === 'object' && info !== null ? Reflect.get(info, 'version') : null
  return typeof version === 'string' ? version : null
}
