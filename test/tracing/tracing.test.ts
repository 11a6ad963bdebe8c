import { fork } from 'node:child_process'
import { once } from 'node:events'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Collector, openCollector, type SentHistory, type SentSpan } from './collector.ts'

const attributesOf = ({ attributes }: SentSpan): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

const millisecondsOf = ({ startTimeUnixNano, endTimeUnixNano }: SentSpan): number =>
  Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1e6

const linksOf = ({ links = [] }: SentSpan): readonly string[] => links.map(({ spanId }) => spanId)

function one(spans: readonly SentSpan[], name: string): SentSpan {
  const [span, ...more] = spans.filter((each) => each.name === name)
  if (span === undefined || more.length > 0) {
    throw new Error(`Not one ${name} among ${spans.map((each) => each.name).join(', ')}.`)
  }
  return span
}

describeWithPostgres('what a process that traces sends to a collector', () => {
  const server = useTestDatabase()
  let collector: Collector
  beforeAll(async () => {
    collector = await openCollector()
    const script = new URL('./traced-runs.mjs', import.meta.url)
    const child = fork(script, [collector.address, server.url], {
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    const said: string[] = []
    child.stderr?.on('data', (text) => said.push(String(text)))
    const [code] = await once(child, 'exit')
    if (code !== 0) throw new Error(said.join(''))
  }, 60_000)
  afterAll(() => collector.close())

  const sent = (name: string): SentHistory => {
    const history = collector.histories.get(name)
    if (history === undefined) throw new Error(`Nothing was sent of ${name}.`)
    return history
  }

  it('is a span for a decision and one for its run, under that of the host, without args [OBS-5]', () => {
    const { spans, text } = sent('under a host')
    const [request, decide, run] = [
      one(spans, 'POST /notes'),
      one(spans, 'governance.decide'),
      one(spans, 'execute_tool note.write'),
    ]
    const told = {
      'governance.route': 'execution',
      'governance.level': 'autonomous',
      'governance.risk': 'medium',
      'governance.action': 'note.write',
      'governance.decision.id': expect.stringMatching(/^dec_/),
      'governance.policy.version': expect.anything(),
    }
    for (const span of [request, decide, run]) expect(attributesOf(span)).toMatchObject(told)
    expect(attributesOf(run)).toMatchObject({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'note.write',
      'gen_ai.agent.id': 'autonomous',
    })
    expect([decide.parentSpanId, run.parentSpanId]).toEqual([request.spanId, request.spanId])
    expect(one(spans, 'insert').parentSpanId).toBe(run.spanId)
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
    for (const hidden of ['731', 'eyes-only', 'hunter2', 'the-answer']) expect(text).not.toContain(hidden)
  })

  it('is a trace of its own without a host that traces [OBS-5]', () => {
    const { spans } = sent('alone')
    const decide = one(spans, 'governance.decide')
    expect(decide.parentSpanId ?? '').toBe('')
    const { traceId, spanId } = decide
    expect(one(spans, 'execute_tool order.read')).toMatchObject({ traceId, parentSpanId: spanId })
  })

  it('says what failed by a code, and does not call it a failure that the rules say no [OBS-5]', () => {
    const { spans, text } = sent('failures')
    const statuses = spans.filter(({ name }) => name.startsWith('execute_tool')).map(({ status }) => status)
    expect(statuses).toEqual([{ code: 2, message: 'TypeError' }, { code: 2, message: 'CONFLICT' }, { code: 0 }])
    const decisions = spans.filter(({ name }) => name === 'governance.decide')
    expect(decisions.map(({ status }) => status.code)).toEqual([0, 0, 0, 0])
    expect(decisions.map((span) => attributesOf(span)['governance.route'])[0]).toBe('training')
    for (const hidden of ['sk-live', 'sk-2', 'interrupt']) expect(text).not.toContain(hidden)
  })

  it('ends with the decision that asks people, and links the run after it to that [OBS-6]', () => {
    const { spans, given } = sent('approval')
    expect(given).toMatchObject({ route: 'proposal', status: 'executed' })
    const { asked } = given as { readonly asked: string }
    const decisions = spans.filter(({ name }) => name === 'governance.decide')
    const asking = decisions.find((span) => attributesOf(span)['governance.decision.id'] === asked)
    const run = one(spans, 'execute_tool refund.retry')
    expect(run.links?.map(({ traceId, spanId }) => [traceId, spanId])).toEqual([[asking?.traceId, asking?.spanId]])
    expect(run.traceId).not.toBe(asking?.traceId)
    expect(run.parentSpanId).toBe(decisions.find((span) => span !== asking)?.spanId)
    // People took 700 ms.
    expect(Math.max(...spans.map(millisecondsOf))).toBeLessThan(700)
  })

  it('holds no span while a supervisor is waited for, before a run and in the middle of it [OBS-6]', () => {
    const { spans, given } = sent('pause')
    expect(given).toEqual({ status: 'executed' })
    const [before, after] = spans.filter(({ name }) => name === 'execute_tool refund.create')
    if (before === undefined || after === undefined) throw new Error('The run has two parts.')
    expect(linksOf(before)).toEqual([one(spans, 'governance.decide').spanId])
    expect(linksOf(after)).toEqual([before.spanId])
    expect(Math.max(...spans.map(millisecondsOf))).toBeLessThan(700)
  })

  it('goes on in the trace that a request names [OBS-5]', () => {
    expect(one(sent('a named trace').spans, 'governance.decide')).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentSpanId: 'b7ad6b7169203331',
    })
  })
})
