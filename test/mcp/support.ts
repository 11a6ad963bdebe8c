import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { ControlPlane, Decision, JsonObject } from '@preceptor/client'
import { createMcpEndpoint, type McpEndpoint, type McpEndpointOptions } from '@preceptor/mcp-server'
import { Hono } from 'hono'

/** An endpoint behind a real server. */
export interface ServedEndpoint {
  readonly url: URL
  readonly endpoint: McpEndpoint
  close(): Promise<void>
}

/** Serves the governance tools on 127.0.0.1. */
export function serveEndpoint(governor: ControlPlane, options?: McpEndpointOptions): Promise<ServedEndpoint> {
  return serveOver(createMcpEndpoint(governor, options))
}

/** Serves an endpoint on 127.0.0.1; `credential` is that of every request that brings none. */
export async function serveOver(endpoint: McpEndpoint, credential?: string): Promise<ServedEndpoint> {
  const app = new Hono().all('/mcp', ({ req: { raw } }) => {
    if (credential === undefined || raw.headers.has('authorization')) return endpoint.fetch(raw)
    const headers = new Headers([...raw.headers, ['authorization', `Bearer ${credential}`]])
    return endpoint.fetch(new Request(raw, { headers }))
  })
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: new URL(`http://127.0.0.1:${port}/mcp`),
    endpoint,
    async close() {
      await endpoint.close()
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
    },
  }
}

/** A client of the SDK over a transport, initialized, with the schemas of all tools read. */
export async function connectClient(transport: object): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  // The interface of the SDK is not written for exact optional properties.
  await client.connect(transport as Transport)
  await client.listTools()
  return client
}

/** The way to an endpoint with a credential. */
export function httpTransport(url: URL, credential: string): Transport {
  const requestInit = { headers: { authorization: `Bearer ${credential}` } }
  // The interface of the SDK is not written for exact optional properties.
  return new StreamableHTTPClientTransport(url, { requestInit }) as Transport
}

/** A client over HTTP with a credential. */
export function connectHttp(url: URL, credential: string): Promise<Client> {
  return connectClient(httpTransport(url, credential))
}

/** What a tool answered: its structured content, which the client has validated, or the error. */
export interface ToolAnswer {
  readonly error?: {
    readonly code: string
    readonly message: string
    readonly next: string
    readonly retryable: boolean
  }
  readonly [name: string]: unknown
}

/** Calls a tool; the text of its answer must be the same JSON as its structured content. */
export async function callTool(client: Client, name: string, args: JsonObject): Promise<ToolAnswer> {
  const { structuredContent, content, isError } = await client.callTool({ name, arguments: { ...args } })
  const [first] = content as readonly { readonly type: string; readonly text: string }[]
  const said = JSON.parse(first?.text ?? 'null')
  if (isError === true) return said
  if (JSON.stringify(structuredContent) !== JSON.stringify(said))
    throw new Error(`The text says otherwise: ${first?.text}`)
  return said
}

/** What `request_action` answers. */
export interface RequestAnswer {
  readonly decision: Decision
  readonly mayRun: boolean
  readonly args?: JsonObject
  readonly idempotencyKey: string
  readonly next: string
}

/** Requests an action that the gate must answer with a decision. */
export async function requestAction(client: Client, request: JsonObject): Promise<RequestAnswer> {
  const { error, ...answer } = await callTool(client, 'request_action', request)
  if (error !== undefined) throw new Error(`${error.code}: ${error.message}`)
  return answer as unknown as RequestAnswer
}
