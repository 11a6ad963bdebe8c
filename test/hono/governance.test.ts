import type { StandardSchema } from '@preceptor/client'
import type { GovernanceEnv } from '@preceptor/hono-middleware'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { streamSSE } from 'hono/streaming'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import {
  type AppOptions,
  createAgent,
  createHostApp,
  type GovernedHandler,
  refund,
  SHAPES,
  type Shape,
  send,
  sendRaw,
} from './host-app.ts'
import { useApi } from './support.ts'

const api = useApi()
const agentKey = (maturity: Parameters<typeof createAgent>[1]) => createAgent(api, maturity)
const appWith = (shape: Shape, handler: GovernedHandler, more: AppOptions = {}) =>
  createHostApp(api, { shape, handler, ...more })

describe.each(SHAPES)('%s()', (shape) => {
  it('runs the handler where the decision is execution, with the args as decided [HTTP-1, HTTP-7]', async () => {
    const { id, key } = await agentKey('autonomous')
    const seen: unknown[] = []
    const { app, action } = appWith(shape, async (c) => {
      const { args, decision, signal, idempotencyKey } = c.var.governance
      seen.push({ args, again: await c.req.json() })
      expect(signal.aborted).toBe(false)
      expect(idempotencyKey).not.toBe('')
      return c.json({ decision: decision.id, agent: decision.agent, source: decision.source })
    })
    const response = await send(app, key, { path: '/refunds/7?note=a&note=b&x=1' })
    expect(response.status).toBe(200)
    expect(response.headers.get('x-host')).toBe('yes')
    const answer = response.body
    expect(answer).toMatchObject({ agent: id, source: 'ai_coordinator' })
    const args = {
      method: 'POST',
      route: '/refunds/:id',
      params: { id: '7' },
      query: { note: ['a', 'b'], x: '1' },
      body: { cents: 5 },
    }
    expect(seen).toEqual([{ args, again: { cents: 5 } }])
    const record = await api.admin.decisions.get(answer.decision)
    expect(record).toMatchObject({ args, execution: { action: action, state: 'succeeded' } })
  })

  it('answers 202 with Location and Retry-After where a proposal waits [HTTP-1, HTTP-7]', async () => {
    const { key } = await agentKey('intern')
    const handler = vi.fn(refund)
    const { app, action } = appWith(shape, handler)
    const response = await send(app, key)
    expect(response.status).toBe(202)
    expect(response.headers.get('retry-after')).toBe('30')
    expect(response.headers.get('content-type')).toBe('application/json')
    const { body } = response
    expect(body).toMatchObject({ status: 202, code: 'APPROVAL_REQUIRED', decision: { route: 'proposal' } })
    expect(body).toMatchObject({ hint: expect.any(String), traceId: expect.stringMatching(/^[0-9a-f]{32}$/) })
    const location = response.headers.get('location') ?? ''
    expect(location).toBe(`/api/maturity/proposals/${body.decision.proposal.id}`)
    const proposal = (await api.request('GET', location)).body
    expect(proposal).toMatchObject({ action: action, state: 'pending' })
    expect(proposal.args).toMatchObject({ method: 'POST', route: '/refunds/:id', body: { cents: 5 } })
    expect(handler).not.toHaveBeenCalled()
  })

  it('answers 202 with the queue entry where nobody can supervise [HTTP-1, HTTP-7]', async () => {
    const { key } = await agentKey('supervised')
    const handler = vi.fn(refund)
    const response = await send(appWith(shape, handler, { apiPath: '/v1' }).app, key)
    expect(response.status).toBe(202)
    const { body } = response
    expect(body).toMatchObject({ code: 'SUPERVISOR_REQUIRED', decision: { route: 'queue' } })
    expect(response.headers.get('location')).toBe(`/v1/supervised-queue/${body.decision.queueEntry.id}`)
    expect(handler).not.toHaveBeenCalled()
  })

  it('answers 403 with a problem where training is due [HTTP-1, HTTP-2, HTTP-7]', async () => {
    const { key } = await agentKey('student')
    const handler = vi.fn(refund)
    const response = await send(appWith(shape, handler).app, key)
    expect(response.status).toBe(403)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.body).toMatchObject({
      type: 'urn:preceptor:problem:training_required',
      code: 'TRAINING_REQUIRED',
      docs: 'docs/errors.md#training_required',
      retryable: false,
      decision: { route: 'training', trainingProposal: { repeats: 1 } },
    })
    expect(handler).not.toHaveBeenCalled()
  })

  it('runs a supervised handler once a supervisor has attached [HTTP-1, HTTP-7]', async () => {
    const { id, key } = await agentKey('supervised')
    await api.request('POST', '/users/sue/activity/heartbeat', { as: 'supervisor' })
    const handler = vi.fn(refund)
    const sent = send(appWith(shape, handler).app, key)
    const session = await vi.waitFor(
      async () => {
        const { body } = await api.request('GET', `/supervision/sessions?agent=${id}&state=active`)
        expect(body.items).toHaveLength(1)
        return body.items[0]
      },
      { timeout: 5_000, interval: 50 },
    )
    expect(handler).not.toHaveBeenCalled()
    const attached = await api.request('POST', `/supervision/sessions/${session.id}/attach`, { as: 'supervisor' })
    expect(attached.body).toMatchObject({ supervisorId: 'sue' })
    const response = await sent
    expect(response.status).toBe(200)
    expect(handler).toHaveBeenCalledTimes(1)
    const ended = await api.request('GET', `/supervision/sessions/${session.id}`)
    expect(ended.body.state).toBe('completed')
  })

  it('runs nothing for an agent that is paused, or under a kill switch [HTTP-1, HTTP-7]', async () => {
    const { id, key } = await agentKey('autonomous')
    const handler = vi.fn(refund)
    const { app } = appWith(shape, handler)
    await api.admin.agents.pause(id, 'a test')
    const paused = await send(app, key)
    expect([paused.status, paused.body.code]).toEqual([403, 'AGENT_PAUSED'])
    await api.admin.agents.resume(id, 'a test')
    await api.admin.stops.set({ target: 'agent', agent: id, reason: 'a test' })
    const stopped = await send(app, key)
    expect([stopped.status, stopped.body.code]).toEqual([403, 'STOPPED'])
    expect(handler).not.toHaveBeenCalled()
  })

  it('answers as the first time for the same idempotency key, and runs once [HTTP-1, I-22]', async () => {
    const { key } = await agentKey('autonomous')
    let runs = 0
    const { app } = appWith(shape, (c) => {
      runs += 1
      return c.json({ number: runs }, 201, { location: '/refunds/99' })
    })
    const headers = { 'idempotency-key': 'abc' }
    const first = await send(app, key, { headers })
    const again = await send(app, key, { headers })
    expect([first.status, first.body, first.headers.get('preceptor-replayed')]).toEqual([201, { number: 1 }, null])
    expect([again.status, again.body, again.headers.get('preceptor-replayed')]).toEqual([201, { number: 1 }, 'true'])
    expect(again.headers.get('location')).toBe('/refunds/99')
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'))
    expect(runs).toBe(1)
  })

  it('repeats a stored response to nobody else, and does not run again for them [I-22, I-4]', async () => {
    const { id, key } = await agentKey('autonomous')
    const handler = vi.fn<GovernedHandler>((c) => c.json({ receipt: 'of the agent' }))
    const { app } = appWith(shape, handler)
    const headers = { 'idempotency-key': 'shared', 'preceptor-agent': id }
    const first = await send(app, key, { headers })
    expect([first.status, first.body]).toEqual([200, { receipt: 'of the agent' }])
    const other = await send(app, api.keys.admin, { headers })
    expect([other.status, other.body.code]).toEqual([409, 'ALREADY_EXECUTED'])
    expect(other.text).not.toContain('receipt')
    expect((await send(app, key, { headers })).text).toBe(first.text)
    expect(handler).toHaveBeenCalledTimes(1)
  })

  it('runs once of twenty at once with one key [I-22, HTTP-7]', async () => {
    const { key } = await agentKey('autonomous')
    const handler = vi.fn(refund)
    const { app } = appWith(shape, handler)
    const headers = { 'idempotency-key': 'race' }
    const responses = await Promise.all(Array.from({ length: 20 }, () => send(app, key, { headers })))
    expect(handler).toHaveBeenCalledTimes(1)
    const statuses = new Set(responses.map(({ status }) => status))
    expect([...statuses].every((status) => status === 200 || status === 409)).toBe(true)
    expect(statuses.has(200)).toBe(true)
  })

  it('leaves what the handler throws to the error handler of the host, and does not run it again [HTTP-8, HTTP-7]', async () => {
    const { key } = await agentKey('autonomous')
    const handler = vi.fn(() => {
      throw new HTTPException(404, { message: 'no such order' })
    })
    const { app } = appWith(shape, handler)
    const headers = { 'idempotency-key': 'boom' }
    const response = await send(app, key, { headers })
    expect([response.status, response.text]).toEqual([418, 'host: no such order'])
    const again = await send(app, key, { headers })
    expect([again.status, again.body.code]).toEqual([409, 'ALREADY_EXECUTED'])
    expect(handler).toHaveBeenCalledTimes(1)
  })

  it('leaves a governance error of the handler itself to the host too [HTTP-8, HTTP-7]', async () => {
    const { key } = await agentKey('autonomous')
    const { app } = appWith(shape, async () => {
      await api.admin.agents.get('nobody')
      return new Response()
    })
    const response = await send(app, key)
    expect([response.status, response.text.startsWith('host: ')]).toEqual([418, true])
  })

  it('leaves streams and responses of the host as they are [HTTP-8, HTTP-7]', async () => {
    const { key } = await agentKey('autonomous')
    const streaming = appWith(shape, (c) =>
      streamSSE(c, async (stream) => {
        await stream.writeSSE({ data: 'one' })
        await stream.writeSSE({ data: 'two' })
      }),
    )
    const response = await send(streaming.app, key, { headers: { 'idempotency-key': 's' } })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    expect(response.text).toBe('data: one\n\ndata: two\n\n')
    const again = await send(streaming.app, key, { headers: { 'idempotency-key': 's' } })
    expect([again.status, again.body.code]).toEqual([409, 'ALREADY_EXECUTED'])
    const bytes = new Uint8Array([0, 255, 1])
    const download = appWith(
      shape,
      () => new Response(bytes, { headers: { 'content-type': 'application/zip', 'x-a': 'b' } }),
    )
    const file = await sendRaw(download.app, key)
    expect([file.headers.get('x-a'), new Uint8Array(await file.arrayBuffer())]).toEqual(['b', bytes])
    const empty = await send(appWith(shape, () => new Response(null, { status: 204 })).app, key)
    expect([empty.status, empty.text]).toEqual([204, ''])
  })

  const opaque: StandardSchema = { '~standard': { version: 1, vendor: 'home', validate: (value) => ({ value }) } }

  it('decides on what the schemas make of the request, and refuses what does not fit [HTTP-1, HTTP-7]', async () => {
    const { key } = await agentKey('autonomous')
    const handler = vi.fn((c: Context<GovernanceEnv>) => c.json(c.var.governance.args))
    const schema = {
      params: z.object({ id: z.coerce.number().int() }),
      query: opaque,
      body: z.strictObject({ cents: z.int().positive(), note: z.string().default('none') }),
    }
    const { app } = appWith(shape, handler, { schema })
    const right = await send(app, key, { path: '/refunds/7?a=b' })
    expect(right.body).toMatchObject({ params: { id: 7 }, query: { a: 'b' }, body: { cents: 5, note: 'none' } })
    const wrong = await send(app, key, { path: '/refunds/seven', body: { cents: -5, admin: true } })
    expect(wrong.status).toBe(400)
    const problem = wrong.body
    expect(problem.code).toBe('ARGS_INVALID')
    expect(problem.detail).toContain('params.id')
    expect(problem.detail).toContain('body.cents')
    expect(handler).toHaveBeenCalledTimes(1)
  })

  it('binds the whole path where the route has a wildcard [HTTP-1]', async () => {
    const { key } = await agentKey('autonomous')
    const { app } = appWith(shape, (c) => c.json(c.var.governance.args), { path: '/files/*' })
    const response = await send(app, key, { path: '/files/a/b?x=1', method: 'GET' })
    expect(response.body).toEqual({
      method: 'GET',
      route: '/files/a/b',
      params: {},
      query: { x: '1' },
      body: null,
    })
  })

  it('is high in risk unless the option says otherwise [HTTP-1]', async () => {
    const { key } = await agentKey('intern')
    expect((await send(appWith(shape, refund).app, key)).status).toBe(202)
    expect((await send(appWith(shape, refund, { risk: 'safe' }).app, key)).status).toBe(200)
  })

  it('keeps resource, context and type of the trigger [HTTP-1]', async () => {
    const { key } = await agentKey('intern')
    const options = {
      resource: (c: Context) => `order-${c.req.param('id')}`,
      context: () => ({ why: 'late parcel' }),
      type: 'workflow_trigger',
    }
    const response = await send(appWith(shape, refund, options).app, key)
    const { body } = await api.request('GET', response.headers.get('location') ?? '')
    expect(body).toMatchObject({ resource: 'order-7', context: { why: 'late parcel' }, type: 'workflow_trigger' })
  })
})
