// A host process that traces with the SDK for Node: what happens in it is sent to the collector that it is told of.
// Usage: node traced-runs.mjs <address of the collector> <address of a Postgres database>
import { setTimeout as sleep } from 'node:timers/promises'
import { context, SpanKind, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import { GovernanceError } from '@preceptor/client'
import { createTestGovernor } from '@preceptor/core/testing'

const [, , collector, database] = process.argv
const exporter = new OTLPTraceExporter({ url: `${collector}/v1/traces` })
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
provider.register()
const host = trace.getTracer('host')

const test = await createTestGovernor({
  database,
  actions: {
    'order.read': { risk: 'safe' },
    'note.write': { risk: 'medium' },
    'refund.create': { risk: 'high' },
    'refund.retry': { risk: 'high', idempotent: true },
  },
})
for (const level of ['student', 'intern', 'supervised', 'autonomous']) await test.register(level, level)
await test.admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
const ana = test.user('ana', 'supervisor')

/** Runs one history, and says its name to the collector once all of its spans are there. */
async function history(name, work) {
  const given = await work()
  await provider.forceFlush()
  await fetch(`${collector}/done`, { method: 'POST', body: JSON.stringify({ name, given: given ?? null }) })
}

await history('under a host', async () => {
  const request = host.startSpan('POST /notes', { kind: SpanKind.SERVER })
  const args = { cents: 731, note: 'for-your-eyes-only', password: 'hunter2hunter2' }
  await context.with(trace.setSpan(context.active(), request), () =>
    test.agent('autonomous').guard({ agent: 'autonomous', action: 'note.write', args }, () => {
      host.startSpan('insert').end()
      return { secret: 'the-answer-is-secret' }
    }),
  )
  request.end()
})

await history('alone', () =>
  test.agent('autonomous').guard({ agent: 'autonomous', action: 'order.read', args: {} }, () => 'read'),
)

await history('failures', async () => {
  const scope = test.agent('autonomous')
  await test.agent('student').decide({ agent: 'student', action: 'refund.create', args: {} })
  const trigger = { agent: 'autonomous', action: 'note.write', args: {} }
  for (const error of [
    new TypeError('the token is sk-live-123'),
    new GovernanceError('CONFLICT', { message: 'sk-2' }),
  ]) {
    await scope
      .guard(trigger, () => {
        throw error
      })
      .catch(() => undefined)
  }
  const isControlFlow = () => true
  await scope
    .guard(
      trigger,
      () => {
        throw new Error('interrupt')
      },
      { isControlFlow },
    )
    .catch(() => undefined)
})

await history('approval', async () => {
  const scope = test.agent('intern')
  const trigger = { agent: 'intern', action: 'refund.retry', args: { cents: 2 }, idempotencyKey: 'waits' }
  const { decision } = await scope.guard(trigger, () => 'never')
  await sleep(700)
  const { id } = decision.proposal
  const { version, actionHash } = await test.admin.proposals.get(id)
  await ana.proposals.approve(id, { version, actionHash })
  const ran = await scope.guard(trigger, () => 'ran')
  return { asked: decision.id, route: decision.route, status: ran.status }
})

await history('pause', async () => {
  const sessions = async () => (await test.admin.sessions.list()).items
  await ana.presence.heartbeat({ active: true })
  const trigger = { agent: 'supervised', action: 'refund.create', args: {}, run: 'long' }
  const running = test.agent('supervised').guard(trigger, async ({ checkpoint }) => {
    const [session] = await sessions()
    await ana.sessions.intervene(session.id, { type: 'pause' })
    const waiting = checkpoint()
    await sleep(1_500)
    await ana.sessions.intervene(session.id, { type: 'resume' })
    await waiting
    return 'done'
  })
  while ((await sessions()).length === 0) await sleep(10)
  const [session] = await sessions()
  await sleep(700)
  await ana.sessions.attach(session.id)
  return { status: (await running).status }
})

await history('a named trace', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  await test.governor.inTraceOf({ traceparent }, () =>
    test.agent('autonomous').decide({ agent: 'autonomous', action: 'order.read', args: {} }),
  )
})

await test.close()
await provider.shutdown()
