import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GovernanceError } from '../errors/governance-error.ts'
import type { JsonValue } from '../port/json.ts'
import { createCall } from './caller.ts'
import { type ControlOperations, controlOperations, remoteHealth } from './control-operations.ts'
import { createTransport, type Transport } from './transport.ts'

interface Received {
  readonly line: string
  readonly body: JsonValue
  readonly key: string | undefined
}

const reviewed = { version: 1, actionHash: 'a'.repeat(64) }
const TOKEN = 'pcp_of-this-test'
const received: Received[] = []
let answer: JsonValue = {}
let server: Server
let transport: Transport
let scope: ControlOperations
const closed = new AbortController()

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const key = request.headers['idempotency-key']
    received.push({
      line: `${request.method} ${request.url}`,
      body: text === '' ? null : JSON.parse(text),
      key: typeof key === 'string' ? key : undefined,
    })
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  transport = createTransport({ url: `http://127.0.0.1:${port}/api` })
  const principal = { kind: 'user', id: 'ana', roles: ['admin'] } as const
  const caller = { token: TOKEN, workspace: 'default' }
  const request = createCall(transport, caller)
  scope = controlOperations({ ...caller, principal, url: transport.url, request, closed: closed.signal })
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function ask(call: () => Promise<unknown>, given: JsonValue = {}): Promise<{ sent: Received[]; error: unknown }> {
  received.length = 0
  answer = given
  const error = await call().then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { sent: [...received], error }
}

const PREVIEW = { agent: 'bot', action: 'refund.create', matcher: { args: { cents: { atMost: 5 } } } }
const GRANT = { ...PREVIEW, uses: 2, expiresAt: '2030-01-01T00:00:00.000Z', reason: 'why' }

const CALLS: readonly (readonly [string, () => Promise<unknown>, JsonValue?])[] = [
  ['GET /api/actions', () => scope.actions.list()],
  ['POST /api/agents', () => scope.agents.register({ id: 'bot' }), { id: 'bot' }],
  ['GET /api/agents/bot', () => scope.agents.get('bot')],
  ['GET /api/agents?limit=2&maturity=intern', () => scope.agents.list({ limit: 2, maturity: 'intern' })],
  ['PATCH /api/agents/bot', () => scope.agents.change('bot', { category: null }), { category: null }],
  ['POST /api/agents/bot/pause', () => scope.agents.pause('bot', 'why'), { reason: 'why' }],
  ['POST /api/agents/bot/resume', () => scope.agents.resume('bot', 'why'), { reason: 'why' }],
  ['POST /api/agents/bot/stop', () => scope.agents.stop('bot', 'why'), { reason: 'why' }],
  ['POST /api/agents/bot/retire', () => scope.agents.retire('bot', 'why'), { reason: 'why' }],
  ['POST /api/agents/bot/promote', () => scope.agents.promote('bot', 'why'), { reason: 'why' }],
  [
    'POST /api/agents/bot/promote',
    () => scope.agents.promote('bot', 'why', { capability: 'refund' }),
    { reason: 'why', capability: 'refund' },
  ],
  ['POST /api/agents/bot/demote', () => scope.agents.demote('bot', 'intern', 'why'), { to: 'intern', reason: 'why' }],
  ['POST /api/agents/bot/incidents', () => scope.agents.recordIncident('bot', 'why'), { reason: 'why' }],
  ['POST /api/agents/bot/attest', () => scope.agents.attest('bot', 'why'), { reason: 'why' }],
  ['GET /api/agents/bot/confidence?cursor=c', () => scope.agents.confidence('bot', { cursor: 'c' })],
  ['GET /api/agents/bot/transitions', () => scope.agents.transitions('bot')],
  ['GET /api/agents/bot/timeline?limit=1', () => scope.agents.timeline('bot', { limit: 1 })],
  ['GET /api/agents/bot/promotion?capability=refund', () => scope.agents.promotion('bot', { capability: 'refund' })],
  ['GET /api/agents/bot/promotion', () => scope.agents.promotion('bot')],
  ['GET /api/agents/bot/incidents?limit=1', () => scope.agents.incidents('bot', { limit: 1 })],
  ['POST /api/agents/bot/incidents/i1/close', () => scope.agents.closeIncident('bot', 'i1', 'why'), { reason: 'why' }],
  ['GET /api/decisions/d1', () => scope.decisions.get('d1')],
  [
    'GET /api/blocked-triggers?agent=bot&state=active',
    () => scope.blockedTriggers.list({ agent: 'bot', state: 'active' }),
  ],
  ['GET /api/blocked-triggers/b1', () => scope.blockedTriggers.get('b1')],
  ['GET /api/maturity/training/proposals', () => scope.trainingProposals.list()],
  ['GET /api/maturity/training/proposals/t1', () => scope.trainingProposals.get('t1')],
  ['GET /api/maturity/proposals', () => scope.proposals.list()],
  ['GET /api/maturity/proposals/p1', () => scope.proposals.get('p1')],
  ['POST /api/maturity/proposals/p1/review', () => scope.proposals.review('p1')],
  ['GET /api/reviews/r1', () => scope.reviews.get('r1')],
  ['GET /api/reviews?state=completed', () => scope.reviews.list({ state: 'completed' })],
  ['GET /api/reviewers?limit=2', () => scope.reviewers.list({ limit: 2 })],
  ['POST /api/reviewers/a1/suspend', () => scope.reviewers.suspend('a1', 'why'), { reason: 'why' }],
  ['POST /api/reviewers/a1/resume', () => scope.reviewers.resume('a1', 'why'), { reason: 'why' }],
  ['POST /api/maturity/proposals/p1/advice', () => scope.proposals.advise('p1')],
  ['GET /api/maturity/proposals/p1/advice?limit=2', () => scope.proposals.advices('p1', { limit: 2 })],
  ['POST /api/maturity/training/proposals/t1/design', () => scope.trainingProposals.design('t1')],
  ['GET /api/agents/bot/suggestions', () => scope.agents.suggestions('bot')],
  ['POST /api/grants/preview', () => scope.grants.preview(PREVIEW), PREVIEW],
  ['POST /api/grants', () => scope.grants.create(GRANT), GRANT],
  ['GET /api/grants?agent=bot&state=active', () => scope.grants.list({ agent: 'bot', state: 'active' })],
  ['GET /api/grants/g1', () => scope.grants.get('g1')],
  ['DELETE /api/grants/g1', () => scope.grants.revoke('g1', 'why'), { reason: 'why' }],
  [
    'POST /api/maturity/proposals/batch',
    () => scope.proposals.batch({ decision: 'approve', items: [{ id: 'p1', ...reviewed }] }),
    { decision: 'approve', items: [{ id: 'p1', ...reviewed }] },
  ],
  [
    'POST /api/maturity/proposals/p1/extend',
    () => scope.proposals.extend('p1', { ...reviewed, until: 'soon' }),
    { ...reviewed, until: 'soon' },
  ],
  ['POST /api/maturity/proposals/p1/assign', () => scope.proposals.assign('p1', null), { to: null }],
  ['POST /api/maturity/proposals/p1/acknowledge', () => scope.proposals.acknowledge('p1'), {}],
  ['POST /api/maturity/proposals/p1/snooze', () => scope.proposals.snooze('p1', 'soon'), { until: 'soon' }],
  ['POST /api/maturity/proposals/p1/comments', () => scope.proposals.comment('p1', 'Well.'), { text: 'Well.' }],
  ['GET /api/maturity/proposals/p1/comments?limit=2', () => scope.proposals.comments('p1', { limit: 2 })],
  [
    'GET /api/maturity/agents/bot/proposal-history?action=refund.create',
    () => scope.proposals.history('bot', { action: 'refund.create' }),
  ],
  ['GET /api/supervision/sessions', () => scope.sessions.list()],
  ['GET /api/supervision/sessions/s1', () => scope.sessions.get('s1')],
  ['POST /api/supervision/sessions/s1/attach', () => scope.sessions.attach('s1')],
  [
    'POST /api/supervision/sessions/s1/intervene',
    () => scope.sessions.intervene('s1', { type: 'pause' }),
    { type: 'pause' },
  ],
  [
    'POST /api/supervision/sessions/s1/object',
    () => scope.sessions.object('s1', { step: 'd1', reason: 'No.' }),
    { step: 'd1', reason: 'No.' },
  ],
  ['POST /api/supervision/sessions/s1/hand-over', () => scope.sessions.handOver('s1', 'ana'), { to: 'ana' }],
  ['POST /api/supervision/sessions/s1/take-over', () => scope.sessions.takeOver('s1', 'Mine.'), { reason: 'Mine.' }],
  ['POST /api/supervision/sessions/s1/complete', () => scope.sessions.complete('s1', { rating: 5 }), { rating: 5 }],
  ['GET /api/supervision/sessions/s1/events?after=3', () => scope.sessions.events('s1', { after: 3 })],
  ['GET /api/supervised-queue', () => scope.queue.list()],
  ['GET /api/supervised-queue/q1', () => scope.queue.get('q1')],
  ['GET /api/supervised-queue/users/bo?limit=2', () => scope.queue.waitingFor('bo', { limit: 2 })],
  ['GET /api/supervised-queue/stats', () => scope.queue.stats()],
  ['DELETE /api/supervised-queue/q1?reason=why+not', () => scope.queue.cancel('q1', 'why not')],
  [
    'POST /api/supervised-queue/q1/priority',
    () => scope.queue.prioritize('q1', { priority: 9, reason: 'why' }),
    { priority: 9, reason: 'why' },
  ],
  ['POST /api/supervised-queue/process', () => scope.queue.process()],
  ['POST /api/supervised-queue/mark-expired', () => scope.queue.expire()],
  [
    'POST /api/supervised-queue/q1/resolve',
    () => scope.queue.resolve('q1', { outcome: 'failed', reason: 'why' }),
    { outcome: 'failed', reason: 'why' },
  ],
  ['GET /api/policies/current', () => scope.policies.current()],
  ['GET /api/analytics/summary', () => scope.analytics.summary()],
  ['GET /api/analytics/decisions', () => scope.analytics.decisions()],
  ['GET /api/analytics/routing', () => scope.analytics.routing()],
  ['GET /api/analytics/maturity', () => scope.analytics.maturity()],
  ['GET /api/analytics/reviewers', () => scope.analytics.reviewers()],
  ['GET /api/analytics/training', () => scope.analytics.training()],
  ['GET /api/analytics/supervision', () => scope.analytics.supervision()],
  ['GET /api/analytics/system', () => scope.analytics.system()],
  ['GET /api/analytics/decisions?agent=bot', () => scope.analytics.decisions({ agent: 'bot' })],
  ['POST /api/policies/simulate', () => scope.policies.simulate({}, { days: 3 }), { document: {}, days: 3 }],
  ['POST /api/policies/simulate', () => scope.policies.simulate({}), { document: {} }],
  [
    'POST /api/policies/simulate',
    () => scope.policies.simulate({}, { listed: 2_000 }),
    { document: {}, listed: 2_000 },
  ],
  ['GET /api/policies/shadow', () => scope.policies.shadow()],
  [
    'GET /api/policies/shadow?since=2026-01-01T00%3A00%3A00.000Z',
    () => scope.policies.shadow({ since: '2026-01-01T00:00:00.000Z' }),
  ],
  ['GET /api/policies', () => scope.policies.list()],
  [
    'PUT /api/policies',
    () => scope.policies.put({}, { basedOn: 1, reason: 'why' }),
    { document: {}, basedOn: 1, reason: 'why' },
  ],
  ['GET /api/journal?after=0&kind=a.b', () => scope.journal.list({ after: 0, kind: 'a.b' })],
  [
    'GET /api/journal?actor=user%3Aana&from=2026-01-01T00%3A00%3A00Z',
    () => scope.journal.list({ actor: 'user:ana', from: '2026-01-01T00:00:00Z' }),
  ],
  ['GET /api/journal/export?format=csv&after=0', () => scope.journal.export({ format: 'csv', after: 0 })],
  ['GET /api/journal/verify', () => scope.journal.verify()],
  [
    'POST /api/keys',
    () => scope.keys.create({ displayName: 'k', principalKind: 'agent', principalId: 'bot' }),
    { displayName: 'k', principalKind: 'agent', principalId: 'bot' },
  ],
  ['GET /api/keys', () => scope.keys.list()],
  ['POST /api/keys/k1/rotate', () => scope.keys.rotate('k1'), {}],
  ['POST /api/keys/k1/rotate', () => scope.keys.rotate('k1', { overlapMs: 0 }), { overlapMs: 0 }],
  ['DELETE /api/keys/k1', () => scope.keys.revoke('k1')],
  [
    'POST /api/stops',
    () => scope.stops.set({ target: 'workspace', reason: 'why' }),
    { target: 'workspace', reason: 'why' },
  ],
  ['GET /api/stops', () => scope.stops.list()],
  [
    'POST /api/bypasses',
    () => scope.bypasses.set({ target: 'workspace', reason: 'why' }),
    { target: 'workspace', reason: 'why' },
  ],
  [
    'POST /api/playbooks',
    () => scope.playbooks.write({ agentType: 'qa', instructions: 'x' }),
    { agentType: 'qa', instructions: 'x' },
  ],
  ['GET /api/playbooks?agentType=qa', () => scope.playbooks.list({ agentType: 'qa' })],
  ['GET /api/playbooks/p1', () => scope.playbooks.get('p1')],
  ['GET /api/playbooks/p1/versions?limit=2', () => scope.playbooks.versions('p1', { limit: 2 })],
  ['GET /api/playbooks/p1/versions/3', () => scope.playbooks.version('p1', 3)],
  ['GET /api/playbooks/p1/diff?from=1&to=2', () => scope.playbooks.diff('p1', { from: 1, to: 2 })],
  [
    'POST /api/playbooks/p1/deployments',
    () => scope.playbooks.deploy('p1', { version: 1, tier: 'system', reason: 'why' }),
    { version: 1, tier: 'system', reason: 'why' },
  ],
  ['GET /api/playbooks/p1/deployments?tier=user', () => scope.playbooks.deployments('p1', { tier: 'user' })],
  ['POST /api/playbooks/deployments/d1/rollback', () => scope.playbooks.rollback('d1', 'why'), { reason: 'why' }],
  [
    'GET /api/playbooks/effective?agentType=qa&user=ana',
    () => scope.playbooks.effective({ agentType: 'qa', user: 'ana' }),
  ],
  ['GET /api/bypasses', () => scope.bypasses.list()],
  ['DELETE /api/bypasses/b1?reason=why+not', () => scope.bypasses.lift('b1', 'why not')],
  ['DELETE /api/stops/s1?reason=why+not', () => scope.stops.lift('s1', 'why not')],
  [
    'POST /api/memberships',
    () => scope.members.put('bo', { displayName: 'Bo', roles: [] }),
    { userId: 'bo', displayName: 'Bo', roles: [] },
  ],
  ['GET /api/memberships', () => scope.members.list()],
  ['DELETE /api/memberships/bo', () => scope.members.remove('bo')],
  ['POST /api/workspaces', () => scope.workspaces.create({ id: 'north' }), { id: 'north' }],
  ['GET /api/workspaces', () => scope.workspaces.list()],
  ['POST /api/users/ana/activity/heartbeat', () => scope.presence.heartbeat(), {}],
  [
    'POST /api/users/ana/activity/heartbeat',
    () => scope.presence.heartbeat({ active: false, sessionId: null }),
    { active: false, sessionId: null },
  ],
  ['POST /api/users/bo/activity/override', () => scope.presence.override('bo', { state: 'away' }), { state: 'away' }],
  ['DELETE /api/users/bo/activity/override', () => scope.presence.clearOverride('bo')],
  ['GET /api/users/bo/activity/sessions?limit=2', () => scope.presence.sessions('bo', { limit: 2 })],
  ['DELETE /api/activity/sessions/p1', () => scope.presence.endSession('p1')],
  ['GET /api/users/bo/activity/state', () => scope.presence.get('bo')],
  ['GET /api/users/available-supervisors', () => scope.presence.available()],
  [
    'POST /api/webhooks',
    () => scope.webhooks.create({ url: 'https://example.com', events: ['a.b'] }),
    { url: 'https://example.com', events: ['a.b'] },
  ],
  ['GET /api/webhooks?limit=1', () => scope.webhooks.list({ limit: 1 })],
  ['GET /api/webhooks/w1', () => scope.webhooks.get('w1')],
  ['DELETE /api/webhooks/w1', () => scope.webhooks.remove('w1')],
  ['GET /api/webhooks/w1/deliveries', () => scope.webhooks.deliveries('w1')],
  ['POST /api/webhooks/w1/replay', () => scope.webhooks.replay('w1', 'd1'), { delivery: 'd1' }],
  ['POST /api/webhooks/w1/test', () => scope.webhooks.test('w1'), {}],
  ['POST /api/escalations', () => scope.escalations.create({ name: 'e', steps: [] }), { name: 'e', steps: [] }],
  ['GET /api/escalations', () => scope.escalations.list()],
  ['DELETE /api/escalations/e1', () => scope.escalations.remove('e1')],
  ['GET /api/alerts?state=open', () => scope.alerts.list({ state: 'open' })],
  ['POST /api/alerts/a1/acknowledge', () => scope.alerts.acknowledge('a1'), {}],
  ['POST /api/alerts/a1/mute', () => scope.alerts.mute('a1', 'soon'), { until: 'soon' }],
  ['GET /api/alerts/settings', () => scope.alerts.settings()],
  [
    'PUT /api/alerts/rules/AGENT_STUCK',
    () => scope.alerts.changeRule('AGENT_STUCK', { thresholds: { days: 7 }, basedOn: 1, reason: 'why' }),
    { thresholds: { days: 7 }, basedOn: 1, reason: 'why' },
  ],
  [
    'POST /api/alerts/rules/AGENT_STUCK/preview',
    () => scope.alerts.previewRule('AGENT_STUCK', { thresholds: { days: 7 } }),
    { thresholds: { days: 7 } },
  ],
  ['PUT /api/alerts/audiences/w1', () => scope.alerts.tell('w1', 'critical'), { from: 'critical' }],
]

describe('the operations of a remote scope', () => {
  const calls = CALLS.map(([line, call, body = null]) => ({ line, call, body }))

  it.each(calls)('$line: one request, and an answer that is none is refused', async ({ line, call, body }) => {
    const { sent, error } = await ask(call)
    expect(sent).toEqual([{ line, body, key: sent[0]?.key }])
    expect(error).toMatchObject({ code: 'GOVERNOR_ANSWER_INVALID' })
    const isRenewal = /attach$|heartbeat$|preview$|simulate$/.test(line)
    expect([line, typeof sent[0]?.key]).toEqual([line, line.startsWith('POST') && !isRenewal ? 'string' : 'undefined'])
  })

  it('post under another key each time', async () => {
    const keys = await Promise.all(
      [1, 2].map(async () => (await ask(() => scope.agents.pause('bot', 'why'))).sent.at(-1)?.key),
    )
    expect(new Set(keys).size).toBe(2)
  })

  it.each(['', '.', '..'])('take %j for no id, since an address would make another path of it', async (id) => {
    for (const call of [
      () => scope.agents.pause(id, 'why'),
      () => scope.proposals.get(id),
      () => scope.keys.revoke(id),
    ]) {
      const { sent, error } = await ask(call)
      expect([sent, error]).toMatchObject([[], { code: 'NOT_FOUND' }])
    }
  })

  it.each(['../keys', 'a/b', 'a?b#c', '%2e%2e', 'ä ö'])('keep the id %j in one part of the path', async (id) => {
    const { sent } = await ask(() => scope.agents.get(id))
    expect(sent[0]?.line).toBe(`GET /api/agents/${encodeURIComponent(id)}`)
  })

  it('give pages as they come, and refuse what is none', async () => {
    const stop = { id: 's', target: 'workspace', reason: 'r', setAt: 't', liftedAt: null }
    answer = { items: [stop], next: 'c' }
    expect(await scope.stops.list()).toEqual(answer)
    for (const wrong of [[], { items: {}, next: null }, { items: [], next: 1 }, { items: [{ id: 's' }], next: null }]) {
      const { error } = await ask(() => scope.stops.list(), wrong)
      expect(error).toMatchObject({ code: 'GOVERNOR_ANSWER_INVALID' })
    }
  })
})

describe('a remote scope whose governor was closed', () => {
  it('asks nothing any more', async () => {
    closed.abort(new GovernanceError('GOVERNOR_CLOSED'))
    for (const call of [() => scope.agents.list(), () => scope.keys.revoke('k'), () => scope.events.subscribe()]) {
      const { sent, error } = await ask(call)
      expect([sent, error]).toMatchObject([[], { code: 'GOVERNOR_CLOSED' }])
    }
  })
})

describe('the health of a remote gate', () => {
  it('is what the server says, or that it does not answer', async () => {
    answer = { ready: true, checks: { store: { ok: true } } }
    expect(await remoteHealth(transport, TOKEN)).toEqual(answer)
    const nobody = createTransport({ url: 'http://127.0.0.1:9/api', deadlineMs: 300 })
    expect(await remoteHealth(nobody, TOKEN)).toMatchObject({ ready: false, checks: { reachable: { ok: false } } })
  })
})
