import type { ElicitRequestFormParams, ElicitRequestURLParams, ElicitResult } from '@modelcontextprotocol/sdk/types.js'

/** How the person at the client is asked; the model neither sees the question nor answers it. */
export interface PersonAtClient {
  readonly ask: (params: ElicitRequestFormParams | ElicitRequestURLParams) => Promise<ElicitResult>
  readonly hasForms: boolean
  readonly hasAddresses: boolean
  /** Address of the dashboard, where what is grave is decided. */
  readonly dashboardUrl: string | undefined
}
