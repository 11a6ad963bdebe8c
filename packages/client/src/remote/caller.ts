import type { JsonValue } from '../port/json.ts'
import type { ApiRequest, Transport } from './transport.ts'

/** Sends requests for one scope: with its credential, and for its workspace only. */
export type Call = (request: Omit<ApiRequest, 'token' | 'workspace'>) => Promise<JsonValue>

/** Who calls. */
export interface Caller {
  readonly token: string
  readonly workspace: string
}

/** Binds a transport to who calls. */
export function createCall(transport: Transport, { token, workspace }: Caller): Call {
  return (request) => transport.request({ ...request, token, workspace })
}
