import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createOutboundClient, type OutboundOptions } from './outbound-client.ts'
import { headerProblem } from './outbound-headers.ts'
import { OUTBOUND_METHODS, type OutboundRequest } from './outbound-request.ts'
import { useReceiver } from './receiver.test.helper.ts'

const receiver = useReceiver()
const here = (path = '/hook'): string => `${receiver.origin}${path}`
const portHere = (): string => new URL(receiver.origin).port

function post(url: string, options: OutboundOptions = { allow: [receiver.origin] }) {
  return createOutboundClient(options).post({ url, headers: { 'x-note': 'one' }, body: '{"a":"ü"}' })
}

function ask(request: Partial<OutboundRequest>, options: OutboundOptions = { allow: [receiver.origin] }) {
  return createOutboundClient(options).request({ method: 'GET', url: here(), headers: {}, ...request })
}

const REFUSED = { outcome: 'refused', reason: 'address_refused' }

describe('a call to elsewhere', () => {
  it('posts to an origin that the host allows, and gives its answer [NOTE-3]', async () => {
    receiver.answer = (_, response) => void response.writeHead(201).end('fine')
    expect(await post(here('/hook?x=1'))).toEqual({ outcome: 'answered', status: 201, body: 'fine' })
    const [request] = receiver.received
    expect(request).toMatchObject({ method: 'POST', path: '/hook?x=1', body: '{"a":"ü"}' })
    expect(request?.headers).toMatchObject({ 'x-note': 'one', host: new URL(receiver.origin).host })
  })

  it.each([
    'http://127.0.0.1:PORT/',
    'https://127.0.0.1:PORT/',
    'https://localhost:PORT/',
    'https://2130706433:PORT/',
    'https://0177.0.0.1:PORT/',
    'https://0x7f.1:PORT/',
    'https://127.1:PORT/',
    'https://0:PORT/',
    'https://[::1]:PORT/',
    'https://[::ffff:127.0.0.1]:PORT/',
    'https://[0:0:0:0:0:ffff:7f00:1]:PORT/',
    'https://[64:ff9b::7f00:1]:PORT/',
    'https://①②⑦.⓪.⓪.①:PORT/',
    'https://169.254.169.254/latest/meta-data/',
    'https://user:secret@example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'not an address',
  ])('sends nothing to %s [NOTE-3, I-39]', async (address) => {
    expect(await post(address.replace('PORT', portHere()), {})).toEqual(REFUSED)
    expect(receiver.received).toEqual([])
  })

  it.each([
    [
      'one of several addresses of a name is private',
      [
        { address: '8.8.8.8', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
    ],
    ['a name has no address', []],
    ['what the resolver gives is no address', [{ address: 'localhost', family: 4 }]],
  ])('sends nothing where %s [NOTE-3, I-39]', async (_, addresses) => {
    const resolve = async () => addresses
    expect(await post(`https://example.test:${portHere()}/`, { resolve })).toEqual(REFUSED)
    expect(receiver.received).toEqual([])
  })

  it('asks for a name once and connects to nothing but the answer, so that it cannot lead elsewhere [NOTE-3, I-39]', async () => {
    const asked: string[] = []
    const resolve = async (host: string) => {
      asked.push(host)
      return [{ address: asked.length === 1 ? '127.0.0.1' : '8.8.8.8', family: 4 }]
    }
    const origin = `http://rebinding.test:${portHere()}`
    expect(await post(`${origin}/hook`, { resolve, allow: [origin] })).toMatchObject({
      outcome: 'answered',
      status: 204,
    })
    expect(asked).toEqual(['rebinding.test'])
    expect(receiver.received[0]?.headers.host).toBe(`rebinding.test:${portHere()}`)
  })

  it('allows an origin, not the host behind it [NOTE-3]', async () => {
    const other = here().replace(portHere(), String(Number(portHere()) - 1))
    expect(await post(other)).toEqual(REFUSED)
    expect(await post(here().replace('http:', 'https:'))).toEqual(REFUSED)
  })

  it('does not follow a redirect [NOTE-3, I-39]', async () => {
    receiver.answer = (_, response) => void response.writeHead(307, { location: here('/elsewhere') }).end()
    expect(await post(here())).toMatchObject({ outcome: 'answered', status: 307 })
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook'])
  })

  it('reads 64 kB of an answer at most, and does not wait for the rest [NOTE-3]', async () => {
    receiver.answer = (_, response) => {
      response.writeHead(200)
      const more = (): void => {
        if (!response.destroyed) response.write('x'.repeat(32_768), () => setImmediate(more))
      }
      more()
    }
    const result = await post(here())
    expect(result).toMatchObject({ outcome: 'answered', status: 200 })
    expect(result.outcome === 'answered' && result.body.length).toBe(65_536)
  })

  it('gives up in time, whether the answer, its rest or the name does not come [NOTE-3]', async () => {
    const timed = { allow: [receiver.origin], timeoutMs: 100 }
    receiver.answer = () => undefined
    expect(await post(here(), timed)).toEqual({ outcome: 'failed', reason: 'timeout' })
    receiver.answer = (_, response) => void response.writeHead(200).write('x')
    expect(await post(here(), timed)).toEqual({ outcome: 'failed', reason: 'timeout' })
    const resolve = () => new Promise<never>(() => undefined)
    expect(await post('https://example.test/', { resolve, timeoutMs: 100 })).toEqual({
      outcome: 'failed',
      reason: 'timeout',
    })
  })

  it('says in a word what failed [NOTE-3]', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const address = closed.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await new Promise((resolve) => closed.close(resolve))
    const origin = `http://127.0.0.1:${port}`
    expect(await post(origin, { allow: [origin] })).toEqual({ outcome: 'failed', reason: 'ECONNREFUSED' })
    receiver.answer = (_, response) => void response.destroy()
    expect(await post(here())).toEqual({ outcome: 'failed', reason: 'ECONNRESET' })
  })

  it('ends when its caller does [NOTE-3]', async () => {
    const ending = new AbortController()
    receiver.answer = () => ending.abort()
    const client = createOutboundClient({ allow: [receiver.origin] })
    const call = { url: here(), headers: {}, body: '', signal: ending.signal }
    expect(await client.post(call)).toEqual({ outcome: 'failed', reason: 'aborted' })
    expect(await client.post(call)).toEqual({ outcome: 'failed', reason: 'aborted' })
  })
})

describe('a request of any method', () => {
  it.each(OUTBOUND_METHODS)('sends %s, and gives status, headers and body [NOTE-3]', async (method) => {
    receiver.answer = (_, response) => {
      response.writeHead(200, { 'X-Note': 'two', 'set-cookie': ['a=1', 'b=2'] }).end(method === 'HEAD' ? '' : 'fine')
    }
    const headers = { 'x-note': 'one' }
    const result = await ask({ method, url: here('/hook?x=1'), headers, ...(method === 'PUT' && { body: '"ü"' }) })
    const body = method === 'HEAD' ? '' : 'fine'
    expect(result).toMatchObject({ outcome: 'answered', status: 200, body, isTruncated: false })
    expect(result).toMatchObject({ headers: { 'x-note': 'two', 'set-cookie': 'a=1, b=2' } })
    const [request] = receiver.received
    expect(request).toMatchObject({ method, path: '/hook?x=1', body: method === 'PUT' ? '"ü"' : '' })
    expect(request?.headers).toMatchObject({ ...headers, connection: 'close' })
    expect(request?.headers['content-length']).toBe({ PUT: '4', POST: '0', PATCH: '0' }[String(method)])
  })

  it.each(OUTBOUND_METHODS)('sends no %s to what is not public [NOTE-3, I-39]', async (method) => {
    for (const url of ['http://example.com/', `https://127.0.0.1:${portHere()}/`, 'https://169.254.169.254/', 'x']) {
      expect(await ask({ method, url }, {})).toEqual(REFUSED)
    }
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }]
    expect(await ask({ method, url: `https://example.test:${portHere()}/` }, { resolve })).toEqual(REFUSED)
    expect(receiver.received).toEqual([])
  })

  it.each([
    ['Host', 'elsewhere.test'],
    ['content-length', '1'],
    ['Transfer-Encoding', 'chunked'],
    ['connection', 'keep-alive'],
    ['keep-alive', '1'],
    ['upgrade', 'h2c'],
    ['TE', 'trailers'],
    ['trailer', 'x-a'],
    ['expect', '100-continue'],
    ['proxy-authorization', 'Basic x'],
    ['Proxy-Connection', 'close'],
    ['x-note', 'one\r\nx-two: 2'],
    ['x-note', 'one\ttwo'],
    ['x-note', 'one\0'],
    ['x-note', '漢'],
    ['x-note', 'x'.repeat(8_193)],
    ['x note', 'one'],
    ['x-note:', 'one'],
    ['', 'one'],
  ])('sends nothing with the header %j: %j [NOTE-3, I-39]', async (name, value) => {
    expect(await ask({ headers: { [name]: value } })).toEqual({ outcome: 'refused', reason: 'header_refused' })
    const problem = headerProblem(name, value)
    expect(problem).toEqual(expect.any(String))
    if (value.length > 10) expect(problem).not.toContain(value)
    expect(receiver.received).toEqual([])
  })

  it('reads as much as is asked for, and says whether more came [NOTE-3]', async () => {
    receiver.answer = (_, response) => void response.writeHead(200).end('x'.repeat(100_000))
    const read = async (mostBytes?: number) => {
      const result = await ask(mostBytes === undefined ? {} : { mostBytes })
      return result.outcome === 'answered' ? [result.body.length, result.isTruncated] : result
    }
    expect(await read()).toEqual([65_536, true])
    expect(await read(99_999)).toEqual([99_999, true])
    expect(await read(100_000)).toEqual([100_000, false])
    expect(await read(1_000_000)).toEqual([100_000, false])
  })

  it('may be given its own time, and says whether it may have arrived [NOTE-3]', async () => {
    receiver.answer = () => undefined
    const mayHaveArrived = true
    expect(await ask({ timeoutMs: 100 })).toEqual({ outcome: 'failed', reason: 'timeout', mayHaveArrived })
    const client = { allow: [receiver.origin], timeoutMs: 50 }
    receiver.answer = (_, response) => void setTimeout(() => response.writeHead(200).end(), 200)
    expect(await ask({ timeoutMs: 5_000 }, client)).toMatchObject({ outcome: 'answered', status: 200 })
    const resolve = () => new Promise<never>(() => undefined)
    const failed = { outcome: 'failed', reason: 'timeout', mayHaveArrived: false }
    expect(await ask({ url: 'https://example.test/', timeoutMs: 50 }, { resolve })).toEqual(failed)
  })

  it('has not arrived where there was no connection, also none that is safe [NOTE-3]', async () => {
    const origin = receiver.origin.replace('http:', 'https:')
    // A plain server does not answer what a secure connection begins with.
    const plain = await ask({ method: 'POST', url: origin, body: '{}' }, { allow: [origin] })
    expect(plain).toMatchObject({ outcome: 'failed', mayHaveArrived: false })
    const closed = 'http://127.0.0.1:1'
    expect(await ask({ url: closed }, { allow: [closed] })).toMatchObject({ outcome: 'failed', mayHaveArrived: false })
    expect(receiver.received).toEqual([])
    receiver.answer = (_, response) => void response.destroy()
    expect(await ask({})).toEqual({ outcome: 'failed', reason: 'ECONNRESET', mayHaveArrived: true })
  })
})
