import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { type ControlScope, connectGovernor, type Decision } from '@preceptor/client'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Collector, openCollector, type SentSpan } from './collector.ts'

interface Plane {
  readonly url: string
  readonly keys: Readonly<Record<'ana' | 'intern' | 'supervised' | 'autonomous', string>>
}

/** A guarded call that the process of the application is asked for. */
interface Asked {
  readonly agent: 'intern' | 'supervised' | 'autonomous'
  readonly action: string
  readonly idempotencyKey: string
  readonly traceparent?: string
}

interface Ran {
  readonly status: string
  readonly traceId?: string
  readonly spanId?: string
}

const attribute = ({ attributes }: SentSpan, name: string): unknown => {
  const value = attributes.find(({ key }) => key === name)?.value
  return value === undefined ? undefined : Object.values(value)[0]
}

const linksOf = ({ links = [] }: SentSpan): readonly (readonly string[])[] =>
  links.map(({ traceId, spanId }) => [traceId, spanId])

/** A span of a caller that nobody else knows of. */
function newCaller(): { readonly traceId: string; readonly spanId: string; readonly traceparent: string } {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')]
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-01` }
}

describeWithPostgres('what a plane and an application beside it send to one collector', () => {
  const database = useTestDatabase()
  const children: ChildProcess[] = []
  let collector: Collector
  let plane: Plane
  let application: ChildProcess
  let ana: ControlScope

  async function start(script: string, ...given: readonly string[]): Promise<readonly [ChildProcess, unknown]> {
    const path = new URL(script, import.meta.url)
    const child = fork(path, [collector.address, database.url, ...given], {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    children.push(child)
    const [said] = await once(child, 'message')
    return [child, said]
  }

  beforeAll(async () => {
    collector = await openCollector()
    const [, opened] = await start('./plane.mjs')
    plane = opened as Plane
    const [child] = await start('./runs.mjs', plane.url, JSON.stringify(plane.keys))
    application = child
    const principal = { kind: 'user', id: 'ana', roles: ['supervisor'] } as const
    ana = connectGovernor({ url: `${plane.url}/api`, token: plane.keys.ana }).as({ workspace: 'default', principal })
  }, 60_000)
  afterAll(async () => {
    for (const child of children.reverse()) {
      child.disconnect()
      await once(child, 'exit')
    }
    await collector.close()
  }, 60_000)

  async function askApplication(asked: Asked): Promise<Ran> {
    const answered = once(application, 'message')
    application.send(asked)
    const [{ answer, failed }] = await answered
    if (failed !== undefined) throw new Error(failed)
    return answer
  }

  async function post(
    path: string,
    key: string,
    body: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return fetch(`${plane.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  }

  /** The span that comes, perhaps with the next report of a process. */
  async function span(name: string, is: (span: SentSpan) => boolean): Promise<SentSpan> {
    const found = (): readonly SentSpan[] => collector.spans.filter((each) => each.name === name && is(each))
    await expect.poll(() => found().length, { timeout: 20_000, message: name }).toBe(1)
    const [only] = found()
    if (only === undefined) throw new Error(`There is no ${name}.`)
    return only
  }

  const spanOfDecision = (id: string): Promise<SentSpan> =>
    span('governance.decide', (each) => attribute(each, 'governance.decision.id') === id)

  /** The run in the process of the application that is linked to what asked for it. */
  const runLinkedTo = (action: string, { spanId }: SentSpan): Promise<SentSpan> =>
    span(`execute_tool ${action}`, (each) => linksOf(each).some(([, linked]) => linked === spanId))

  async function approve(id: string): Promise<void> {
    const { version, actionHash } = await ana.proposals.get(id)
    await ana.proposals.approve(id, { version, actionHash })
  }

  async function proposalFor(action: string): Promise<string> {
    const { items } = await ana.proposals.list({ state: 'pending' })
    const waiting = items.filter((proposal) => proposal.action === action)
    expect(waiting).toHaveLength(1)
    return waiting[0]?.id ?? ''
  }

  it('is a decision in the trace of an HTTP client, and a run in another process that is linked to it [OBS-8]', async () => {
    const caller = newCaller()
    const asked = { agent: 'intern', action: 'refund.create', args: { secret: 'for-your-eyes-only' } }
    const answer = await post('/api/triggers', plane.keys.intern, asked, { traceparent: caller.traceparent })
    const decision = (await answer.json()) as Decision
    if (decision.route !== 'proposal') throw new Error(decision.reason)
    const asking = await spanOfDecision(decision.id)
    expect(asking).toMatchObject({ traceId: caller.traceId, parentSpanId: caller.spanId })
    expect(attribute(asking, 'test.process')).toBe('plane')
    await approve(decision.proposal.id)
    const run = await runLinkedTo('refund.create', asking)
    expect(attribute(run, 'test.process')).toBe('runs')
    expect(run.traceId).not.toBe(caller.traceId)
    const claiming = await span('governance.decide', ({ spanId }) => spanId === run.parentSpanId)
    expect(attribute(claiming, 'test.process')).toBe('runs')
    expect(attribute(run, 'governance.decision.id')).toBe(attribute(claiming, 'governance.decision.id'))
  }, 60_000)

  it('is a governed route in the trace of each request, the second linked to the first [OBS-8]', async () => {
    const [first, second] = [newCaller(), newCaller()]
    const again = { 'idempotency-key': 'refund-1' }
    const asked = await post('/refunds', plane.keys.intern, { cents: 5 }, { ...again, traceparent: first.traceparent })
    expect(asked.status).toBe(202)
    await approve(await proposalFor('http.refund'))
    // A host that names its span and has a client that names another: the innermost counts.
    const traceparent = `${first.traceparent}, ${second.traceparent}`
    const ran = await post('/refunds', plane.keys.intern, { cents: 5 }, { ...again, traceparent })
    expect(await ran.json()).toEqual({ paid: true })
    const asking = await span('governance.decide', ({ traceId }) => traceId === first.traceId)
    const run = await runLinkedTo('http.refund', asking)
    expect(run.traceId).toBe(second.traceId)
  }, 60_000)

  it('is what an MCP client asks for, in the trace that it names beside its call [OBS-8]', async () => {
    const caller = newCaller()
    const client = new Client({ name: 'test', version: '1' })
    const headers = { authorization: `Bearer ${plane.keys.intern}` }
    // The SDK of MCP types its transports without exact optional properties.
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${plane.url}/mcp`), { requestInit: { headers } }) as never,
    )
    try {
      await client.callTool({
        name: 'request_action',
        arguments: { action: 'ledger.close', args: {} },
        _meta: { traceparent: caller.traceparent },
      })
    } finally {
      await client.close()
    }
    const asking = await span('governance.decide', ({ traceId }) => traceId === caller.traceId)
    expect(asking.parentSpanId).toBe(caller.spanId)
    expect(attribute(asking, 'governance.route')).toBe('proposal')
  }, 60_000)

  it('is one trace over two processes where a guard has its gate in another one [OBS-9]', async () => {
    const ran = await askApplication({ agent: 'autonomous', action: 'note.write', idempotencyKey: 'note-1' })
    expect(ran.status).toBe('executed')
    const run = await span('execute_tool note.write', ({ traceId }) => traceId === ran.traceId)
    const decision = await spanOfDecision(String(attribute(run, 'governance.decision.id')))
    expect(attribute(decision, 'test.process')).toBe('plane')
    expect(attribute(run, 'test.process')).toBe('runs')
    expect([decision.traceId, decision.parentSpanId]).toEqual([ran.traceId, ran.spanId])
    expect([run.traceId, run.parentSpanId]).toEqual([ran.traceId, ran.spanId])
    const insert = await span('insert', ({ traceId }) => traceId === ran.traceId)
    expect(insert.parentSpanId).toBe(run.spanId)
    expect(attribute(run, 'gen_ai.agent.id')).toBe('autonomous')
  }, 60_000)

  it('is the trace of a carrier that a remote governor is given [OBS-9]', async () => {
    const caller = newCaller()
    const asked = { agent: 'autonomous', action: 'note.write', idempotencyKey: 'note-2' } as const
    await askApplication({ ...asked, traceparent: caller.traceparent })
    const decision = await span('governance.decide', ({ traceId }) => traceId === caller.traceId)
    const run = await span('execute_tool note.write', ({ traceId }) => traceId === caller.traceId)
    expect([decision.parentSpanId, run.parentSpanId]).toEqual([caller.spanId, caller.spanId])
  }, 60_000)

  it('is a run of a remote guard that is linked to the decision that people were asked by [OBS-9]', async () => {
    const asked = { agent: 'intern', action: 'note.write', idempotencyKey: 'note-3' } as const
    const first = await askApplication(asked)
    expect(first.status).toBe('withheld')
    await approve(await proposalFor('note.write'))
    const second = await askApplication(asked)
    expect(second.status).toBe('executed')
    const asking = await span('governance.decide', ({ traceId }) => traceId === first.traceId)
    const run = await runLinkedTo('note.write', asking)
    expect([run.traceId, run.parentSpanId]).toEqual([second.traceId, second.spanId])
    expect(second.traceId).not.toBe(first.traceId)
  }, 60_000)

  it('is a claim out of the supervised queue with spans of its own, linked to what was asked for [OBS-10]', async () => {
    const caller = newCaller()
    const asked = { agent: 'supervised', action: 'refund.create', args: {} }
    const answer = await post('/api/triggers', plane.keys.supervised, asked, { traceparent: caller.traceparent })
    const decision = (await answer.json()) as Decision
    expect(decision.route).toBe('queue')
    const asking = await spanOfDecision(decision.id)
    await ana.presence.heartbeat({ active: true })
    const offered = async () => (await ana.sessions.list()).items.find(({ state }) => state === 'starting')
    await expect.poll(offered, { timeout: 20_000 }).toBeDefined()
    await ana.sessions.attach((await offered())?.id ?? '')
    const run = await runLinkedTo('refund.create', asking)
    expect(linksOf(run)).toEqual([[asking.traceId, asking.spanId]])
    const claiming = await span('governance.decide', ({ spanId }) => spanId === run.parentSpanId)
    expect([attribute(claiming, 'test.process'), attribute(run, 'test.process')]).toEqual(['runs', 'runs'])
    expect(attribute(claiming, 'governance.route')).toBe('supervision')
    expect([claiming.traceId, claiming.parentSpanId ?? '']).toEqual([run.traceId, ''])
    expect(claiming.traceId).not.toBe(caller.traceId)
    const recorded = await ana.decisions.get(String(attribute(claiming, 'governance.decision.id')))
    expect(recorded.decision.route).toBe('supervision')
  }, 60_000)

  it('is a run of a remote guard under a watch, in which nobody is waited for [OBS-9, OBS-10]', async () => {
    const running = askApplication({ agent: 'supervised', action: 'refund.create', idempotencyKey: 'refund-4' })
    const waiting = async () => (await ana.sessions.list()).items.find(({ state }) => state === 'starting')
    await expect.poll(waiting, { timeout: 20_000 }).toBeDefined()
    const attachedAt = BigInt(Date.now()) * 1_000_000n
    await ana.sessions.attach((await waiting())?.id ?? '')
    const ran = await running
    expect(ran.status).toBe('executed')
    const decision = await span('governance.decide', ({ traceId }) => traceId === ran.traceId)
    const run = await span('execute_tool refund.create', ({ traceId }) => traceId === ran.traceId)
    expect(linksOf(run)).toEqual([[decision.traceId, decision.spanId]])
    expect(BigInt(decision.endTimeUnixNano)).toBeLessThan(attachedAt)
    expect(BigInt(run.startTimeUnixNano)).toBeGreaterThan(attachedAt)
  }, 60_000)

  it('never has args in it [OBS-8, OBS-9]', () => {
    expect(collector.text()).not.toContain('eyes-only')
    expect(collector.spans.length).toBeGreaterThan(10)
  })
})
