import type { JsonValue } from '../port/json.ts'
import type { ApiRequest, Transport } from './transport.ts'

/** Sends requests for one scope: with its credential, and for its workspace only. */
export type Call = (request: Omit<ApiRequest, 'token' | 'workspace' | 'source'>) => Promise<JsonValue>

/** Who calls. */
export interface Caller {
  readonly token: string
  readonly workspace: string
  /** Where the host states it. */
  readonly source: string | undefined
}

/** Binds a transport to who calls. */
export function createCall(transport: Transport, { token, workspace, source }: Caller): Call {
  const bound = { token, workspace, ...(source === undefined ? {} : { source }) }
  return (request) => transport.request({ ...request, ...bound })
}
