import { OPEN_OPERATIONS, OPERATIONS, type Operation, PERMISSIONS, REFINEMENTS } from '@preceptor/core/testing'
import { describe, expect, it } from 'vitest'
import { type Caller, OWN_AGENT, SERVICE_SCOPES, useApi } from './support.ts'

const api = useApi()

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Sample = readonly [method: Method, path: string, body?: unknown]

const USERS: Partial<Record<Caller, string>> = { admin: 'ada', supervisor: 'sue', viewer: 'vic' }
const why = { reason: 'a test' }
const reviewed = { version: 1, actionHash: 'a'.repeat(64) }
const act = (verb: string): Sample => ['POST', `/agents/${OWN_AGENT}/${verb}`, why]
const trigger = { agent: OWN_AGENT, action: 'nothing.here', args: {} }
const preview = { agent: 'nobody', action: 'nothing.here', matcher: { args: {} } }
const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString()

/** One well-formed request for every operation; where it leads to nothing, the answer is 404 and not 403. */
const SAMPLES: Readonly<Partial<Record<Operation, Sample | ((caller: Caller) => Sample)>>> = {
  'triggers.decide': ['POST', '/triggers', trigger],
  'triggers.check': ['POST', '/triggers/check', trigger],
  'actions.register': ['PUT', '/actions', { actions: { 'order.read': { risk: 'safe' } } }],
  'actions.list': ['GET', '/actions'],
  'identity.read': ['GET', '/identity'],
  'agents.register': (caller) => ['POST', '/agents', { id: `made-by-${caller}` }],
  'agents.get': ['GET', `/agents/${OWN_AGENT}`],
  'agents.list': ['GET', '/agents'],
  'agents.change': ['PATCH', `/agents/${OWN_AGENT}`, { displayName: 'Bot' }],
  'agents.pause': act('pause'),
  'agents.resume': act('resume'),
  'agents.stop': act('stop'),
  'agents.retire': ['POST', '/agents/nobody/retire', why],
  'agents.promote': act('promote'),
  'agents.demote': ['POST', `/agents/${OWN_AGENT}/demote`, { ...why, to: 'student' }],
  'agents.incident': act('incidents'),
  'agents.attest': act('attest'),
  'agents.confidence': ['GET', `/agents/${OWN_AGENT}/confidence`],
  'agents.transitions': ['GET', `/agents/${OWN_AGENT}/transitions`],
  'agents.timeline': ['GET', `/agents/${OWN_AGENT}/timeline`],
  'agents.promotion': ['GET', `/agents/${OWN_AGENT}/promotion`],
  'agents.incidents': ['GET', `/agents/${OWN_AGENT}/incidents`],
  'agents.close_incident': ['POST', `/agents/${OWN_AGENT}/incidents/inc_none/close`, why],
  'decisions.get': ['GET', '/decisions/dec_none'],
  'decisions.report': ['POST', '/decisions/dec_none/outcome', { status: 'succeeded', value: null }],
  'runs.finish': ['POST', '/runs/r1/finish', { agent: OWN_AGENT, status: 'completed' }],
  'blocked_triggers.get': ['GET', '/blocked-triggers/blk_none'],
  'blocked_triggers.list': ['GET', '/blocked-triggers'],
  'training_proposals.get': ['GET', '/maturity/training/proposals/trp_none'],
  'training_proposals.list': ['GET', '/maturity/training/proposals'],
  'blocked_triggers.retry': ['POST', '/blocked-triggers/blk_none/retry'],
  'training_proposals.approve': ['POST', '/maturity/training/proposals/trp_none/approve', {}],
  'training_proposals.reject': ['POST', '/maturity/training/proposals/trp_none/reject', why],
  'training_proposals.design': ['POST', '/maturity/training/proposals/trp_none/design'],
  'training_sessions.get': ['GET', '/maturity/training/sessions/trs_none'],
  'training_sessions.list': ['GET', '/maturity/training/sessions'],
  'training_sessions.start': ['POST', '/maturity/training/sessions/trs_none/start'],
  'training_sessions.pause': ['POST', '/maturity/training/sessions/trs_none/pause'],
  'training_sessions.resume': ['POST', '/maturity/training/sessions/trs_none/resume'],
  'training_sessions.cancel': ['POST', '/maturity/training/sessions/trs_none/cancel', why],
  'training_sessions.answer': ['POST', '/maturity/training/sessions/trs_none/answers', { scenario: 'x', answer: 1 }],
  'training_sessions.complete': ['POST', '/maturity/training/sessions/trs_none/complete', {}],
  'agents.training_history': ['GET', `/maturity/agents/${OWN_AGENT}/training-history`],
  'scenarios.list': ['GET', '/maturity/training/scenarios'],
  'scenarios.import': ['POST', '/maturity/training/scenarios', { scenarios: [] }],
  'proposals.get': ['GET', '/maturity/proposals/prp_none'],
  'proposals.list': ['GET', '/maturity/proposals'],
  'proposals.card': ['GET', '/maturity/proposals/prp_none/card'],
  'proposals.approve': ['POST', '/maturity/proposals/prp_none/approve', reviewed],
  'proposals.reject': ['POST', '/maturity/proposals/prp_none/reject', { ...reviewed, ...why, category: 'other' }],
  'proposals.respond': ['POST', '/maturity/proposals/prp_none/respond', { ...reviewed, response: 'no' }],
  'proposals.cancel': ['POST', '/maturity/proposals/prp_none/cancel', why],
  'proposals.resolve': ['POST', '/maturity/proposals/prp_none/resolve', { ...why, outcome: 'failed' }],
  'agents.suggestions': ['GET', `/agents/${OWN_AGENT}/suggestions`],
  'grants.preview': ['POST', '/grants/preview', preview],
  'grants.create': () => ['POST', '/grants', { ...preview, ...why, uses: 1, expiresAt: inAnHour() }],
  'grants.get': ['GET', '/grants/grt_none'],
  'grants.list': ['GET', '/grants'],
  'grants.revoke': ['DELETE', '/grants/grt_none', why],
  'proposals.batch': [
    'POST',
    '/maturity/proposals/batch',
    { decision: 'approve', items: [{ id: 'prp_none', ...reviewed }] },
  ],
  'proposals.extend': ['POST', '/maturity/proposals/prp_none/extend', { ...reviewed, until: '2999-01-01T00:00:00Z' }],
  'proposals.assign': ['POST', '/maturity/proposals/prp_none/assign', { to: null }],
  'proposals.acknowledge': ['POST', '/maturity/proposals/prp_none/acknowledge', {}],
  'proposals.snooze': ['POST', '/maturity/proposals/prp_none/snooze', { until: '2999-01-01T00:00:00Z' }],
  'proposals.comment': ['POST', '/maturity/proposals/prp_none/comments', { text: 'a test' }],
  'proposals.comments': ['GET', '/maturity/proposals/prp_none/comments'],
  'proposals.advise': ['POST', '/maturity/proposals/prp_none/advice'],
  'proposals.advices': ['GET', '/maturity/proposals/prp_none/advice'],
  'proposals.review': ['POST', '/maturity/proposals/prp_none/review'],
  'reviews.get': ['GET', '/reviews/rvw_none'],
  'reviews.list': ['GET', '/reviews'],
  'reviewers.list': ['GET', '/reviewers'],
  'reviewers.suspend': ['POST', '/reviewers/nobody/suspend', why],
  'reviewers.resume': ['POST', '/reviewers/nobody/resume', why],
  'proposals.history': ['GET', `/maturity/agents/${OWN_AGENT}/proposal-history`],
  'sessions.get': ['GET', '/supervision/sessions/ses_none'],
  'sessions.list': ['GET', '/supervision/sessions'],
  'sessions.attach': ['POST', '/supervision/sessions/ses_none/attach'],
  'sessions.events': ['GET', '/supervision/sessions/ses_none/events'],
  'sessions.intervene': ['POST', '/supervision/sessions/ses_none/intervene', { type: 'pause' }],
  'sessions.object': ['POST', '/supervision/sessions/ses_none/object', { ...why, step: 'dec_none' }],
  'sessions.hand_over': ['POST', '/supervision/sessions/ses_none/hand-over', { to: 'sue' }],
  'sessions.take_over': ['POST', '/supervision/sessions/ses_none/take-over', why],
  'sessions.complete': ['POST', '/supervision/sessions/ses_none/complete', { rating: 4 }],
  'queue.get': ['GET', '/supervised-queue/que_none'],
  'queue.list': ['GET', '/supervised-queue'],
  'queue.waiting': ['GET', '/supervised-queue/users/sue'],
  'queue.stats': ['GET', '/supervised-queue/stats'],
  'queue.cancel': ['DELETE', '/supervised-queue/que_none?reason=a+test'],
  'queue.process': ['POST', '/supervised-queue/process'],
  'queue.expire': ['POST', '/supervised-queue/mark-expired'],
  'queue.resolve': ['POST', '/supervised-queue/que_none/resolve', { ...why, outcome: 'failed' }],
  'policies.get': ['GET', '/policies/current'],
  'policies.list': ['GET', '/policies'],
  'policies.put': ['PUT', '/policies', { ...why, document: {}, basedOn: 99 }],
  'journal.list': ['GET', '/journal'],
  'journal.export': ['GET', '/journal/export'],
  'journal.verify': ['GET', '/journal/verify'],
  'streams.stats': ['GET', '/ws/stats'],
  'stream_tickets.create': ['POST', '/stream-tickets', { path: '/events' }],
  'keys.create': ['POST', '/keys', { displayName: 'k', principalKind: 'agent', principalId: OWN_AGENT }],
  'keys.list': ['GET', '/keys'],
  'keys.revoke': ['DELETE', '/keys/key_none'],
  'stops.set': ['POST', '/stops', { ...why, target: 'agent', agent: OWN_AGENT }],
  'stops.list': ['GET', '/stops'],
  'stops.lift': ['DELETE', '/stops/stp_none?reason=a+test'],
  'members.put': ['POST', '/memberships', { userId: 'new', displayName: 'New', roles: ['viewer'] }],
  'members.list': ['GET', '/memberships'],
  'presence.heartbeat': (caller) => ['POST', `/users/${USERS[caller] ?? OWN_AGENT}/activity/heartbeat`],
  'presence.get': ['GET', '/users/ada/activity/state'],
  'presence.available': ['GET', '/users/available-supervisors'],
  'presence.override': (caller) => ['POST', `/users/${USERS[caller] ?? 'ada'}/activity/override`, { state: 'away' }],
  'presence.clear_override': (caller) => ['DELETE', `/users/${USERS[caller] ?? 'ada'}/activity/override`],
  'presence.sessions': (caller) => ['GET', `/users/${USERS[caller] ?? 'ada'}/activity/sessions`],
  'presence.end_session': ['DELETE', '/activity/sessions/prs_none'],
  'webhooks.create': ['POST', '/webhooks', { url: 'https://example.com', events: ['alert.raised'] }],
  'webhooks.list': ['GET', '/webhooks'],
  'webhooks.get': ['GET', '/webhooks/whk_none'],
  'webhooks.remove': ['DELETE', '/webhooks/whk_none'],
  'webhooks.deliveries': ['GET', '/webhooks/whk_none/deliveries'],
  'webhooks.replay': ['POST', '/webhooks/whk_none/replay', { delivery: 'dlv_none' }],
  'escalations.create': ['POST', '/escalations', { name: 'e', steps: [{ afterMs: 0, notify: { role: 'admin' } }] }],
  'escalations.list': ['GET', '/escalations'],
  'escalations.remove': ['DELETE', '/escalations/esc_none'],
  'alerts.list': ['GET', '/alerts'],
  'alerts.acknowledge': ['POST', '/alerts/alr_none/acknowledge', {}],
  'alerts.mute': ['POST', '/alerts/alr_none/mute', { until: new Date(Date.now() + 600_000).toISOString() }],
  'health.read': ['GET', '/readyz'],
  'openapi.read': ['GET', '/openapi.json'],
}

const CALLERS = ['admin', 'supervisor', 'viewer', 'agent', 'service', 'system'] as const
const cells = OPERATIONS.filter((operation) => REFINEMENTS[operation] === undefined).flatMap((operation) =>
  CALLERS.map((caller) => ({ operation, caller, access: PERMISSIONS[operation][caller] })),
)

function sampleOf(operation: Operation, caller: Caller): Sample {
  const sample = SAMPLES[operation]
  if (sample === undefined) throw new Error(`There is no sample request for ${operation}.`)
  return typeof sample === 'function' ? sample(caller) : sample
}

async function statusOf(operation: Operation, caller: Caller): Promise<{ status: number; code: string | undefined }> {
  const [method, path, body] = sampleOf(operation, caller)
  const answer = await api.request(method, path, { as: caller, ...(body === undefined ? {} : { body }) })
  return { status: answer.status, code: answer.body?.code }
}

describe('permission matrix over HTTP', () => {
  it('has a route for every operation, and an operation for every route [I-36, AUTH-6]', async () => {
    const { body } = await api.request('GET', '/openapi.json', { as: 'anonymous' })
    const paths: Record<string, Record<string, { 'x-permission': string }>> = body.paths
    const routed = Object.values(paths).flatMap((path) => Object.values(path).map((route) => route['x-permission']))
    const own = OPERATIONS.filter((operation) => REFINEMENTS[operation] === undefined)
    expect([...new Set(routed)].sort()).toEqual([...own].sort())
    expect(Object.keys(SAMPLES).sort()).toEqual([...own].sort())
  })

  it.each(cells)('$operation as $caller: $access [I-36, AUTH-3]', async ({ operation, caller, access }) => {
    const { status, code } = await statusOf(operation, caller)
    if (access === 'never') expect({ status, code }).toEqual({ status: 403, code: 'PERMISSION_DENIED' })
    else expect([401, 403, 400, 500]).not.toContain(status)
  })

  it.each(Object.keys(SAMPLES) as Operation[])('%s without a credential: 401 [I-36, I-35]', async (operation) => {
    const { status, code } = await statusOf(operation, 'anonymous')
    if (OPEN_OPERATIONS.has(operation)) expect(status).toBe(200)
    else expect({ status, code }).toEqual({ status: 401, code: 'PRINCIPAL_REQUIRED' })
  })

  it.each(SERVICE_SCOPES.filter((scope) => scope !== 'presence.available') as Operation[])(
    '%s as a service without that scope: 403, naming the scope [AUTH-3, I-36]',
    async (operation) => {
      const [method, path, body] = sampleOf(operation, 'unscoped')
      const answer = await api.request(method, path, { as: 'unscoped', ...(body === undefined ? {} : { body }) })
      expect(answer.status).toBe(403)
      expect(answer.body.detail).toContain(operation)
    },
  )

  it('knows every scope that a service can be given [I-36]', () => {
    const scoped = OPERATIONS.filter((operation) => PERMISSIONS[operation].service === 'scoped')
    expect([...SERVICE_SCOPES].sort()).toEqual([...scoped].sort())
  })
})
