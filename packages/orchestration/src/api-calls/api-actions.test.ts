import { isInfrastructureFailure, type JsonObject } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { useActions } from '../executors/governed-actions.test.helper.ts'
import type { ActionHost } from '../executors/orchestration-action.ts'
import { StepFault } from '../faults/step-fault.ts'
import { API_METHODS, apiActionOf, apiActions } from './api-actions.ts'
import { apiCallSchema } from './api-call-args.ts'
import { sendJson, useApi } from './api-server.test.helper.ts'

const api = useApi()
const actions = useActions(
  (host) => apiActions(host),
  () => ({ memory: true, outbound: { allow: [api.origin] } }),
)

const attempt = async (args: JsonObject, options = {}) => {
  const action = apiActionOf(args.method as 'GET')
  return actions.attempt(action, { url: `${api.origin}/customers/7?x=1`, ...args }, options)
}
const faultOf = async (args: JsonObject): Promise<StepFault> => {
  const fault = await attempt(args).catch((error: unknown) => error)
  if (!StepFault.isInstance(fault)) throw new Error(`No fault: ${JSON.stringify(fault)}`)
  return fault
}

describe('a call of a workflow to an API', () => {
  it.each(Object.entries(API_METHODS).flatMap(([name, methods]) => methods.map((method) => [method, name] as const)))(
    'sends %s as %s, and gives status, a few headers and the body',
    async (method, name) => {
      expect(apiActionOf(method)).toBe(name)
      api.answer = (_, response) => {
        response.setHeader('set-cookie', 'a=1').setHeader('etag', '"v1"').setHeader('location', '/elsewhere')
        sendJson(response, { id: 7, name: 'ü' }, 201)
      }
      const hasBody = name !== 'http.read'
      const headers = { 'x-note': 'one' }
      const result = await attempt({ method, headers, ...(hasBody && { body: { name: 'ü' } }) })
      expect(result).toMatchObject({ status: 'executed' })
      expect(result.status === 'executed' && result.value).toEqual({
        status: 201,
        headers: { 'content-type': 'application/json', etag: '"v1"', location: '/elsewhere' },
        body: method === 'HEAD' ? null : { id: 7, name: 'ü' },
      })
      const [request] = api.received
      expect(request).toMatchObject({ method, path: '/customers/7?x=1', body: hasBody ? '{"name":"ü"}' : '' })
      expect(request?.headers).toMatchObject({ ...headers, accept: 'application/json' })
      expect(request?.headers['content-type']).toBe(hasBody ? 'application/json' : undefined)
    },
  )

  it.each(['PUT', 'DELETE', 'POST', 'PATCH'])('names the attempt to whoever takes the effect of %s', async (method) => {
    await attempt({ method }, { idempotencyKey: 'run-1:ü' })
    await attempt({ method, headers: { 'Idempotency-Key': 'own' } })
    const keys = api.received.map(({ headers }) => headers['idempotency-key'])
    expect(keys).toEqual(['run-1:%C3%BC', 'own'])
  })

  it('names no attempt where there is no effect', async () => {
    await attempt({ method: 'GET' })
    expect(api.received[0]?.headers['idempotency-key']).toBeUndefined()
  })

  it.each([
    ['JSON of another name', 'application/problem+json; charset=utf-8', '{"a":1}', { a: 1 }],
    ['JSON without a name', undefined, '[1]', [1]],
    ['text', 'text/plain', '{"a":1}', '{"a":1}'],
    ['text that says it is JSON', 'application/json', '{"a":', '{"a":'],
    ['nothing', 'application/json', '', null],
    ['what no database takes', 'text/plain', 'a\0b', 'a\ufffdb'],
  ])('reads a body that is %s', async (_, type, body, expected) => {
    api.answer = (_request, response) => {
      response.writeHead(200, type === undefined ? {} : { 'content-type': type }).end(body)
    }
    expect(await attempt({ method: 'GET' })).toMatchObject({ value: { body: expected } })
  })

  it('gives a redirect as it is, and follows none', async () => {
    api.answer = (_, response) => void response.writeHead(302, { location: '/elsewhere' }).end()
    expect(await attempt({ method: 'GET' })).toMatchObject({
      value: { status: 302, headers: { location: '/elsewhere' } },
    })
    expect(api.received).toHaveLength(1)
  })

  it('fails where the answer is larger than what is read, and says so', async () => {
    api.answer = (_, response) => void response.writeHead(200).end('x'.repeat(1_048_577))
    expect((await faultOf({ method: 'GET' })).message).toMatch(/was answered 200, with more than the 1 MB that is read/)
    api.answer = (_, response) => void response.writeHead(200).end('['.repeat(500_000))
    const fault = await faultOf({ method: 'GET' })
    expect(fault.message).toMatch(/^GET .* answered 200, gave 500\d{3} bytes of JSON, and 65536 are kept/)
    expect(fault.isRetryable).toBe(false)
    api.answer = (_, response) => void response.writeHead(200).end('['.repeat(65_000))
    expect(await attempt({ method: 'GET' })).toMatchObject({ value: { status: 200 } })
    const deep = `${'['.repeat(200)}${']'.repeat(200)}`
    api.answer = (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(deep)
    expect((await faultOf({ method: 'GET' })).message).toContain('nested deeper')
  })

  it('fails with what was answered from 400 on', async () => {
    api.answer = (_, response) => {
      response.setHeader('retry-after', '30')
      sendJson(response, { title: 'Slow down.' }, 429)
    }
    const fault = await faultOf({ method: 'POST', body: { a: 1 } })
    expect(fault.message).toBe(`POST ${api.origin}/customers/7 was answered 429: {"title":"Slow down."}`)
    expect(fault).toMatchObject({ isRetryable: true, retryAfterMs: 30_000, isInfrastructure: false })
  })

  it('counts an API that is away neither for its agent nor against it', async () => {
    api.answer = (_, response) => void response.writeHead(503).end()
    const fault = await faultOf({ method: 'GET' })
    expect(fault).toMatchObject({ isRetryable: true, isInfrastructure: true })
    expect(isInfrastructureFailure(fault)).toBe(true)
  })

  it('never calls what the host does not allow, and tries that no second time', async () => {
    const fault = await faultOf({ method: 'POST', url: 'http://127.0.0.1:1/x', body: {} })
    expect(fault).toMatchObject({ isRetryable: false, isInfrastructure: false })
    expect(fault.message).toContain('nothing was sent')
  })

  it('does not know whether what got no answer took effect', async () => {
    api.answer = (_, response) => void response.destroy()
    expect(await faultOf({ method: 'POST' })).toMatchObject({ isRetryable: false, isEffectUnknown: true })
    expect(await faultOf({ method: 'PUT' })).toMatchObject({ isRetryable: true, isEffectUnknown: false })
  })

  it('ends when its attempt does', async () => {
    const ending = new AbortController()
    api.answer = () => ending.abort(new Error('enough'))
    await expect(attempt({ method: 'GET' }, { signal: ending.signal })).rejects.toThrow('enough')
  })
})

describe('the time of a call', () => {
  it.each([0, -1, 86_401, Number.NaN])('cannot be %d seconds', (timeoutSeconds) => {
    // It is refused before anything of the host is looked at.
    expect(() => apiActions({} as ActionHost, { timeoutSeconds })).toThrow('timeoutSeconds must be 1 to 86400.')
  })
})

describe('args of a call', () => {
  const problems = async (action: string, args: JsonObject): Promise<string> => {
    const result = await actions.attempt(action, { url: api.origin, ...args })
    expect(api.received).toEqual([])
    expect(result).toMatchObject({ status: 'withheld', decision: { route: 'denied', code: 'ARGS_INVALID' } })
    return result.status === 'withheld' ? result.decision.reason : ''
  }

  it.each([
    ['a method of another action', 'http.read', { method: 'POST' }],
    ['a method in small letters', 'http.read', { method: 'get' }],
    ['a method that there is not', 'http.send', { method: 'CONNECT' }],
    ['a body that is read', 'http.read', { method: 'GET', body: {} }],
    ['what is not known', 'http.send', { method: 'POST', query: {} }],
    ['no address', 'http.read', { method: 'GET', url: '/customers' }],
    ['another protocol', 'http.read', { method: 'GET', url: 'file:///etc/passwd' }],
    ['a user in the address', 'http.read', { method: 'GET', url: 'https://ana:secret99@example.com/' }],
    ['a long address', 'http.read', { method: 'GET', url: `https://example.com/${'x'.repeat(2_048)}` }],
    ['a header of the connection', 'http.read', { method: 'GET', headers: { Host: 'elsewhere.test' } }],
    ['a header with a second line', 'http.read', { method: 'GET', headers: { a: '1\r\nb: 2' } }],
    ['a header that is packed', 'http.read', { method: 'GET', headers: { 'Accept-Encoding': 'gzip' } }],
    ['a header twice', 'http.read', { method: 'GET', headers: { 'X-A': '1', 'x-a': '2' } }],
    ['a number as header', 'http.read', { method: 'GET', headers: { a: 1 } }],
    ['a reference with more', 'http.read', { method: 'GET', headers: { a: { $secret: 'crm', value: 'x' } } }],
  ])('are refused with %s', async (_, action, args) => {
    await problems(action, args as JsonObject)
  })

  it.each([
    ['authorization', 'Basic YW5hOnNlY3JldDk5'],
    ['X-Api-Key', 'plain-key-99'],
    ['cookie', 'session=99'],
    ['x-note', 'Bearer abcdefgh99'],
    ['x-note', { $secret: 'crm', prefix: 'token=abcdefgh99 ' }],
  ])('are refused with a secret written out in the header %s, which is told without it', async (name, value) => {
    const reason = await problems('http.read', { method: 'GET', headers: { [name]: value } } as JsonObject)
    expect(reason).toContain('$secret')
    expect(reason).not.toContain('99')
  })

  it('are refused with more headers, or a larger body, than can be sent', async () => {
    const schema = apiCallSchema(['POST'], { hasBody: true })
    const sized = (length: number) => ({ method: 'POST', url: 'https://a.test', body: 'x'.repeat(length - 2) })
    expect(schema.safeParse(sized(262_144)).success).toBe(true)
    expect(schema.safeParse(sized(262_145)).success).toBe(false)
    const headers = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`x-${index}`, '1']))
    expect(await problems('http.read', { method: 'GET', headers })).toContain('at most 50 headers')
  })
})

describe('what people see of a call', () => {
  it('is who is called with what, as it will be sent', async () => {
    const agent = await actions.agent('intern')
    const headers = { 'x-note': 'one', authorization: { $secret: 'crm', prefix: 'Bearer ' } }
    const body = { name: 'Ana', text: 'x'.repeat(6_000) }
    const args = { method: 'POST', url: 'https://crm.example.com/customers?x=1', headers, body }
    const result = await attempt(args, { agent })
    const decision = result.status === 'withheld' ? result.decision : undefined
    if (decision?.route !== 'proposal') throw new Error('It was to be proposed.')
    const card = await actions.admin.proposals.card(decision.proposal.id)
    expect(card.proposal.args).toEqual(args)
    expect(card.summary).toBe('Sends POST to crm.example.com/customers')
    expect(card.preview[0]).toEqual({
      kind: 'kv',
      items: [
        { label: 'Method', value: 'POST' },
        { label: 'Host', value: 'crm.example.com' },
        { label: 'Path', value: '/customers' },
        { label: 'Query', value: '?x=1' },
        { label: 'Header x-note', value: 'one' },
        { label: 'Header authorization', value: 'Bearer {secret crm}' },
      ],
    })
    const code = card.preview.slice(1).map((block) => (block.kind === 'code' ? block.code : ''))
    expect(JSON.parse(code.join(''))).toEqual(body)
  })

  it('warns where the connection is not encrypted', async () => {
    const agent = await actions.agent('intern')
    const result = await attempt({ method: 'GET' }, { agent })
    const decision = result.status === 'withheld' ? result.decision : undefined
    if (decision?.route !== 'proposal') throw new Error('It was to be proposed.')
    const { preview } = await actions.admin.proposals.card(decision.proposal.id)
    expect(preview[0]).toEqual({ kind: 'warning', text: 'The connection is not encrypted.' })
  })
})
