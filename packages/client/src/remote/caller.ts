import type { JsonValue } from '../port/json.ts'
import type { Surface } from '../port/vocabulary.ts'
import type { ApiRequest, Transport } from './transport.ts'

/** Sends requests for one scope: with its credential, and for its workspace only. */
export type Call = (request: Omit<ApiRequest, 'token' | 'workspace' | 'surface'>) => Promise<JsonValue>

/** Who calls. */
export interface Caller {
  readonly token: string
  readonly workspace: string
  /** The surface that calls; absent for the host itself. */
  readonly surface?: Surface
}

/** Binds a transport to who calls. */
export function createCall(transport: Transport, { token, workspace, surface }: Caller): Call {
  const caller = { token, workspace, ...(surface !== undefined && { surface }) }
  return (request) => transport.request({ ...request, ...caller })
}
