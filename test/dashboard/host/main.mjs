// The process of a host: a plane with its dashboard and API, or the worker beside it. What its actions do, they do to the
// oracle. It is told what it is as its first argument, and says when it is ready.
import { createAdaptorServer } from '@hono/node-server'
import { createGovernor } from '@preceptor/core'
import { dashboard } from '@preceptor/dashboard'
import { governanceApi } from '@preceptor/hono-middleware'
import { createLearning } from '@preceptor/learning'
import { learningRoutes } from '@preceptor/learning/hono'
import { createOrchestration } from '@preceptor/orchestration'
import { orchestrationRoutes } from '@preceptor/orchestration/hono'
import { createWorker } from '@preceptor/worker'
import { Hono } from 'hono'

const { serves, works, place, oracle, port, prepares } = JSON.parse(process.argv[2])

async function execute({ action, args, idempotencyKey }) {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ action, args, idempotencyKey, pid: process.pid })
  const response = await fetch(oracle, { method: 'POST', headers, body })
  return response.json()
}

const REFUND = {
  type: 'object',
  required: ['cents', 'to'],
  additionalProperties: false,
  properties: { cents: { type: 'integer', minimum: 1, maximum: 500_000 }, to: { type: 'string' } },
}

const PARCEL = {
  type: 'object',
  required: ['count', 'to'],
  additionalProperties: false,
  properties: { count: { type: 'integer', minimum: 1, maximum: 40 }, to: { type: 'string' } },
}

/** A course on refunds; it is the whole of what a student needs. Graders score two, and a person the last one. */
const SCENARIOS = [
  {
    id: 'refund.limit',
    version: 1,
    topic: 'limits',
    capability: 'refund',
    task: 'Decide: {"decision": "refund" | "ask"}.',
    input: { cents: 9_000, most: 5_000 },
    grader: { kind: 'exact', expected: { decision: 'ask' } },
    weight: 1,
  },
  {
    id: 'refund.sum',
    version: 1,
    topic: 'amounts',
    capability: 'refund',
    task: 'Add up: {"cents": <number>}.',
    input: { items: [100, 250] },
    grader: { kind: 'numeric', at: '/cents', expected: 350, tolerance: 0 },
    weight: 3,
  },
  {
    id: 'refund.letter',
    version: 1,
    topic: 'letters',
    capability: 'refund',
    task: 'Tell the customer that the refund is on its way.',
    input: { customer: 'Mr Adeyemi' },
    grader: { kind: 'human', instructions: 'Is it polite?' },
    weight: 2,
  },
]

/** What the student has learnt to say. */
const ANSWERS = {
  'refund.limit': { decision: 'ask' },
  'refund.sum': { cents: 350 },
  'refund.letter': { letter: 'Dear Mr Adeyemi, the refund is on its way.' },
}

const governor = await createGovernor({
  ...place,
  actions: {
    'refund.create': { risk: 'medium', args: REFUND, execute, summary: ({ to }) => `Refund to ${to}` },
    'parcel.send': { risk: 'high', args: PARCEL, execute, summary: ({ to }) => `Parcels to ${to}` },
    'ledger.post': { risk: 'medium' },
  },
  // A busy machine is no fault of the gate, and a person takes a while.
  settings: { deadlineMs: 20_000, attachWithinMs: 60_000 },
  plugins: [createLearning({ work: works }), createOrchestration({ work: works })],
  report: () => undefined,
})
governor.registerTrainee({ agent: 'pupil' }, ({ scenario }) => ANSWERS[scenario])
const host = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })

/** People and agents, once; their keys are told to whoever started this. */
async function prepare() {
  const keys = {}
  for (const [id, role] of [
    ['ada', 'admin'],
    ['ana', 'supervisor'],
    ['ben', 'supervisor'],
  ]) {
    await host.members.put(id, { displayName: id, roles: [role] })
    const key = { displayName: id, principalKind: 'user', principalId: id, roles: [role] }
    keys[id] = (await host.keys.create(key)).secret
  }
  for (const [id, standing] of [
    ['pupil', { confidence: 4_500 }],
    ['clerk', { maturity: 'intern' }],
    ['watched', { maturity: 'supervised' }],
    ['courier', { maturity: 'autonomous' }],
  ]) {
    await host.agents.register({ id, ...standing, ownerId: 'system' })
    const key = { displayName: id, principalKind: 'agent', principalId: id, roles: [] }
    keys[id] = (await host.keys.create(key)).secret
  }
  await host.scenarios.import(SCENARIOS)
  return keys
}

const keys = prepares ? await prepare() : undefined
const worker = works ? await createWorker(governor, { concurrency: 2 }) : undefined
let server
if (serves) {
  const routes = [learningRoutes(), orchestrationRoutes()]
  const app = new Hono()
    .route('/api', governanceApi(governor, { routes }))
    .route('/desk', dashboard(governor, { routes }))
  server = createAdaptorServer({ fetch: app.fetch })
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
}

async function end() {
  server?.close()
  server?.closeAllConnections()
  await worker?.close()
  await governor.close()
  process.exit()
}
process.on('disconnect', () => process.exit())
process.on('SIGTERM', () => void end())
process.send({ ready: true, keys })
