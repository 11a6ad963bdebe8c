import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { createMcpEndpoint } from '@preceptor/mcp-server'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { connectHttp, requestAction, type ServedEndpoint, serveEndpoint } from './support.ts'

let test: TestGovernor
let served: ServedEndpoint
let key: string
let otherKey: string
let sameAgentKey: string

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
}
const LIST = { jsonrpc: '2.0', id: 2, method: 'tools/list' }

interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly endpoint?: { fetch(request: Request): Promise<Response> }
}

/** A raw request with the credential, unless the headers say otherwise. */
function send({ method = 'POST', headers = {}, body, endpoint = served.endpoint }: Sent): Promise<Response> {
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body)
  const request = new Request('http://127.0.0.1/mcp', {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      accept: 'application/json, text/event-stream',
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(text === undefined ? {} : { body: text }),
  })
  return endpoint.fetch(request)
}

async function initialize(sent: Omit<Sent, 'body'> = {}): Promise<string> {
  const response = await send({ ...sent, body: INITIALIZE })
  expect(response.status).toBe(200)
  await response.text()
  return response.headers.get('mcp-session-id') ?? ''
}

async function problemOf(response: Response): Promise<unknown> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const problem = (await response.json()) as { readonly code: string }
  expect(problem).toMatchObject({ status: response.status, hint: expect.stringMatching(/./) })
  return problem.code
}

beforeAll(async () => {
  test = await createTestGovernor({ settings: { deadlineMs: 20_000 } })
  const keys: string[] = []
  for (const agent of ['bot', 'other', 'bot']) {
    if (keys.length < 2) await test.register(agent, 'autonomous')
    const request = { displayName: agent, principalKind: 'agent', principalId: agent } as const
    keys.push((await test.admin.keys.create(request)).secret)
  }
  ;[key = '', otherKey = '', sameAgentKey = ''] = keys
  served = await serveEndpoint(test.governor)
})
afterAll(async () => {
  await served.close()
  await test.close()
})

describe(verifies(['MCP-4', 'I-38'], 'the endpoint'), () => {
  it.each([
    ['PRINCIPAL_REQUIRED', undefined, 'Bearer realm="preceptor"'],
    ['CREDENTIAL_INVALID', 'Bearer pcp_wrong', 'Bearer realm="preceptor", error="invalid_token"'],
    ['CREDENTIAL_INVALID', 'Basic abc', 'Bearer realm="preceptor", error="invalid_token"'],
  ])('challenges whom it does not know: %s %s', async (code, authorization, challenge) => {
    const request = new Request('http://localhost/mcp', {
      method: 'POST',
      headers: authorization === undefined ? {} : { authorization },
      body: JSON.stringify(INITIALIZE),
    })
    const response = await served.endpoint.fetch(request)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe(challenge)
    expect(await problemOf(response)).toBe(code)
  })

  it.each([
    [{ host: 'attacker.example' }, 403],
    [{ host: 'attacker.example:80' }, 403],
    [{ host: '127.0.0.1', origin: 'https://attacker.example' }, 403],
    [{ host: '127.0.0.1:4600', origin: 'http://127.0.0.1:4601' }, 403],
    [{ host: '127.0.0.1', origin: 'null' }, 403],
    [{ host: 'attacker.example', origin: 'http://attacker.example' }, 403],
    [{ host: '127.0.0.1', origin: 'http://127.0.0.1' }, 200],
    [{ host: 'localhost:4600', origin: 'http://localhost:4600' }, 200],
    [{ host: '[::1]:4600' }, 200],
  ])('answers its own host and origin only: %j %i', async (headers, status) => {
    const response = await send({ headers, body: INITIALIZE })
    expect(response.status).toBe(status)
    if (status === 403) expect(await problemOf(response)).toBe('ORIGIN_REFUSED')
    else await response.text()
  })

  it('answers the hosts and origins that it is told', async () => {
    const endpoint = createMcpEndpoint(test.governor, {
      allowedHosts: ['mcp.example'],
      allowedOrigins: ['https://app.example'],
    })
    const headers = { host: 'mcp.example', origin: 'https://app.example' }
    await initialize({ headers, endpoint })
    expect((await send({ body: INITIALIZE, endpoint })).status).toBe(403)
    await endpoint.close()
  })

  it('refuses a body of 1 MB, with and without its length stated', async () => {
    const body = JSON.stringify({ ...LIST, params: { padding: 'x'.repeat(1_048_576) } })
    const stated = await send({ body, headers: { 'content-length': String(body.length) } })
    expect(await problemOf(stated)).toBe('BODY_TOO_LARGE')
    // The server hangs up on what it does not read: no other test may get that connection.
    const own = await serveEndpoint(test.governor)
    const streamed = await fetch(own.url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
      },
      body: new Blob([body]).stream(),
      duplex: 'half',
    } as RequestInit)
    expect(streamed.status).toBe(413)
    await own.close()
  })

  it.each([
    ['no JSON', '{"jsonrpc":', 400],
    ['no message', '{"hello":"there"}', 400],
    ['a list of 10,000 levels', '['.repeat(10_000) + ']'.repeat(10_000), 400],
    ['no session', LIST, 400],
  ])('says what is wrong with a body that is %s', async (_, body, status) => {
    const response = await send({ body })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { message: expect.stringMatching(/./) } })
  })

  it('refuses other methods, and requests for sessions that do not exist', async () => {
    const put = await send({ method: 'PUT', body: LIST })
    expect(put.headers.get('allow')).toBe('GET, POST, DELETE')
    expect(await problemOf(put)).toBe('METHOD_NOT_ALLOWED')
    for (const method of ['GET', 'DELETE']) expect(await problemOf(await send({ method }))).toBe('NOT_FOUND')
    expect(await problemOf(await send({ body: LIST, headers: { 'mcp-session-id': 'made-up' } }))).toBe('NOT_FOUND')
  })
})

describe(verifies(['MCP-4', 'I-38'], 'a session'), () => {
  it('answers the credential that began it, and no other, not even of the same agent', async () => {
    const session = { 'mcp-session-id': await initialize() }
    const own = await send({ body: LIST, headers: session })
    expect(own.status).toBe(200)
    await own.text()
    for (const thief of [otherKey, sameAgentKey]) {
      for (const method of ['POST', 'GET', 'DELETE']) {
        const headers = { ...session, authorization: `Bearer ${thief}` }
        const stolen = await send({ method, headers, ...(method === 'POST' ? { body: LIST } : {}) })
        expect(await problemOf(stolen)).toBe('NOT_FOUND')
      }
    }
    expect((await send({ method: 'DELETE', headers: session })).status).toBe(200)
    expect(await problemOf(await send({ body: LIST, headers: session }))).toBe('NOT_FOUND')
  })

  it('ends when its credential is revoked', async () => {
    const request = { displayName: 'short', principalKind: 'agent', principalId: 'bot' } as const
    const { key: record, secret } = await test.admin.keys.create(request)
    const headers = { authorization: `Bearer ${secret}` }
    const session = { ...headers, 'mcp-session-id': await initialize({ headers }) }
    await test.admin.keys.revoke(record.id)
    await vi.waitFor(async () => expect((await send({ body: LIST, headers: session })).status).toBe(401), {
      timeout: 10_000,
    })
  })

  it('ends when it is idle, and when its credential has too many', async () => {
    const endpoint = createMcpEndpoint(test.governor, { idleMs: 200, mostSessionsOfCredential: 2, mostSessions: 3 })
    const sessions: string[] = []
    for (let count = 0; count < 3; count += 1) sessions.push(await initialize({ endpoint }))
    const statusOf = async (id: string): Promise<number> =>
      (await send({ body: LIST, endpoint, headers: { 'mcp-session-id': id } })).status
    expect(await Promise.all(sessions.map(statusOf))).toEqual([404, 200, 200])
    const stream = await send({ method: 'GET', endpoint, headers: { 'mcp-session-id': sessions[2] ?? '' } })
    expect(stream.status).toBe(200)
    // Its stream lasts as long as the session.
    await stream.text()
    expect(await statusOf(sessions[2] ?? '')).toBe(404)
    await endpoint.close()
  })

  it('is refused when there are as many as the endpoint keeps', async () => {
    const endpoint = createMcpEndpoint(test.governor, { mostSessions: 1 })
    await initialize({ endpoint })
    const refused = await send({ body: INITIALIZE, endpoint, headers: { authorization: `Bearer ${otherKey}` } })
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(await problemOf(refused)).toBe('RATE_LIMITED')
    await endpoint.close()
    await initialize({ endpoint })
    await endpoint.close()
  })

  it('sees its own agent only, beside another one', async () => {
    const clients: Client[] = [await connectHttp(served.url, key), await connectHttp(served.url, otherKey)]
    const decided = await Promise.all(
      clients.map((client) => requestAction(client, { action: 'refund.create', args: {}, idempotencyKey: 'same' })),
    )
    expect(decided.map(({ decision }) => decision.agent)).toEqual(['bot', 'other'])
    const [bot, other] = clients
    const id = decided[0]?.decision.id ?? ''
    const seen = await other?.callTool({ name: 'explain_decision', arguments: { id } })
    expect(JSON.stringify(seen)).toContain('NOT_FOUND')
    const foreign = { decisionId: id, status: 'succeeded' }
    expect(JSON.stringify(await other?.callTool({ name: 'report_outcome', arguments: foreign }))).toContain(
      'isError":true',
    )
    expect(JSON.stringify(await bot?.callTool({ name: 'report_outcome', arguments: foreign }))).toContain('recorded')
    for (const client of clients) await client.close()
  })

  it('tells of a fault by its code only, and the host of its cause', async () => {
    const faults: unknown[] = []
    const broken = { ...test.governor, authenticate: () => Promise.reject(new Error('secret of the store')) }
    const endpoint = createMcpEndpoint(broken, { onFault: (error) => void faults.push(error) })
    const response = await send({ body: INITIALIZE, endpoint })
    expect(response.status).toBe(500)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ code: 'INTERNAL' })
    expect(text).not.toContain('secret of the store')
    expect(String(faults)).toContain('secret of the store')
    await endpoint.close()
  })
})
