import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { Callers } from './prepare.ts'
import type { Sender, Sending, Sent } from './send.ts'

/** One way to misuse the server, and how it may answer; 0 means that it ends the connection. */
export interface MalformedRequest {
  readonly name: string
  readonly intended: readonly number[]
  readonly attack: () => Promise<Sent>
}

/** Where the attacks go. */
export interface Target {
  readonly address: string
  readonly callers: Callers
  readonly sender: Sender
}

const MEGABYTE = 1_048_576
const BIG = Buffer.alloc(10 * MEGABYTE, 'a')
const BOMB = gzipSync(Buffer.alloc(10 * MEGABYTE, ' '))
const GIVE_UP_MS = 4_000

/** Every way, in an order that does not change. */
export function malformedRequests({ address, callers, sender }: Target): readonly MalformedRequest[] {
  const { admin } = callers
  const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' }
  const send = (sending: Partial<Sending>): Promise<Sent> =>
    sender.send({ method: 'POST', path: '/api/agents', headers, ...sending })
  const raw = (text: string, more = ''): Promise<Sent> => sendRaw(address, text, more)
  const start = `POST /api/agents HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${admin}\r\ncontent-type: application/json\r\n`
  return [
    { name: 'no JSON', intended: [400], attack: () => send({ body: '{id:' }) },
    { name: 'a key twice', intended: [400], attack: () => send({ body: '{"id":"a","id":"b"}' }) },
    { name: '__proto__', intended: [400], attack: () => send({ body: '{"id":"a","__proto__":{"admin":true}}' }) },
    {
      name: '100,000 levels',
      intended: [400],
      attack: () => send({ body: '['.repeat(100_000) + ']'.repeat(100_000) }),
    },
    { name: '10 MB', intended: [413, 0], attack: () => send({ body: BIG }) },
    {
      name: 'a bomb',
      intended: [400],
      attack: () => send({ body: BOMB, headers: { ...headers, 'content-encoding': 'gzip' } }),
    },
    {
      name: 'a form',
      intended: [400],
      attack: () =>
        send({ body: 'id=a', headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' } }),
    },
    {
      name: 'UTF-16',
      intended: [400],
      attack: () => send({ body: '{}', headers: { ...headers, 'content-type': 'application/json; charset=utf-16' } }),
    },
    {
      name: 'a wrong key',
      intended: [401, 429],
      attack: () =>
        send({ body: '{}', headers: { ...headers, authorization: `Bearer pcp_aaaaaaaa_${'A'.repeat(43)}` } }),
    },
    {
      name: 'a path that climbs',
      intended: [400, 404],
      attack: () => send({ method: 'GET', path: '/api/../../etc/passwd%00/..%2f..%2f' }),
    },
    {
      name: 'an absurd query',
      intended: [400],
      attack: () => send({ method: 'GET', path: `/api/agents?limit=1&${'limit=9&'.repeat(900)}` }),
    },
    {
      name: 'a flood of headers',
      intended: [431, 0],
      attack: () => raw(`${start}${'x-flood: 1\r\n'.repeat(4_000)}\r\n`),
    },
    { name: 'no HTTP', intended: [400, 0], attack: () => raw('\u0000\u0001\u0002 nothing\r\n\r\n') },
    {
      name: 'chunks without end',
      intended: [413, 0],
      attack: () => raw(`${start}transfer-encoding: chunked\r\n\r\n`, `10000\r\n${'a'.repeat(65_536)}\r\n`),
    },
    { name: 'a body that never comes', intended: [408, 0], attack: () => raw(`${start}content-length: 100\r\n\r\n{`) },
  ]
}

/** Sends bytes as they are, and more of them for as long as the other end takes any; gives up after a while. */
function sendRaw(address: string, text: string, more: string): Promise<Sent> {
  const { hostname, port } = new URL(address)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
    let answer = ''
    const end = (error: string): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0), text: answer, error })
    }
    const timer = setTimeout(() => end('gave up'), GIVE_UP_MS)
    const feed = (): void => {
      if (more !== '' && !socket.destroyed && socket.writable) socket.write(more, feed)
    }
    socket.on('error', () => end('ended'))
    socket.on('close', () => end('ended'))
    socket.on('data', (data) => {
      answer += data.toString('latin1')
      if (answer.includes('\r\n\r\n')) end('')
    })
    socket.write(text, feed)
  })
}
