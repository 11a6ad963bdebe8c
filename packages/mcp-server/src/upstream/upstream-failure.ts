import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { McpError, type Request } from '@modelcontextprotocol/sdk/types.js'
import { GovernanceError, isInfrastructureFailure } from '@preceptor/client'

/** A request that got no answer. */
export interface FailedRequest {
  readonly upstream: string
  readonly request: Request
  readonly error: unknown
  /** Whether the connection that it was sent over has ended. */
  readonly isGone: boolean
}

/**
 * What a failed request means: what the server answered stays as it is; where the server went away, nobody knows what
 * became of a call, and it is not made again.
 */
export function upstreamFailure({ upstream, request, error, isGone }: FailedRequest): unknown {
  const isFromServer = error instanceof McpError && !isGone
  if (isFromServer || GovernanceError.isInstance(error)) return error
  if (!isGone && !isForgotten(error) && !isInfrastructureFailure(error)) return error
  const isSent = error instanceof McpError || !(isForgotten(error) || isUnsent(error))
  // Around the agent, and by nothing that it did: the cause tells the record of the run so.
  const cause = Object.assign(new Error(String(error), { cause: error }), { code: 'ECONNRESET' })
  if (request.method !== 'tools/call' || !isSent) {
    return new GovernanceError('UPSTREAM_UNAVAILABLE', {
      message: `The upstream "${upstream}" does not answer.`,
      cause,
    })
  }
  return new GovernanceError('OUTCOME_UNKNOWN', {
    message: `The upstream "${upstream}" went away during the call, which is not made again: nobody knows what it did.`,
    hint: 'Look whether it took effect before you call it again.',
    cause,
  })
}

/** Whether a server over HTTP refuses a session that it does not know, as one does that was started again. */
function isForgotten(error: unknown): boolean {
  return error instanceof StreamableHTTPError && error.code === 404
}

/** Whether it never left: there was no connection. */
function isUnsent(error: unknown): boolean {
  const { message, cause } = Object(error)
  return message === 'Not connected' || Object(cause).code === 'ECONNREFUSED'
}
