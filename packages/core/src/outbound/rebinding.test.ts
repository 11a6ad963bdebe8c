import { createSocket, type Socket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { createServer, type Server } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createOutboundClient, type OutboundOptions } from './outbound-client.ts'
import { OUTBOUND_METHODS } from './outbound-request.ts'
import { useReceiver } from './receiver.test.helper.ts'

const A_RECORD = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4])

/** The answer to a question for the addresses of a name; it must not be remembered. */
function answerOf(question: Buffer, addresses: readonly string[]): Buffer {
  const head = Buffer.from(question.subarray(0, 12))
  head.writeUInt16BE(0x8180, 2)
  head.writeUInt16BE(addresses.length, 6)
  head.writeUInt32BE(0, 8)
  const end = question.indexOf(0, 12) + 5
  const records = addresses.map((address) => Buffer.concat([A_RECORD, Buffer.from(address.split('.').map(Number))]))
  return Buffer.concat([head, question.subarray(12, end), ...records])
}

describe('a name that leads elsewhere from question to question', () => {
  const receiver = useReceiver()
  let names: Socket
  let inner: Server
  let innerCalls = 0
  let questions = 0
  /** Answers in their order; the last one stays. */
  let answers: readonly (readonly string[])[] = []
  const resolver = new Resolver({ timeout: 2_000, tries: 1 })

  beforeAll(async () => {
    names = createSocket('udp4', (question, from) => {
      const addresses = answers[Math.min(questions, answers.length - 1)] ?? []
      questions += 1
      names.send(answerOf(question, addresses), from.port, from.address)
    })
    await new Promise<void>((resolve) => names.bind(0, '127.0.0.1', resolve))
    resolver.setServers([`127.0.0.1:${names.address().port}`])
    // On the port of the receiver, at another address of this machine.
    inner = createServer((_, response) => {
      innerCalls += 1
      response.end('what is inside')
    })
    const port = Number(new URL(receiver.origin).port)
    await new Promise<void>((resolve) => inner.listen(port, '127.0.0.2', resolve))
  })
  beforeEach(() => {
    questions = 0
    innerCalls = 0
  })
  afterAll(() => {
    names.close()
    inner.close()
  })

  const resolve: OutboundOptions['resolve'] = async (host) =>
    (await resolver.resolve4(host)).map((address) => ({ address, family: 4 }))
  const port = (): string => new URL(receiver.origin).port
  const post = (url: string, allow: readonly string[] = []) =>
    createOutboundClient({ allow, resolve, timeoutMs: 3_000 }).post({ url, headers: {}, body: '{}' })

  it('is asked for once, and the connection goes to what was checked [I-39, I-39-OUT]', async () => {
    answers = [['127.0.0.1'], ['127.0.0.2']]
    const origin = `http://rebinding.test:${port()}`
    expect(await post(`${origin}/hook`, [origin])).toMatchObject({ outcome: 'answered', status: 204 })
    expect([questions, innerCalls]).toEqual([1, 0])
    expect(receiver.received).toMatchObject([{ path: '/hook' }])
    // Asked anew it leads inside: the stub does what it is there for.
    expect(await post(`${origin}/hook`, [origin])).toMatchObject({ body: 'what is inside' })
  })

  it.each(OUTBOUND_METHODS)('is asked for once for %s as well [I-39, I-39-OUT]', async (method) => {
    answers = [['127.0.0.1'], ['127.0.0.2']]
    const origin = `http://rebinding.test:${port()}`
    const client = createOutboundClient({ allow: [origin], resolve, timeoutMs: 3_000 })
    expect(await client.request({ method, url: `${origin}/hook`, headers: {} })).toMatchObject({ status: 204 })
    expect([questions, innerCalls]).toEqual([1, 0])
    questions = 0
    answers = [['169.254.169.254']]
    const refused = { outcome: 'refused', reason: 'address_refused' }
    expect(await client.request({ method, url: 'https://rebinding.test/', headers: {} })).toEqual(refused)
  })

  it.each([
    ['inside at first, and outside later', [['127.0.0.1'], ['93.184.216.34']]],
    ['inside and outside at once', [['93.184.216.34', '127.0.0.1']]],
    ['to the metadata of a cloud', [['169.254.169.254']]],
    ['to every address of this machine', [['0.0.0.0']]],
  ])('gets nothing where it leads %s [I-39, I-39-OUT]', async (_, given) => {
    answers = given
    const refused = { outcome: 'refused', reason: 'address_refused' }
    expect(await post(`https://rebinding.test:${port()}/`)).toEqual(refused)
    expect([questions, innerCalls, receiver.received.length]).toEqual([1, 0, 0])
  })
})

describe('an answer that is meant to hurt', () => {
  const receiver = useReceiver()
  const post = () =>
    createOutboundClient({ allow: [receiver.origin], timeoutMs: 400 }).post({
      url: receiver.origin,
      headers: {},
      body: '{}',
    })

  it('is not unpacked: a bomb stays the bytes that it is [I-39-OUT]', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1_048_576))
    receiver.answer = (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    const result = await post()
    expect(result.outcome === 'answered' && result.body.length).toBeLessThanOrEqual(65_536)
    expect(receiver.received[0]?.headers['accept-encoding']).toBeUndefined()
  })

  it('may come byte by byte, and is given up when the time is over [I-39-OUT]', async () => {
    const dripping = new Set<NodeJS.Timeout>()
    receiver.answer = (_, response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('x'), 20)
      dripping.add(drip)
      response.on('close', () => clearInterval(drip))
    }
    const began = performance.now()
    expect(await post()).toEqual({ outcome: 'failed', reason: 'timeout' })
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  it('has no more headers than a server may send [I-39-OUT]', async () => {
    receiver.answer = (_, response) => {
      response.socket?.end(`HTTP/1.1 200 OK\r\n${'x-flood: 1\r\n'.repeat(10_000)}\r\n`)
    }
    expect(await post()).toEqual({ outcome: 'failed', reason: 'HPE_HEADER_OVERFLOW' })
  })

  it('leads nowhere: a redirect is an answer [I-39-OUT]', async () => {
    receiver.answer = (_, response) => void response.writeHead(307, { location: 'http://127.0.0.2/' }).end()
    expect(await post()).toMatchObject({ outcome: 'answered', status: 307 })
    expect(receiver.received).toHaveLength(1)
  })
})
