import type { ControlScope } from '@preceptor/client'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCESS_STEPS } from './access-steps.test.helper.ts'
import { ANALYTICS_STEPS } from './analytics-answers.test.helper.ts'
import type { ApiRoute, OpenRoute } from './api-route.ts'
import { API_ROUTES, routesWith } from './api-routes.ts'
import { BYPASS_STEPS } from './bypass-answers.test.helper.ts'
import { problem } from './decision-schemas.ts'
import { governanceApi } from './governance-api.ts'
import { GRANT_STEPS } from './grant-answers.test.helper.ts'
import { assertUnpolluted, sendOnce } from './idempotent-steps.test.helper.ts'
import { noteIds } from './noted-ids.test.helper.ts'
import { notificationRoutes } from './notification-routes.ts'
import { PLAYBOOK_STEPS } from './playbook-answers.test.helper.ts'
import { PRESENCE_STEPS, QUEUE_STEPS } from './presence-steps.test.helper.ts'
import { attempt, REVIEWING_STEPS, type Step } from './reviewing-steps.test.helper.ts'
import { EMIT_STEP, SESSION_STEPS } from './session-answers.test.helper.ts'
import { TRAINING_STEPS } from './training-answers.test.helper.ts'

let governor: EmbeddedGovernor
let app: ReturnType<typeof governanceApi>
const keys: Record<string, string> = {}

beforeAll(async () => {
  governor = await createGovernor({ memory: true, report: () => undefined, reviewers: { chief: 'rules' } })
  app = governanceApi(governor)
  const host = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
  await host.members.put('ada', { displayName: 'Ada', roles: ['admin'] })
  await host.members.put('sue', { displayName: 'Sue', roles: ['supervisor'] })
  const create = async (scope: ControlScope, request: Parameters<ControlScope['keys']['create']>[0]) =>
    (await scope.keys.create(request)).secret
  const user = { displayName: 'k', principalKind: 'user' } as const
  keys.admin = await create(host, { ...user, principalId: 'ada', roles: ['admin'] })
  keys.supervisor = await create(host, { ...user, principalId: 'sue', roles: ['supervisor'] })
  keys.system = await create(host, { displayName: 'k', principalKind: 'system', principalId: 'worker' })
  const service = { displayName: 'k', principalKind: 'service', principalId: 'sync' } as const
  keys.service = await create(host, { ...service, scopes: ['triggers.decide', 'triggers.check', 'decisions.report'] })
})
afterAll(() => governor.close())

// What an answer holds is what each test is about.
type Body = ReturnType<typeof JSON.parse>

interface Parts {
  readonly as?: string
  readonly body?: unknown
  readonly more?: Readonly<Record<string, string>>
  readonly behind?: string
}

async function request(method: string, path: string, { as = 'admin', body, more, behind = '' }: Parts = {}) {
  const response = await app.request(path, {
    method,
    headers: { authorization: `Bearer ${keys[as] ?? ''}`, 'content-type': 'application/json', ...more },
    ...(body === undefined && behind === '' ? {} : { body: `${JSON.stringify(body ?? {})}${behind}` }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Body }
}

const why = { reason: 'a test' }
const REVIEWS: Record<string, object> = {
  approve: { args: { cents: 1 }, ...why },
  reject: { category: 'other', ...why },
  respond: { response: { by: ['hand'] } },
}

function review(ids: Map<string, string>, verb: string): readonly [path: string, options: object] {
  const path = `/maturity/proposals/${ids.get('proposal:id')}/${verb}`
  if (verb === 'cancel') return [path, { body: why }]
  const shown = { version: 1, actionHash: ids.get('proposal:hash') }
  return [path, { as: 'supervisor', body: { ...shown, ...REVIEWS[verb] } }]
}

/** Answered in a test of their own: they need a run that was lost. */
const ELSEWHERE = ['post /maturity/proposals/{id}/resolve', 'post /supervised-queue/{id}/resolve']

const STEPS: readonly Step[] = [
  ['put /actions', () => ['/actions', { body: { actions: { 'refund.create': { risk: 'high' } } } }]],
  ['get /actions', () => ['/actions?limit=1']],
  ['get /identity', () => ['/identity', { as: 'service' }]],
  ['get /identity', () => ['/identity', { as: 'supervisor' }]],
  ...['student', 'intern', 'supervised', 'autonomous'].map(
    (maturity): Step => [
      'post /agents',
      () => ['/agents', { body: { id: maturity, maturity, ownerId: 'system', fingerprint: { version: '1' } } }],
    ],
  ),
  ['get /agents', () => ['/agents?limit=2&lifecycle=active']],
  ['get /agents/{id}', () => ['/agents/intern']],
  [
    'patch /agents/{id}',
    () => ['/agents/intern', { body: { displayName: 'Intern', category: 'Finance', specialty: null } }],
  ],
  ['post /triggers', () => ['/triggers', { as: 'service', body: attempt('student', 1) }]],
  ['post /triggers', () => ['/triggers', { as: 'service', body: attempt('intern', 2) }]],
  ['post /triggers', () => ['/triggers', { as: 'service', body: attempt('supervised', 3) }]],
  ['post /users/{id}/activity/heartbeat', () => ['/users/sue/activity/heartbeat', { as: 'supervisor' }]],
  ['post /triggers', () => ['/triggers', { as: 'service', body: attempt('supervised', 4) }]],
  ['post /triggers', () => ['/triggers', { as: 'service', body: { ...attempt('autonomous', 5), claim: true } }]],
  [
    'post /triggers',
    () => ['/triggers', { as: 'service', body: { ...attempt('intern', 6), action: 'unknown.action' } }],
  ],
  ['post /triggers/check', () => ['/triggers/check', { as: 'service', body: attempt('intern', 7) }]],
  [
    'post /triggers/batch',
    () => ['/triggers/batch', { as: 'service', body: { triggers: [attempt('intern', 8), attempt('student', 9)] } }],
  ],
  [
    'post /decisions/{id}/outcome',
    (ids) => [
      `/decisions/${ids.get('execution')}/outcome`,
      { as: 'service', body: { status: 'succeeded', value: { ok: true } } },
    ],
  ],
  ['post /triggers/guard', () => ['/triggers/guard', { as: 'service', body: attempt('intern', 10) }]],
  ['post /triggers/guard', () => ['/triggers/guard', { as: 'service', body: attempt('supervised', 11) }]],
  [
    'post /decisions/{id}/claim',
    (ids) => [
      `/decisions/${ids.get('waiting')}/claim`,
      { as: 'service', body: { trigger: attempt('supervised', 11), withinMs: 0, otherwise: 'wait' } },
    ],
  ],
  [
    'post /triggers/guard',
    () => ['/triggers/guard', { as: 'service', body: { ...attempt('autonomous', 12), idempotencyKey: 'guarded' } }],
  ],
  [
    'post /decisions/{id}/checkpoint',
    (ids) => [
      `/decisions/${ids.get('permitted')}/checkpoint`,
      { as: 'service', body: { agent: 'autonomous', claim: { fence: 1, epochs: [] }, watchWithinMs: 0 } },
    ],
  ],
  EMIT_STEP,
  [
    'post /decisions/{id}/outcome',
    (ids) => [
      `/decisions/${ids.get('permitted')}/outcome`,
      { as: 'service', body: { agent: 'autonomous', fence: 1, status: 'failed', message: 'It was not there.' } },
    ],
  ],
  [
    'post /triggers/guard',
    () => ['/triggers/guard', { as: 'service', body: { ...attempt('autonomous', 12), idempotencyKey: 'guarded' } }],
  ],
  ...['training', 'proposal', 'queue', 'supervision', 'execution', 'denied'].map(
    (route): Step => ['get /decisions/{id}', (ids) => [`/decisions/${ids.get(route)}`]],
  ),
  ['get /blocked-triggers', () => ['/blocked-triggers?agent=student']],
  ['get /blocked-triggers/{id}', (ids) => [`/blocked-triggers/${ids.get('blockedTrigger')}`]],
  ['get /maturity/training/proposals', () => ['/maturity/training/proposals?state=proposed']],
  ['get /maturity/training/proposals/{id}', (ids) => [`/maturity/training/proposals/${ids.get('trainingProposal')}`]],
  ['get /maturity/proposals', () => ['/maturity/proposals?state=active']],
  ['get /maturity/proposals/{id}', (ids) => [`/maturity/proposals/${ids.get('proposal:id')}`]],
  ['get /maturity/proposals/{id}/card', (ids) => [`/maturity/proposals/${ids.get('proposal:id')}/card`]],
  ...['approve', 'reject', 'respond', 'cancel'].flatMap((verb, index): Step[] => [
    ['post /triggers', () => ['/triggers', { as: 'service', body: attempt('intern', 60 + index) }]],
    [`post /maturity/proposals/{id}/${verb}`, (ids) => review(ids, verb)],
  ]),
  ...REVIEWING_STEPS,
  ['get /maturity/proposals', () => ['/maturity/proposals']],
  ...GRANT_STEPS,
  ...TRAINING_STEPS,
  ['get /supervision/sessions', () => ['/supervision/sessions']],
  ['get /supervision/sessions/{id}', (ids) => [`/supervision/sessions/${ids.get('session')}`]],
  [
    'post /supervision/sessions/{id}/attach',
    (ids) => [`/supervision/sessions/${ids.get('session')}/attach`, { as: 'supervisor' }],
  ],
  ...SESSION_STEPS,
  ['post /runs/{id}/finish', () => ['/runs/run-4/finish', { body: { agent: 'supervised', status: 'completed' } }]],
  ['get /supervised-queue', () => ['/supervised-queue?limit=1']],
  ['get /supervised-queue/{id}', (ids) => [`/supervised-queue/${ids.get('queueEntry')}`]],
  ...QUEUE_STEPS,
  ['post /agents/{id}/pause', () => ['/agents/intern/pause', { body: why }]],
  ['post /agents/{id}/resume', () => ['/agents/intern/resume', { body: why }]],
  ['post /agents/{id}/stop', () => ['/agents/intern/stop', { body: why }]],
  ['post /agents/{id}/promote', () => ['/agents/student/promote', { body: why }]],
  ['post /agents/{id}/demote', () => ['/agents/autonomous/demote', { body: { ...why, to: 'intern' } }]],
  ['post /agents/{id}/incidents', () => ['/agents/supervised/incidents', { body: why }]],
  ['post /agents/{id}/attest', () => ['/agents/supervised/attest', { body: why }]],
  ['post /agents/{id}/retire', () => ['/agents/intern/retire', { body: why }]],
  ['get /agents/{id}/confidence', () => ['/agents/supervised/confidence']],
  ['get /agents/{id}/timeline', () => ['/agents/autonomous/timeline']],
  ['get /agents/{id}/transitions', () => ['/agents/autonomous/transitions']],
  ['get /agents/{id}/promotion', () => ['/agents/autonomous/promotion']],
  ['get /agents/{id}/incidents', () => ['/agents/supervised/incidents']],
  [
    'post /agents/{id}/incidents/{incident}/close',
    (ids) => [`/agents/supervised/incidents/${ids.get('incident')}/close`, { body: why }],
  ],
  ['get /policies/current', () => ['/policies/current']],
  ['put /policies', () => ['/policies', { body: { ...why, document: {}, basedOn: 0 } }]],
  ['get /policies/current', () => ['/policies/current']],
  ['get /policies', () => ['/policies']],
  ['get /journal', () => ['/journal?kind=decision.made&limit=3']],
  ['get /journal/verify', () => ['/journal/verify']],
  ['post /keys', () => ['/keys', { body: { displayName: 'k', principalKind: 'agent', principalId: 'intern' } }]],
  ['post /stream-tickets', () => ['/stream-tickets', { body: { path: '/events' } }]],
  ['get /ws/stats', () => ['/ws/stats']],
  ['get /keys', () => ['/keys']],
  ['delete /keys/{id}', (ids) => [`/keys/${ids.get('key')}`]],
  ...ANALYTICS_STEPS,
  ...BYPASS_STEPS,
  ...PLAYBOOK_STEPS,
  ['post /stops', () => ['/stops', { body: { ...why, target: 'agent', agent: 'intern' } }]],
  ['get /stops', () => ['/stops']],
  ['delete /stops/{id}', (ids) => [`/stops/${ids.get('stop')}?reason=a+test`]],
  ['post /memberships', () => ['/memberships', { body: { userId: 'vic', displayName: 'Vic', roles: ['viewer'] } }]],
  ['get /memberships', () => ['/memberships']],
  ['get /users/{id}/activity/state', () => ['/users/sue/activity/state']],
  ['get /users/available-supervisors', () => ['/users/available-supervisors']],
  ...PRESENCE_STEPS,
  ...ACCESS_STEPS,
  ['get /healthz', () => ['/healthz']],
  ['get /readyz', () => ['/readyz']],
  ['get /openapi.json', () => ['/openapi.json']],
]

const ALL: readonly (ApiRoute | OpenRoute)[] = [...API_ROUTES, ...routesWith([]).open]
const nameOf = ({ method, path }: ApiRoute | OpenRoute): string => `${method} ${path}`

describe('answers', () => {
  it('of every route fit the schema that openapi.json shows, one for each idempotency key [HTTP-4, I-22, I-39]', {
    timeout: 120_000,
  }, async () => {
    const ids = new Map<string, string>()
    for (const [name, make] of STEPS) {
      const route = ALL.find((candidate) => nameOf(candidate) === name)
      if (route === undefined) throw new Error(`There is no route ${name}.`)
      const [path, options] = make(ids)
      const { status, body } = await sendOnce(route, (more, behind = '') =>
        request(route.method.toUpperCase(), path, { ...options, more, behind }),
      )
      assertUnpolluted(name)
      expect([name, path, status, status < 300 ? null : body]).toEqual([name, path, route.status ?? 200, null])
      const fits = route.response.safeParse(body)
      expect([name, path, fits.error?.issues ?? []]).toEqual([name, path, []])
      noteIds(ids, name, body)
    }
    // Notifications have a test file of their own.
    const asked = new Set([...STEPS.map(([name]) => name), ...ELSEWHERE, ...notificationRoutes.map(nameOf)])
    expect(ALL.map(nameOf).filter((name) => !asked.has(name))).toEqual([])
  })

  it('to what came of a lost run fits, too [HTTP-4, I-4]', async () => {
    const losing = await createGovernor({
      memory: true,
      report: () => undefined,
      settings: { claimLeaseMs: 50 },
      actions: { 'refund.create': { risk: 'high' } },
    })
    const as = (kind: 'agent' | 'user', id: string, ...roles: 'supervisor'[]) =>
      losing.as({ workspace: 'default', principal: { kind, id, roles } })
    const system = losing.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
    await system.agents.register({ id: 'asker', maturity: 'intern', ownerId: 'system' })
    const trigger = { agent: 'asker', action: 'refund.create', args: {}, idempotencyKey: 'lost' }
    const asked = await as('agent', 'asker').decide(trigger)
    if (asked.route !== 'proposal') throw new Error(asked.reason)
    const { id, version, actionHash } = asked.proposal
    await as('user', 'sue', 'supervisor').proposals.approve(id, { version, actionHash })
    expect(await as('agent', 'asker').remote.begin(trigger)).toMatchObject({ status: 'permitted' })
    await expect
      .poll(async () => {
        await losing.jobs.run('settle-lost-executions', {})
        return (await system.proposals.get(id)).state
      })
      .toBe('outcome_unknown')
    await system.members.put('sue', { displayName: 'Sue', roles: ['supervisor'] })
    const { secret } = await system.keys.create({
      displayName: 'k',
      principalKind: 'user',
      principalId: 'sue',
      roles: ['supervisor'],
    })
    const response = await governanceApi(losing).request(`/maturity/proposals/${id}/resolve`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ outcome: 'succeeded', reason: 'The bank says so.' }),
    })
    const body: unknown = await response.json()
    expect([response.status, body]).toMatchObject([200, { state: 'succeeded' }])
    expect(API_ROUTES.find((route) => nameOf(route) === ELSEWHERE[0])?.response.safeParse(body).success).toBe(true)
    expect(await as('agent', 'asker').guard(trigger, () => 'again')).toMatchObject({ status: 'replayed' })
    await losing.close()
  })

  it('of the six routes of decisions were all among them [HTTP-4]', () => {
    expect(STEPS.filter(([name]) => name === 'get /decisions/{id}')).toHaveLength(6)
  })
})

describe('errors', () => {
  it.each<[string, string, string, number, string]>([
    ['an id that is not there', 'GET', '/agents/nobody', 404, 'NOT_FOUND'],
    ['a path that is not there', 'GET', '/nothing/here', 404, 'NOT_FOUND'],
    ['the root', 'GET', '/', 404, 'NOT_FOUND'],
    ['a limit of 0', 'GET', '/agents?limit=0', 400, 'INPUT_INVALID'],
    ['a limit of 101', 'GET', '/agents?limit=101', 400, 'INPUT_INVALID'],
    ['a limit that is no number', 'GET', '/agents?limit=many', 400, 'INPUT_INVALID'],
    ['a limit twice', 'GET', '/agents?limit=1&limit=2', 400, 'INPUT_INVALID'],
    ['a filter that is not there', 'GET', '/agents?owner=me', 400, 'INPUT_INVALID'],
    ['a cursor that is none', 'GET', '/agents?cursor=%00', 400, 'INPUT_INVALID'],
    ['a cursor of another list', 'GET', '/agents?cursor=WzFd', 400, 'INPUT_INVALID'],
    ['a maturity that is none', 'GET', '/agents?maturity=god', 400, 'INPUT_INVALID'],
    ['a query name that reaches a prototype', 'GET', '/agents?__proto__=1', 400, 'INPUT_INVALID'],
    ['a lift without a reason', 'DELETE', '/stops/stp_1', 400, 'INPUT_INVALID'],
    ['an id of 300 characters', 'GET', `/decisions/${'a'.repeat(300)}`, 400, 'INPUT_INVALID'],
    ['a method that the path does not have', 'PUT', '/agents', 405, 'METHOD_NOT_ALLOWED'],
    ['a method that nothing has', 'PROPFIND', '/agents', 405, 'METHOD_NOT_ALLOWED'],
  ])('for %s are problems with a code and a trace [HTTP-2]', async (_name, method, path, status, code) => {
    const answer = await request(method, path)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(problem.safeParse(answer.body).success).toBe(true)
    expect(answer.body).toMatchObject({ status, docs: `docs/errors.md#${code.toLowerCase()}` })
    expect(answer.body.traceId).toMatch(/^[0-9a-f]{32}$/)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('name the methods that a path has [HTTP-2]', async () => {
    expect((await request('PUT', '/agents')).headers.get('allow')).toBe('GET, HEAD, POST')
    expect((await request('GET', '/triggers')).headers.get('allow')).toBe('POST')
    expect((await request('POST', '/stops/stp_1')).headers.get('allow')).toBe('DELETE')
  })

  it('carry the trace of the caller where it sends one [HTTP-2]', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
    const response = await app.request('/agents', { headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` } })
    expect(await response.json()).toMatchObject({ traceId: trace, status: 401 })
  })

  it('tell nothing of what failed inside, but tell the host [HTTP-2]', async () => {
    const faults: { error: unknown; traceId: string; path: string }[] = []
    const broken = await createGovernor({ memory: true, report: () => undefined })
    const brokenApi = governanceApi(broken, { onFault: (fault) => faults.push(fault) })
    await broken.close()
    const headers = { authorization: `Bearer ${keys.admin}` }
    const response = await brokenApi.request('/agents', { headers })
    const body = (await response.json()) as Body
    expect(body).toMatchObject({ status: 503, retryable: true })
    expect(response.headers.get('retry-after')).toBe('1')
    expect(JSON.stringify(body)).not.toMatch(/pglite|postgres|select|\.ts:|at .*\(/i)
    expect(faults).toMatchObject([{ traceId: body.traceId, path: '/agents' }])
    const ready = await brokenApi.request('/readyz')
    expect(ready.status).toBe(503)
    expect(await ready.json()).toMatchObject({ ready: false, checks: { open: { ok: false }, store: { ok: false } } })
    const health = await brokenApi.request('/healthz')
    expect(health.status).toBe(200)
  })

  it('of a denial for this moment are errors, so that no repeat is answered with them [HTTP-2, I-22]', async () => {
    const host = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
    await host.agents.register({ id: 'busy', maturity: 'autonomous' })
    const body = { ...attempt('busy', 40), idempotencyKey: 'one', claim: true }
    expect((await request('POST', '/triggers', { as: 'service', body })).body.route).toBe('execution')
    const again = await request('POST', '/triggers', { as: 'service', body })
    expect([again.status, again.body.code, again.body.retryable]).toEqual([409, 'EXECUTION_IN_PROGRESS', true])
    const unknown = await request('POST', '/triggers', { as: 'service', body: attempt('nobody', 41) })
    expect([unknown.status, unknown.body.route, unknown.body.code]).toEqual([200, 'denied', 'AGENT_UNKNOWN'])
  })
})

describe('a batch', () => {
  it('answers item by item: what is blocked carries its code, and the rest goes on [HTTP-5]', async () => {
    const host = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
    for (const maturity of ['student', 'intern', 'autonomous'] as const) {
      await host.agents.register({ id: `batch-${maturity}`, maturity })
    }
    const triggers = [
      attempt('batch-student', 20),
      attempt('nobody', 21),
      { ...attempt('batch-intern', 22), action: 'unknown.action' },
      attempt('batch-intern', 23),
      attempt('batch-autonomous', 24),
    ]
    const { status, body } = await request('POST', '/triggers/batch', { as: 'service', body: { triggers } })
    expect(status).toBe(200)
    const seen = body.items.map(({ decision }: Body) => [decision.agent, decision.route, decision.code])
    expect(seen).toEqual([
      ['batch-student', 'training', 'TRAINING_REQUIRED'],
      ['nobody', 'denied', 'AGENT_UNKNOWN'],
      ['batch-intern', 'denied', 'ACTION_UNKNOWN'],
      ['batch-intern', 'proposal', 'APPROVAL_REQUIRED'],
      ['batch-autonomous', 'execution', undefined],
    ])
  })

  it('of none or of more than 100 is refused whole [HTTP-5, HTTP-3]', async () => {
    for (const count of [0, 101]) {
      const triggers = Array.from({ length: count }, () => attempt('intern', 30))
      const answer = await request('POST', '/triggers/batch', { as: 'service', body: { triggers } })
      expect([answer.status, answer.body.code]).toEqual([400, 'INPUT_INVALID'])
    }
  })
})
