import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { GovernanceError } from '../errors/governance-error.ts'
import { type ApiRequest, createTransport } from './transport.ts'

type Answer = (request: IncomingMessage, response: ServerResponse, times: number) => void

const TOKEN = 'pcp_secret-of-this-test'
const servers: Server[] = []

async function serve(answer: Answer): Promise<{ readonly url: string; readonly times: () => number }> {
  let times = 0
  const server = createServer((request, response) => {
    times += 1
    answer(request, response, times)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('It does not listen.')
  return { url: `http://127.0.0.1:${address.port}/api`, times: () => times }
}

function json(response: ServerResponse, body: unknown, { status = 200, type = 'application/json' } = {}): void {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body))
}

function ask(url: string, request: Partial<ApiRequest> = {}): Promise<unknown> {
  return createTransport({ url, deadlineMs: 1_000 }).request({ method: 'GET', path: '/x', token: TOKEN, ...request })
}

async function failureOf(asked: Promise<unknown>): Promise<GovernanceError> {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!GovernanceError.isInstance(error)) throw new Error(`It gave ${String(error)}.`)
  expect(inspect(error, { depth: 10 })).not.toContain(TOKEN)
  return error
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

describe('the transport', () => {
  it('sends the credential, the workspace and the key, and gives the JSON', async () => {
    const { url } = await serve(({ headers, method, url: path }, response) =>
      json(response, { headers: Object.entries(headers), method, path }),
    )
    const request = { path: '/y', query: { limit: 2, cursor: undefined }, workspace: 'default', idempotencyKey: 'k 1' }
    const answer = await ask(url, { ...request, method: 'POST', body: { a: 1 } })
    expect(answer).toMatchObject({ method: 'POST', path: '/api/y?limit=2' })
    expect(JSON.stringify(answer)).toContain(`["authorization","Bearer ${TOKEN}"]`)
    expect(JSON.stringify(answer)).toContain('["preceptor-workspace","default"]')
    expect(JSON.stringify(answer)).toContain('["idempotency-key","k 1"]')
  })

  it('gives a problem as the error that it is', async () => {
    const problem = {
      code: 'AGENT_EXISTS',
      detail: 'It is there.',
      hint: 'Leave it.',
      details: { id: 'a' },
      traceId: 't',
    }
    const { url } = await serve((_, response) =>
      json(response, problem, { status: 409, type: 'application/problem+json' }),
    )
    expect(await failureOf(ask(url))).toMatchObject({
      code: 'AGENT_EXISTS',
      message: 'It is there.',
      hint: 'Leave it.',
      details: { id: 'a', traceId: 't' },
    })
  })

  const answers: Readonly<Record<string, { readonly answer: Answer; readonly code: string }>> = {
    'a code that it does not know': {
      answer: (_, response) => json(response, { code: 'constructor' }, { status: 409 }),
      code: 'GOVERNOR_ANSWER_INVALID',
    },
    'a server error with an unknown code': {
      answer: (_, response) => json(response, { code: 'NEW_FAULT' }, { status: 500 }),
      code: 'GOVERNOR_UNREACHABLE',
    },
    'an error that is no problem': {
      answer: (_, response) => json(response, [], { status: 400 }),
      code: 'GOVERNOR_ANSWER_INVALID',
    },
    'the error page of a proxy': {
      answer: (_, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'),
      code: 'GOVERNOR_UNREACHABLE',
    },
    'a page': {
      answer: (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello</h1>'),
      code: 'GOVERNOR_ANSWER_INVALID',
    },
    'JSON without its type': { answer: (_, response) => response.end('{}'), code: 'GOVERNOR_ANSWER_INVALID' },
    'a redirect': {
      answer: (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/api/x' }).end(),
      code: 'GOVERNOR_ANSWER_INVALID',
    },
    'an empty body': {
      answer: (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(),
      code: 'GOVERNOR_ANSWER_INVALID',
    },
    'nothing at all': {
      answer: (_, response) => response.writeHead(204).end(),
      code: 'GOVERNOR_ANSWER_INVALID',
    },
    garbage: {
      answer: (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":'),
      code: 'GOVERNOR_ANSWER_INVALID',
    },
    'bytes that are no text': {
      answer: (_, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.from([0x22, 0xff, 0x22])),
      code: 'GOVERNOR_ANSWER_INVALID',
    },
    'no HTTP': {
      answer: ({ socket }) => socket.end('hello there\r\n\r\n'),
      code: 'GOVERNOR_UNREACHABLE',
    },
    'a cut connection': { answer: ({ socket }) => socket.destroy(), code: 'GOVERNOR_UNREACHABLE' },
    'half a body': {
      answer: ({ socket }) =>
        socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"a"'),
      code: 'GOVERNOR_UNREACHABLE',
    },
    'an answer that is too large': {
      answer: (_, response) => json(response, 'x'.repeat(5_000_000)),
      code: 'GOVERNOR_ANSWER_INVALID',
    },
    'an answer that grows too large': {
      answer: (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        for (let chunk = 0; chunk < 50; chunk += 1) response.write(`"${'x'.repeat(100_000)}"`)
        response.end()
      },
      code: 'GOVERNOR_ANSWER_INVALID',
    },
    silence: { answer: () => undefined, code: 'DEADLINE_EXCEEDED' },
    'a body that never ends': {
      answer: (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('['),
      code: 'DEADLINE_EXCEEDED',
    },
  }
  it.each(Object.entries(answers))('denies in time when it is answered with %s', async (_, { answer, code }) => {
    const { url } = await serve(answer)
    const begun = performance.now()
    expect((await failureOf(ask(url))).code).toBe(code)
    expect(performance.now() - begun).toBeLessThan(1_500)
  })

  it('goes nowhere that a redirect names', async () => {
    const elsewhere = await serve((_, response) => json(response, {}))
    const { url } = await serve((_, response) => response.writeHead(302, { location: elsewhere.url }).end())
    expect((await failureOf(ask(url))).code).toBe('GOVERNOR_ANSWER_INVALID')
    expect(elsewhere.times()).toBe(0)
  })

  it('sends again what may be sent twice, when the connection was cut', async () => {
    const { url, times } = await serve(({ socket }, response, count) => {
      if (count < 3) socket.destroy()
      else json(response, { count })
    })
    expect(await ask(url, { method: 'POST', body: {}, idempotencyKey: 'again' })).toEqual({ count: 3 })
    expect(times()).toBe(3)
  })

  it('sends nothing twice that might do it twice', async () => {
    const { url, times } = await serve(({ socket }) => socket.destroy())
    expect((await failureOf(ask(url, { method: 'POST', body: {} }))).code).toBe('GOVERNOR_UNREACHABLE')
    expect(times()).toBe(1)
  })

  it('waits for its own first try, and takes the answer of that', async () => {
    const { url } = await serve(({ socket }, response, count) => {
      if (count === 1) socket.destroy()
      else if (count === 2) json(response, { code: 'IDEMPOTENCY_IN_FLIGHT' }, { status: 409 })
      else json(response, { count })
    })
    expect(await ask(url, { method: 'POST', body: {}, idempotencyKey: 'own' })).toEqual({ count: 3 })
  })

  it('waits for nobody else who uses the key', async () => {
    const { url } = await serve((_, response) => json(response, { code: 'IDEMPOTENCY_IN_FLIGHT' }, { status: 409 }))
    const asked = ask(url, { method: 'POST', body: {}, idempotencyKey: 'theirs' })
    expect((await failureOf(asked)).code).toBe('IDEMPOTENCY_IN_FLIGHT')
  })

  it('finds a server that comes up within the deadline', async () => {
    const gone = await serve((_, response) => json(response, {}))
    const [server] = servers.splice(0)
    await new Promise((resolve) => server?.close(resolve))
    const asked = ask(gone.url, { method: 'POST', body: {} })
    const back = createServer((_, response) => json(response, { back: true }))
    servers.push(back)
    back.listen(Number(new URL(gone.url).port), '127.0.0.1')
    expect(await asked).toEqual({ back: true })
  })

  it('says that nobody listens', async () => {
    const gone = await serve((_, response) => json(response, {}))
    const [server] = servers.splice(0)
    await new Promise((resolve) => server?.close(resolve))
    const begun = performance.now()
    expect((await failureOf(ask(gone.url))).message).toContain('ECONNREFUSED')
    expect(performance.now() - begun).toBeLessThan(1_500)
  })

  it('ends with the reason of the host', async () => {
    const { url } = await serve(() => undefined)
    const host = new AbortController()
    const reason = new Error('The host went away.')
    setTimeout(() => host.abort(reason), 20)
    await expect(ask(url, { signal: host.signal })).rejects.toBe(reason)
    await expect(ask(url, { signal: host.signal })).rejects.toBe(reason)
  })

  it.each(['a b', 'a\nb', 'ü', ''])('sends no token that is none, and does not repeat it: %j', async (token) => {
    const error = await failureOf(ask('http://127.0.0.1:1', { token }))
    expect(error.code).toBe('CREDENTIAL_INVALID')
    if (token !== '') expect(error.message).not.toContain(token)
  })

  it.each([
    'http://preceptor.example/api',
    'http://127.0.0.1.example.com/api',
    'http://10.0.0.1/api',
    'ftp://127.0.0.1/api',
    'https://user:word@preceptor.example/api',
    'https://preceptor.example/api?key=1',
    'preceptor.example',
    '',
  ])('goes not to %j', (url) => {
    expect(() => createTransport({ url })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
    expect(() => createTransport({ url })).not.toThrow(/word@/)
  })

  it.each([
    ['https://preceptor.example/api/', 'https://preceptor.example/api'],
    ['http://localhost:4600/api', 'http://localhost:4600/api'],
    ['http://[::1]:4600', 'http://[::1]:4600'],
  ])('goes to %s', (url, address) => {
    expect(createTransport({ url }).url).toBe(address)
  })

  it('goes over plain http where the host says so', () => {
    expect(createTransport({ url: 'http://10.0.0.1/api', allowPlainHttp: true }).url).toBe('http://10.0.0.1/api')
  })
})
