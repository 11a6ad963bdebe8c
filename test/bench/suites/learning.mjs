import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { ChatOpenAI } from '@langchain/openai'
import { createGovernor } from '@preceptor/core'
import { createLearning, learning as port } from '@preceptor/learning'
import { median } from '../measure.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { atLeast, atMost } from '../table.mjs'

const ROUNDS = 3
const BATCH = 60
const AT_ONCE = 4
// A model takes seconds; what is measured here must not be the processor instead.
const LATENCY_MS = 400
const REPEATED = 20
const CACHED_LATENCY_MS = 50
const LOOK_MS = 20
const WORKER = new URL('../../learning/session-worker.mjs', import.meta.url)
const ADMIN = { workspace: 'default', principal: { kind: 'user', id: 'ada', roles: ['admin'] } }

/** Learning sessions a second by one worker process and by two, and what the cache of model calls spares. */
export async function learning() {
  const { startRuleServer } = await import('../../../examples/dist/rule-server.js')
  const { REFUND_CASES, refundRules } = await import('../../../examples/dist/refund-rules.js')
  const model = await startRuleServer({ rules: refundRules(), latencyMs: LATENCY_MS })
  try {
    const { one, two } = await shared(model, REFUND_CASES)
    model.setLatency(CACHED_LATENCY_MS)
    const cache = await repeated(model, REFUND_CASES)
    return [
      atLeast({
        ...{ name: 'sessions by two worker processes / by one, model-bound', unit: '/s', as: 'peer' },
        ...{ ours: two, other: one, gate: 1.6, moonshot: 1.9 },
      }),
      atMost({
        ...{ name: 'a session that was asked before / the same without the cache', unit: 'ms', as: 'peer' },
        ...{ ours: cache.with, other: cache.without, gate: 0.5, moonshot: 0.1 },
      }),
    ]
  } finally {
    await model.close()
  }
}

/** Sessions a second, by one process and by two in turn. */
async function shared(model, cases) {
  const server = await openPostgres()
  const governor = await createGovernor({
    database: server.url,
    migrate: true,
    plugins: [createLearning({ automatic: false })],
    report: () => undefined,
  })
  const { sessions } = governor.as(ADMIN).plugin(port)
  const rates = { one: [], two: [] }
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, count] of [
        ['one', 1],
        ['two', 2],
      ]) {
        rates[name].push(await drain({ sessions, url: server.url, model, cases, count, round: `${round}.${count}` }))
      }
    }
    return { one: median(rates.one), two: median(rates.two) }
  } finally {
    await governor.close()
    await server.close()
  }
}

/** From the first call of the model to the last session of a batch. */
async function drain({ sessions, url, model, cases, count, round }) {
  const workers = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const worker = fork(WORKER, [url, model.url, `worker-${index}`, String(AT_ONCE)], { stdio: 'inherit' })
      await once(worker, 'message')
      return worker
    }),
  )
  const open = new Set()
  for (let index = 0; index < BATCH; index += 1) {
    const request = requestOf(cases, index, `Round ${round}`)
    open.add((await sessions.start({ ...request, mode: 'batch' })).id)
  }
  model.forgetCalls()
  for (const worker of workers) worker.send({ start: true })
  while (model.calls.length === 0) await sleep(LOOK_MS)
  const from = performance.now()
  while (open.size > 0) {
    await sleep(LOOK_MS)
    for (const { id } of (await sessions.list({ state: 'completed', limit: 100 })).items) open.delete(id)
  }
  const rate = (BATCH * 1_000) / (performance.now() - from)
  const corrected = model.calls.filter(({ rule }) => rule === 'improve').map(({ prompt }) => prompt)
  const busy = new Set(corrected.map((prompt) => prompt.model)).size
  if (corrected.length !== BATCH || busy !== count) {
    throw new Error(`${BATCH} sessions took ${corrected.length} corrections by ${busy} of ${count} processes.`)
  }
  for (const worker of workers) {
    worker.send({ close: true })
    await once(worker, 'exit')
  }
  return rate
}

/** Milliseconds of a session that was asked before, with the cache and without. */
async function repeated(model, cases) {
  const measured = {}
  for (const [name, options] of [
    ['with', {}],
    ['without', { cache: false }],
  ]) {
    const improver = new ChatOpenAI({
      model: 'scripted',
      apiKey: 'none',
      maxRetries: 0,
      configuration: { baseURL: model.url },
    })
    const plugins = [createLearning({ improver, automatic: false, ...options })]
    const governor = await createGovernor({ memory: true, plugins, report: () => undefined })
    const { sessions } = governor.as(ADMIN).plugin(port)
    const times = []
    for (let index = 0; index < REPEATED; index += 1) {
      const request = requestOf(cases, index, 'Asked')
      await sessions.start(request)
      model.forgetCalls()
      const from = performance.now()
      await sessions.start(request)
      times.push(performance.now() - from)
      const isReached = model.calls.length > 0
      if (isReached !== (name === 'without'))
        throw new Error(`The model got ${model.calls.length} calls ${name} the cache.`)
    }
    await governor.close()
    measured[name] = median(times)
  }
  return measured
}

function requestOf(cases, index, prefix) {
  const { task, wrong, right } = cases[index % cases.length]
  const context = `${prefix}, customer ${index + 1}: ${task}`
  return { agentType: 'generic', format: 'conversation', context, originalResponse: wrong, correction: right }
}
