import { once } from 'node:events'
import { type ServerType, serve, upgradeWebSocket, type WebSocketServerLike } from '@hono/node-server'
import type { ControlScope, CreatedApiKey } from '@preceptor/client'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { governanceApi, governanceSockets } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { verifies } from '../verifies.ts'
import { addressOf } from './server.ts'

const LONGEST_MS = 5_000
const issuer = 'https://issuer.example'

let governor: EmbeddedGovernor
let host: ControlScope
let server: ServerType
let sockets: WebSocketServer
let address = ''
let privateKey: CryptoKey

beforeAll(async () => {
  const pair = await generateKeyPair('EdDSA')
  privateKey = pair.privateKey
  const { kty = '', ...jwk } = await exportJWK(pair.publicKey)
  const jwt = { issuer, audience: 'preceptor', jwks: { keys: [{ kty, ...jwk, kid: 'k1' }] } }
  governor = await createGovernor({ memory: true, jwt, report: () => undefined })
  host = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
  await host.members.put('root', { displayName: 'Root', roles: ['admin'] })
  sockets = new WebSocketServer({ noServer: true })
  const websocket = { server: sockets as WebSocketServerLike }
  const app = new Hono()
    .route('/', governanceSockets(governor, { upgradeWebSocket }))
    .route('/api', governanceApi(governor, { upgradeWebSocket }))
  server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0, websocket })
  await once(server, 'listening')
  address = addressOf(server)
})
afterAll(async () => {
  for (const socket of sockets.clients) socket.terminate()
  if ('closeAllConnections' in server) server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await governor.close()
})

const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` })

/** Resolves when the stream has ended. */
type Opened = Promise<unknown>

async function openStream(query: string, headers: Record<string, string>): Promise<{ readonly ended: Opened }> {
  const response = await fetch(`${address}/api/events${query}`, { headers })
  expect(response.status).toBe(200)
  return { ended: response.text().catch(() => undefined) }
}

async function openByTicket(credential: string): Promise<{ readonly ended: Opened }> {
  const made = await fetch(`${address}/api/stream-tickets`, {
    method: 'POST',
    headers: { ...bearer(credential), 'content-type': 'application/json' },
    body: JSON.stringify({ path: '/events' }),
  })
  const { ticket } = (await made.json()) as { readonly ticket: string }
  return openStream(`?ticket=${encodeURIComponent(ticket)}`, {})
}

async function openSocket(credential: string): Promise<{ readonly ended: Opened }> {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/ws`, { headers: bearer(credential) })
  const ended = once(socket, 'close')
  await once(socket, 'open')
  return { ended }
}

function tokenOf(sub: string): Promise<string> {
  return new SignJWT({ workspace: 'default', sub, iss: issuer, aud: 'preceptor' })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'k1', typ: 'at+jwt' })
    .setExpirationTime('1h')
    .sign(privateKey)
}

interface Person {
  readonly id: string
  readonly created: CreatedApiKey
}

/** What ends what a person has open, by what the person came with. */
const CAUSES: Readonly<Record<string, (person: Person) => Promise<unknown>>> = {
  'its key is revoked': ({ created }) => host.keys.revoke(created.key.id),
  'its key is rotated at once': ({ created }) => host.keys.rotate(created.key.id, { overlapMs: 0 }),
  'its key is rotated, and the overlap ends': ({ created }) => host.keys.rotate(created.key.id, { overlapMs: 500 }),
  'the person is removed': ({ id }) => host.members.remove(id),
  'the person loses a role': ({ id }) => host.members.put(id, { displayName: id, roles: ['viewer'] }),
  'the person loses every role': ({ id }) => host.members.put(id, { displayName: id, roles: [] }),
}
const OF_PEOPLE = Object.keys(CAUSES).filter((cause) => cause.startsWith('the person'))

async function person(id: string): Promise<Person> {
  await host.members.put(id, { displayName: id, roles: ['supervisor', 'viewer'] })
  const request = { displayName: id, principalKind: 'user', principalId: id, roles: ['supervisor', 'viewer'] } as const
  return { id, created: await host.keys.create(request) }
}

it(verifies(
  ['I-35-STREAM', 'AUTH-8'],
  'streams, sockets and what a ticket opened end within 5 s, whatever their credential lost',
), async () => {
  const late = Object.entries(CAUSES).map(async ([cause, act], index): Promise<readonly string[]> => {
    const one = await person(`person-${index}`)
    const { secret } = one.created
    const opened: Record<string, { readonly ended: Opened }> = {
      stream: await openStream('', bearer(secret)),
      ticket: await openByTicket(secret),
      socket: await openSocket(secret),
    }
    if (OF_PEOPLE.includes(cause)) {
      const token = await tokenOf(one.id)
      opened['stream by JWT'] = await openStream('', bearer(token))
      opened['ticket by JWT'] = await openByTicket(token)
      opened['socket by JWT'] = await openSocket(token)
    }
    const since = performance.now()
    await act(one)
    const found = Object.entries(opened).map(async ([name, { ended }]) => {
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, LONGEST_MS + 1_000).unref())])
      return performance.now() - since > LONGEST_MS ? [`${name}, after ${cause}`] : []
    })
    return (await Promise.all(found)).flat()
  })
  expect((await Promise.all(late)).flat()).toEqual([])
}, 20_000)
