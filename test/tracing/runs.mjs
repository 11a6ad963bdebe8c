// The process of an application beside a plane: a worker that runs what was approved or is watched, and a guard whose gate is
// in the plane. Usage: node runs.mjs <collector> <database> <address of the plane> <key of the agents, as JSON>
import { once } from 'node:events'
import { context, trace } from '@opentelemetry/api'
import { connectGovernor } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { createWorker } from '@preceptor/worker'
import { ACTIONS, traceTo } from './traced.mjs'

const [, , collector, database, url, given] = process.argv
const keys = JSON.parse(given)
const provider = traceTo(collector, 'runs')
const host = trace.getTracer('host')
const governor = await createGovernor({ database, actions: ACTIONS, report: () => undefined })
const worker = await createWorker(governor)

/** A guarded call to the gate in the plane, under a span of this process, which it gives. */
async function guardFromAfar({ agent, action, idempotencyKey, traceparent }) {
  const remote = connectGovernor({ url: `${url}/api`, token: keys[agent] })
  const scope = remote.as({ workspace: 'default', principal: { kind: 'agent', id: agent, roles: [] } })
  const trigger = { agent, action, args: { secret: 'for-your-eyes-only' }, idempotencyKey }
  const work = () => {
    host.startSpan('insert').end()
    return 'ran'
  }
  if (traceparent !== undefined) {
    const { status } = await remote.inTraceOf({ traceparent }, () => scope.guard(trigger, work))
    await remote.close()
    return { status }
  }
  const span = host.startSpan('request')
  const { status } = await context.with(trace.setSpan(context.active(), span), () => scope.guard(trigger, work))
  span.end()
  await remote.close()
  return { status, ...span.spanContext() }
}

process.on('message', async (asked) => {
  try {
    process.send({ answer: await guardFromAfar(asked) })
  } catch (error) {
    process.send({ failed: String(error) })
  }
})
process.send({ answer: 'ready' })
await once(process, 'disconnect')
await worker.close()
await governor.close()
await provider.shutdown()
