import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { endProgram, makePlace, type Program, startProgram } from '../e2e/demo-process.ts'
import { verifies } from '../verifies.ts'
import { connectHttp } from './support.ts'

const BIN = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))
const ISSUER = 'https://id.example'
const RESOURCE = 'https://preceptor.example/mcp'
const METADATA = '/.well-known/oauth-protected-resource'
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
}

const place = makePlace()
let keySet: Server
let signing: CryptoKey
let served: Program
let without: Program
let address: string
let key: string

interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A request with the headers as they are, that of the host included. */
function send(path: string, headers: Readonly<Record<string, string>> = {}, body?: object): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const all = { accept: 'application/json, text/event-stream', 'content-type': 'application/json', ...headers }
    const sent = request(
      `${address}${path}`,
      { method: body === undefined ? 'GET' : 'POST', headers: all },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk) => (text += chunk))
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }))
      },
    )
    sent.once('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

function tokenFor(audience: string): Promise<string> {
  return new SignJWT({ workspace: 'default' })
    .setProtectedHeader({ alg: 'ES256', kid: 'k', typ: 'at+jwt' })
    .setIssuer(ISSUER)
    .setAudience(audience)
    .setSubject('ana')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(signing)
}

const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` })

describeWithPostgres(verifies(['I-38', 'MCP-27'], 'preceptor serve'), () => {
  const database = useTestDatabase()
  beforeAll(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true })
    signing = pair.privateKey
    const keys = [{ ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'ES256' }]
    keySet = createServer((_, answer) => {
      answer.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }))
    })
    await new Promise<void>((resolve) => keySet.listen(0, '127.0.0.1', resolve))
    const env = {
      DATABASE_URL: database.url,
      PRECEPTOR_JWT_ISSUER: ISSUER,
      PRECEPTOR_JWT_AUDIENCE: RESOURCE,
      PRECEPTOR_JWT_KEYS: `http://127.0.0.1:${(keySet.address() as AddressInfo).port}/keys`,
    }
    expect(await startProgram(place, { file: BIN, args: ['db', 'apply'], env }).ended).toBe(0)
    served = startProgram(place, { file: BIN, args: ['serve', '--port', '0', '--new-key'], env })
    ;[, address = ''] = await served.waitFor(/^MCP\s+(http:\S+)\/mcp$/m)
    ;[key] = await served.waitFor(/pcp_[\w-]+/)
    without = startProgram(place, { file: BIN, args: ['serve', '--port', '0', '--no-mcp'], env })
  }, 60_000)
  afterAll(async () => {
    await Promise.all([endProgram(served, 'SIGTERM'), endProgram(without, 'SIGTERM')])
    await new Promise((resolve) => keySet.close(resolve))
    await place.remove()
  })

  it('answers assistants at /mcp, with a key', async () => {
    const client = await connectHttp(new URL(`${address}/mcp`), key)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toContain('request_action')
    await client.close()
  })

  it('refuses whom it does not know, and says who gives tokens', async () => {
    const refused = await send('/mcp', {}, INITIALIZE)
    expect(refused.status).toBe(401)
    const where = `https://preceptor.example${METADATA}/mcp`
    expect(refused.headers['www-authenticate']).toBe(`Bearer realm="preceptor", resource_metadata="${where}"`)
    for (const path of [METADATA, `${METADATA}/mcp`]) {
      const { status, body } = await send(path)
      expect(status).toBe(200)
      expect(JSON.parse(body)).toMatchObject({ resource: RESOURCE, authorization_servers: [ISSUER] })
    }
  })

  it('takes a token that was given for it, and none for another audience', async () => {
    const headers = { ...bearer(key), 'content-type': 'application/json' }
    const member = JSON.stringify({ userId: 'ana', displayName: 'Ana', roles: ['viewer'] })
    expect((await fetch(`${address}/api/memberships`, { method: 'POST', headers, body: member })).ok).toBe(true)
    expect((await send('/mcp', bearer(await tokenFor(RESOURCE)), INITIALIZE)).status).toBe(200)
    const others = ['https://other.example/mcp', 'https://preceptor.example', `${RESOURCE}/`]
    for (const audience of others) {
      const refused = await send('/mcp', bearer(await tokenFor(audience)), INITIALIZE)
      expect(refused.status).toBe(401)
      expect(refused.headers['www-authenticate']).toContain('error="invalid_token"')
    }
  })

  it.each([{ host: 'attacker.example' }, { origin: 'http://attacker.example' }, { origin: 'null' }])(
    'refuses foreign hosts and pages: %j',
    async (headers) => {
      expect((await send('/mcp', { ...bearer(key), ...headers }, INITIALIZE)).status).toBe(403)
    },
  )

  it('leaves it out on request', async () => {
    const [, other = ''] = await without.waitFor(/^API\s+(http:\S+)\/api$/m)
    expect(without.stdout()).not.toContain('/mcp')
    expect((await fetch(`${other}/mcp`, { method: 'POST' })).status).toBe(404)
    expect((await fetch(`${other}${METADATA}`)).status).toBe(404)
  })
})
