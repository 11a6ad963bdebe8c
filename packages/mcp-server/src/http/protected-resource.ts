import type { JsonObject } from '@preceptor/client'

/** Who gives the tokens that an endpoint takes. */
export interface AuthorizationOptions {
  /** Address of the endpoint as its clients know it, such as `https://preceptor.example/mcp`: tokens must be for it. */
  readonly resource: string
  /** Addresses of the authorization servers. */
  readonly servers: readonly string[]
}

const WELL_KNOWN = '/.well-known/oauth-protected-resource'

/** Where the metadata of an endpoint is (RFC 9728, section 3.1): the path of the endpoint behind the well-known one. */
export function metadataAddress({ resource }: AuthorizationOptions): string {
  const { origin, pathname } = new URL(resource)
  return `${origin}${WELL_KNOWN}${pathname === '/' ? '' : pathname}`
}

/** Whether a request asks for the metadata; under the bare address, too, where clients look next. */
export function asksForMetadata({ method, url }: Request): boolean {
  return method === 'GET' && new URL(url).pathname.startsWith(WELL_KNOWN)
}

/** What a client needs to know to get a token (RFC 9728, section 2). */
export function protectedResource({ resource, servers }: AuthorizationOptions): JsonObject {
  return {
    resource,
    authorization_servers: [...servers],
    bearer_methods_supported: ['header'],
    resource_name: 'Preceptor',
  }
}
