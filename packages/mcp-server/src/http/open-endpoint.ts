import type { CallerAddress, ControlPlane } from '@preceptor/client'
import { type AdmissionOptions, admitRequest } from './admit-request.ts'
import { createSessions, type SessionLimits, type SessionOptions } from './mcp-sessions.ts'
import { problemResponse } from './problem.ts'
import { type AuthorizationOptions, asksForMetadata, metadataAddress, protectedResource } from './protected-resource.ts'

/** Options of every endpoint. */
export interface EndpointOptions extends AdmissionOptions, SessionLimits {
  /** Told of what caused an answer of 500 and above, of which the answer says nothing, or an end of a session to fail. */
  readonly onFault?: (error: unknown) => void
  /** Who gives the tokens that it takes; clients then find it by themselves (RFC 9728). */
  readonly authorization?: AuthorizationOptions
}

/** An MCP server over Streamable HTTP. */
export interface McpEndpoint {
  /**
   * Answers one request; mount it at a path, such as `/mcp`, for all methods, and with `authorization` at
   * `/.well-known/oauth-protected-resource/*`, too. Where it is told from where the request came,
   * guessing credentials is slowed down.
   */
  fetch(request: Request, from?: CallerAddress): Promise<Response>
  /** Ends all sessions; what is open in them is put on record. */
  close(): Promise<void>
}

/** Makes an endpoint that admits each request and has a server of its own for each session. */
export function openEndpoint(
  governor: ControlPlane,
  { onFault = () => undefined, authorization, ...rest }: EndpointOptions,
  serve: SessionOptions['serve'],
): McpEndpoint {
  const metadata = authorization && metadataAddress(authorization)
  const sessions = createSessions({ ...rest, onFault, serve })
  return {
    async fetch(request, from) {
      if (authorization !== undefined && asksForMetadata(request)) {
        return Response.json(protectedResource(authorization), { headers: { 'access-control-allow-origin': '*' } })
      }
      try {
        return await sessions.handle(request, await admitRequest(request, { governor, from, ...rest }))
      } catch (error) {
        const response = problemResponse(error, metadata)
        if (response.status >= 500) onFault(error)
        return response
      }
    },
    close: () => sessions.close(),
  }
}
