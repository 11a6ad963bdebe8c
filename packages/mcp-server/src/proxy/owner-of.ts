import { UriTemplate } from '@modelcontextprotocol/sdk/shared/uriTemplate.js'
import { CompleteRequestSchema, ErrorCode, McpError, type Request } from '@modelcontextprotocol/sdk/types.js'
import type { Upstream } from '../upstream/upstream.ts'
import { allPages } from './listed-result.ts'
import type { ProxySession } from './proxy-session.ts'

/** An upstream, and a request as it is to be sent to it. */
export interface Addressed {
  readonly upstream: Upstream
  readonly request: Request
}

/**
 * Finds the upstream that a request is about: the only one, or that of the prefix or the address in it.
 *
 * @throws McpError `MethodNotFound` or `InvalidParams` where it is about none.
 */
export async function addressed(session: ProxySession, request: Request, signal: AbortSignal): Promise<Addressed> {
  const [only] = session.upstreams.values()
  if (only !== undefined && session.upstreams.size === 1) return { upstream: only, request }
  if (request.method === 'completion/complete') return ofCompletion(session, request, signal)
  const uri = request.params?.uri
  if (typeof uri === 'string') return { upstream: await ownerOf(session, uri, signal), request }
  throw new McpError(ErrorCode.MethodNotFound, `${request.method} names none of the servers behind this proxy.`)
}

async function ofCompletion(session: ProxySession, request: Request, signal: AbortSignal): Promise<Addressed> {
  const { ref } = CompleteRequestSchema.parse(request).params
  if (ref.type === 'ref/resource') return { upstream: await ownerOf(session, ref.uri, signal), request }
  const inner = session.names.inner(ref.name)
  const upstream = inner && session.upstreams.get(inner.upstream)
  if (inner === undefined || upstream === undefined) throw unknown(ref.name)
  return { upstream, request: { ...request, params: { ...request.params, ref: { ...ref, name: inner.name } } } }
}

/** The one upstream that lists an address, else the first one with a template that it fits. */
async function ownerOf({ upstreams }: ProxySession, uri: string, signal: AbortSignal): Promise<Upstream> {
  const able = [...upstreams.values()].filter(({ facts }) => facts.capabilities.resources !== undefined)
  for (const upstream of able) {
    const listed = await allPages(upstream, { method: 'resources/list', key: 'resources', signal })
    if (listed.some((resource) => resource.uri === uri)) return upstream
  }
  for (const upstream of able) {
    const asked = { method: 'resources/templates/list', key: 'resourceTemplates', signal }
    const templates = await allPages(upstream, asked).catch(() => [])
    if (templates.some(({ uriTemplate }) => uriTemplate === uri || fits(uriTemplate, uri))) return upstream
  }
  throw unknown(uri)
}

function fits(template: unknown, uri: string): boolean {
  try {
    return typeof template === 'string' && new UriTemplate(template).match(uri) !== null
  } catch {
    return false
  }
}

function unknown(name: string): McpError {
  return new McpError(ErrorCode.InvalidParams, `There is no ${JSON.stringify(name.slice(0, 200))} behind this proxy.`)
}
