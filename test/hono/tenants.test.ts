import { beforeAll, describe, expect, it } from 'vitest'
import { useApi } from './support.ts'

const api = useApi()

/** Ids of the workspace `default`, by the path that they belong to. */
const ids = new Map<string, string>()

const reviewed = { version: 1, actionHash: 'a'.repeat(64) }
const BODIES: Readonly<Record<string, unknown>> = {
  '/maturity/training/proposals/{id}/approve': {},
  '/maturity/training/sessions/{id}/answers': { scenario: 'x', answer: 1 },
  '/maturity/training/sessions/{id}/complete': {},
  '/decisions/{id}/claim': {
    trigger: { agent: 'supervised', action: 'refund.create', args: {} },
    withinMs: 0,
    otherwise: 'wait',
  },
  '/decisions/{id}/emit': { agent: 'autonomous', fence: 1, events: [] },
  '/supervision/sessions/{id}/intervene': { type: 'pause' },
  '/supervision/sessions/{id}/object': { step: 'dec_none', reason: 'a test' },
  '/supervision/sessions/{id}/hand-over': { to: 'sue' },
  '/supervision/sessions/{id}/complete': { rating: 4 },
  '/decisions/{id}/checkpoint': { agent: 'autonomous', claim: { fence: 1, epochs: [] } },
  '/agents/{id}': { displayName: 'Taken over' },
  '/agents/{id}/demote': { to: 'student', reason: 'a test' },
  '/maturity/proposals/{id}/approve': reviewed,
  '/maturity/proposals/{id}/reject': { ...reviewed, category: 'other', reason: 'a test' },
  '/maturity/proposals/{id}/respond': { ...reviewed, response: 'no' },
  '/maturity/proposals/{id}/resolve': { outcome: 'failed', reason: 'a test' },
  '/webhooks/{id}/replay': { delivery: 'dlv_none' },
  '/webhooks/{id}/test': {},
  '/alerts/{id}/acknowledge': {},
  '/alerts/{id}/mute': { until: new Date(Date.now() + 600_000).toISOString() },
  '/maturity/proposals/{id}/extend': { ...reviewed, until: '2999-01-01T00:00:00Z' },
  '/maturity/proposals/{id}/assign': { to: null },
  '/maturity/proposals/{id}/acknowledge': {},
  '/maturity/proposals/{id}/snooze': { until: '2999-01-01T00:00:00Z' },
  '/maturity/proposals/{id}/comments': { text: 'a test' },
  '/decisions/{id}/outcome': { status: 'failed', message: 'a test' },
  '/users/{id}/activity/override': { state: 'offline' },
  '/keys/{id}/rotate': {},
  '/playbooks/{id}/deployments': { version: 1, tier: 'system', reason: 'a test' },
  '/supervised-queue/{id}/priority': { priority: 9, reason: 'a test' },
  '/supervised-queue/{id}/resolve': { outcome: 'failed', reason: 'a test' },
}

beforeAll(async () => {
  const service = await api.admin.keys.create({
    displayName: 'sync',
    principalKind: 'service',
    principalId: 'sync',
    scopes: ['triggers.decide'],
  })
  await api.admin.registerActions({ 'refund.create': {} })
  const made: Record<string, string> = {}
  for (const maturity of ['student', 'intern', 'supervised', 'autonomous'] as const) {
    await api.agent(maturity, maturity)
    const { body } = await api.request('POST', '/triggers', {
      as: { key: service.secret },
      body: {
        agent: maturity,
        action: 'refund.create',
        args: { cents: 5 },
        context: { why: 'a parcel' },
        claim: true,
        run: 'run-1',
      },
    })
    made[body.route] = body.blockedTrigger?.id ?? body.proposal?.id ?? body.queueEntry?.id ?? body.id
    if (body.route === 'training') made.course = body.trainingProposal.id
  }
  const { body: sessionOfSue } = await api.request('POST', '/users/sue/activity/heartbeat', {
    as: 'supervisor',
    body: { sessionId: null },
  })
  const { body: watched } = await api.request('POST', '/triggers', {
    as: { key: service.secret },
    body: { agent: 'supervised', action: 'refund.create', args: { cents: 6 }, run: 'run-2' },
  })
  const grant = await api.admin.grants.create({
    agent: 'intern',
    action: 'refund.create',
    matcher: { args: { cents: { equals: 7 } } },
    uses: 1,
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
    reason: 'a test',
  })
  const { sessionId } = await api.admin.trainingProposals.approve(made.course ?? '')
  const stop = await api.admin.stops.set({ target: 'agent', agent: 'bot', reason: 'a test' })
  const bypass = await api.admin.bypasses.set({ target: 'agent', agent: 'bot', action: 'no.such', reason: 'a test' })
  const { playbook } = await api.admin.playbooks.write({ agentType: 'support', instructions: 'Be kind.' })
  const deployed = { version: 1, tier: 'system', force: true, reason: 'a test' } as const
  const deployment = await api.admin.playbooks.deploy(playbook, deployed)
  const { webhook } = await api.admin.webhooks.create({ url: 'https://example.com', events: ['alert.raised'] })
  const steps = [{ afterMs: 0, notify: { role: 'admin' } }] as const
  const escalation = await api.admin.escalations.create({ name: 'a test', steps })
  const paths: Record<string, string | undefined> = {
    '/agents': 'intern',
    '/decisions': made.execution,
    '/blocked-triggers': made.training,
    '/maturity/training/proposals': made.course,
    '/maturity/proposals': made.proposal,
    '/maturity/agents': 'intern',
    '/maturity/training/sessions': sessionId ?? undefined,
    '/supervised-queue': made.queue,
    '/supervised-queue/users': 'sue',
    '/supervision/sessions': watched.session?.id,
    '/grants': grant.id,
    '/playbooks': playbook,
    '/playbooks/deployments': deployment.id,
    '/keys': service.key.id,
    '/memberships': 'sue',
    '/stops': stop.id,
    '/bypasses': bypass.id,
    '/webhooks': webhook.id,
    '/escalations': escalation.id,
    '/alerts': 'alr_none',
    '/reviews': 'rvw_none',
    '/reviewers': 'autonomous',
    '/users': 'sue',
    '/activity/sessions': sessionOfSue.sessionId,
    '/runs': 'run-2',
  }
  for (const [path, id] of Object.entries(paths)) if (id !== undefined) ids.set(path, id)
})

interface Described {
  readonly method: string
  readonly path: string
}

async function routesWithId(): Promise<readonly Described[]> {
  const { body } = await api.request('GET', '/openapi.json')
  const paths: Record<string, Record<string, unknown>> = body.paths
  return Object.entries(paths)
    .filter(([path]) => path.includes('{id}'))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })))
}

function pathOf({ path }: Described): string {
  const [prefix = ''] = path.split('/{id}')
  const id = ids.get(prefix)
  if (id === undefined) throw new Error(`There is no id for ${path}.`)
  return path.replace('{id}', id).replace('{version}', '1')
}

async function send(route: Described, caller: Parameters<typeof api.request>[2]) {
  const isExplained = /^\/(?:stops|bypasses|supervised-queue)/.test(route.path)
  const query = route.method === 'DELETE' && isExplained ? '?reason=a+test' : ''
  const isRevocation = route.method === 'DELETE' && route.path.startsWith('/grants')
  const needsBody = route.method === 'POST' || route.method === 'PATCH' || isRevocation
  const reason =
    /\/(?:attach|heartbeat|retry|start|pause|resume|advice|review|design)$/.test(route.path) &&
    !/^\/(?:agents|reviewers)/.test(route.path)
      ? undefined
      : { reason: 'a test' }
  const finish = { agent: 'supervised', status: 'completed' }
  const body = BODIES[route.path] ?? (route.path.endsWith('/finish') ? finish : reason)
  const content = needsBody && body !== undefined ? { body } : {}
  return api.request(route.method, `${pathOf(route)}${query}`, { ...caller, ...content })
}

describe('another workspace', () => {
  it('finds no id of this one on any route, and changes nothing [HTTP-6, I-34]', async () => {
    const routes = await routesWithId()
    expect(routes.length).toBeGreaterThanOrEqual(25)
    const before = await snapshot()
    const seen: string[] = []
    for (const route of routes) {
      const { status, body } = await send(route, { as: { key: api.foreignKey } })
      seen.push(`${route.method} ${route.path}: ${status} ${body?.code ?? ''}`)
    }
    const unexpected = seen.filter((line) => !/: 404 (NOT_FOUND)$/.test(line))
    expect(unexpected).toEqual([
      // A run is a name that its caller gives; ending one that is not there ends nothing.
      'POST /runs/{id}/finish: 200 ',
      // What waits for somebody who is nobody here is what waits here: nothing.
      'GET /supervised-queue/users/{id}: 200 ',
      // Nobody is present for somebody else, wherever that is.
      'POST /users/{id}/activity/heartbeat: 403 PERMISSION_DENIED',
      // Whoever is not known here is offline here, and nowhere.
      'GET /users/{id}/activity/state: 200 ',
      'GET /users/{id}/activity/sessions: 200 ',
    ])
    expect(await snapshot()).toEqual(before)
    const presence = await api.request('GET', '/users/sue/activity/state', { as: { key: api.foreignKey } })
    expect(presence.body).toEqual({ userId: 'sue', state: 'offline', lastActivityAt: null, override: null })
    const waiting = await api.request('GET', '/supervised-queue/users/sue', { as: { key: api.foreignKey } })
    expect(waiting.body.items).toEqual([])
    const sessions = await api.request('GET', '/users/sue/activity/sessions', { as: { key: api.foreignKey } })
    expect(sessions.body.items).toEqual([])
    expect((await api.request('GET', '/users/sue/activity/state')).body.state).toBe('online')
  })

  it('shows nothing of this one on any route that takes no id: lists, exports, figures [HTTP-6, I-34]', async () => {
    const { body: description } = await api.request('GET', '/openapi.json')
    const paths: Record<string, { get?: { security?: unknown; responses: Record<string, { content?: object }> } }> =
      description.paths
    const asked = Object.entries(paths).filter(([path, { get }]) => {
      const isStream = Object.hasOwn(get?.responses['200']?.content ?? {}, 'text/event-stream')
      return get !== undefined && get.security === undefined && !isStream && !path.includes('{')
    })
    expect(asked.length).toBeGreaterThanOrEqual(20)
    // Ids that are made up are of one record only; names may be those of something here.
    const mine = [...ids.values()].filter((id) => /_[0-9a-f-]{20,}$/.test(id))
    expect(mine.length).toBeGreaterThanOrEqual(10)
    for (const [path] of asked) {
      const query = path === '/playbooks/effective' ? '?agentType=support' : ''
      const { status, text } = await api.request('GET', `${path}${query}`, { as: { key: api.foreignKey } })
      const found = mine.filter((id) => text.includes(id))
      // The workspaces are for the system alone.
      expect([path, status, found]).toEqual([path, path === '/workspaces' ? 403 : 200, []])
    }
  })

  it('cannot be asked for: workspace in header, query or body [HTTP-6, I-34, I-8]', async () => {
    const as = { key: api.foreignKey }
    const inHeader = await api.request('GET', '/agents/intern', { as, headers: { 'preceptor-workspace': 'default' } })
    expect([inHeader.status, inHeader.body.code]).toEqual([403, 'WORKSPACE_MISMATCH'])
    const inQuery = await api.request('GET', '/agents?workspace=default', { as })
    expect([inQuery.status, inQuery.body.code]).toEqual([400, 'INPUT_INVALID'])
    const inBody = await api.request('POST', '/agents', { as, body: { id: 'x', workspace: 'default' } })
    expect([inBody.status, inBody.body.code]).toEqual([403, 'WORKSPACE_MISMATCH'])
  })

  it('may have agents of the same name, each for itself [I-34]', async () => {
    const as = { key: api.foreignKey }
    expect((await api.request('POST', '/agents', { as, body: { id: 'intern', displayName: 'Theirs' } })).status).toBe(
      201,
    )
    expect((await api.request('GET', '/agents/intern')).body.displayName).toBe('intern')
    expect((await api.request('GET', '/agents/intern', { as })).body.displayName).toBe('Theirs')
  })
})

describe('another agent', () => {
  it('finds no record of this one on any reading route [I-36, I-5]', async () => {
    for (const route of await routesWithId()) {
      if (route.method !== 'GET' || route.path.startsWith('/users')) continue
      const { status } = await send(route, { as: 'agent' })
      expect([route.path, [403, 404].includes(status)]).toEqual([route.path, true])
    }
    for (const list of ['/agents', '/maturity/proposals', '/blocked-triggers', '/supervised-queue', '/journal']) {
      const { body } = await api.request('GET', `${list}?limit=100`, { as: 'agent' })
      const foreign = body.items.filter((item: { id: string; agent?: string }) => (item.agent ?? item.id) !== 'bot')
      expect([list, foreign]).toEqual([list, []])
    }
    const asked = await api.request('GET', '/maturity/proposals?agent=intern', { as: 'agent' })
    expect(asked.body.items ?? []).toEqual([])
  })
})

/** What the foreign calls could have changed. */
async function snapshot(): Promise<unknown> {
  const paths = [
    '/agents?limit=100',
    '/keys?limit=100',
    '/stops',
    '/bypasses',
    `/playbooks/${ids.get('/playbooks')}/deployments`,
    '/maturity/proposals',
    '/supervision/sessions',
    '/supervised-queue',
  ]
  const answers = await Promise.all(paths.map((path) => api.request('GET', path)))
  return answers.map(({ body }) => body.items.map(({ lastUsedAt: _, ...item }: { lastUsedAt?: string }) => item))
}

describe('a viewer', () => {
  it('reads every record of the workspace, without what agents wrote [AUTH-6, I-36]', async () => {
    const [proposal] = (await api.request('GET', '/maturity/proposals')).body.items
    expect(proposal.args).toEqual({ cents: 5 })
    const paths = [
      `/maturity/proposals/${proposal.id}`,
      `/blocked-triggers/${ids.get('/blocked-triggers')}`,
      `/supervised-queue/${ids.get('/supervised-queue')}`,
      `/decisions/${ids.get('/decisions')}`,
    ]
    for (const path of paths) {
      const { status, body } = await api.request('GET', path, { as: 'viewer' })
      expect([path, status, body.args]).toEqual([path, 200, { cents: '[redacted]' }])
    }
    const listed = (await api.request('GET', '/maturity/proposals', { as: 'viewer' })).body.items[0]
    expect([listed.id, listed.args, listed.context]).toEqual([
      proposal.id,
      { cents: '[redacted]' },
      { why: '[redacted]' },
    ])
  })
})
