import type { ControlScope, Identity } from '@preceptor/client'
import { createTestClock, createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { governanceApi } from '@preceptor/hono-middleware'
import { metricsApp, metricsRoutes, registerMetrics } from '@preceptor/hono-middleware/metrics'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { Hono } from 'hono'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFaultyWay } from '../faults/faulty-way.ts'
import { checkOpenMetrics } from './open-metrics.ts'
import { parseMetrics, type Scraped } from './parse-metrics.ts'

const DAY_MS = 86_400_000

/** The names of the design, with what they are. */
const NAMES: Readonly<Record<string, string>> = {
  governance_up: 'GAUGE',
  governance_decisions_total: 'COUNTER',
  governance_unrecorded_denials_total: 'COUNTER',
  governance_decide_duration_seconds: 'HISTOGRAM',
  governance_cache_requests_total: 'COUNTER',
  governance_proposals_open: 'GAUGE',
  governance_proposal_decisions_total: 'COUNTER',
  governance_proposal_wait_seconds: 'HISTOGRAM',
  governance_proposals_expired_total: 'COUNTER',
  governance_supervision_sessions: 'GAUGE',
  governance_interventions_total: 'COUNTER',
  governance_queue_depth: 'GAUGE',
  governance_training_sessions_total: 'COUNTER',
  governance_level_changes_total: 'COUNTER',
  governance_agents: 'GAUGE',
  governance_notifications_total: 'COUNTER',
  governance_stream_clients: 'GAUGE',
  governance_presence_users: 'GAUGE',
  governance_reviews_total: 'COUNTER',
  governance_reviewer_agreement_ratio: 'GAUGE',
  governance_learning_sessions_total: 'COUNTER',
  governance_learning_improvement_points: 'HISTOGRAM',
  governance_playbook_deployments_total: 'COUNTER',
}

describe('what is scraped', () => {
  const clock = createTestClock()
  let isTaken = true
  let test: TestGovernor
  let app: Hono
  let open: Hono
  beforeAll(async () => {
    const channel = {
      name: 'pager',
      send: async () => {
        if (!isTaken) throw new Error('Nobody is there.')
      },
    }
    test = await createTestGovernor({ clock, channels: [channel] })
    const { governor } = test
    app = new Hono().route('/api', governanceApi(governor, { routes: [metricsRoutes()] }))
    open = metricsApp(governor)
  })
  afterAll(() => test.close())

  const scrape = async (): Promise<ReadonlyMap<string, Scraped>> => {
    // What was read a moment ago is read again.
    clock.advance(6_000)
    await expect.poll(async () => (await test.governor.health()).ready).toBe(true)
    return parseMetrics(await (await open.request('/metrics')).text())
  }
  const numbersOf = (scraped: ReadonlyMap<string, Scraped>, name: string): Scraped['numbers'] =>
    scraped.get(name)?.numbers ?? {}

  it('has the numbers of what happened, with type and help, as Prometheus reads it [OBS-2]', async () => {
    await happen(test, clock, (taken) => {
      isTaken = taken
    })
    const scraped = await scrape()
    expect(Object.fromEntries([...scraped].map(([name, { type }]) => [name, type]))).toEqual(NAMES)
    for (const [name, { help }] of scraped) expect(help, name).toMatch(/^[A-Z].{15,}\.$/)
    const numbers = (name: string): Scraped['numbers'] => numbersOf(scraped, name)
    expect(numbers('governance_up')).toEqual({ '': 1 })
    expect(numbers('governance_decisions_total')).toEqual({
      'student training ai_coordinator': 2,
      'intern proposal ai_coordinator': 4,
      'supervised queue ai_coordinator': 1,
      'supervised supervision ai_coordinator': 1,
      'autonomous execution ai_coordinator': 3,
    })
    expect(numbers('governance_decide_duration_seconds')).toEqual({ '': 11 })
    expect(numbers('governance_cache_requests_total')).toEqual({ hit: 2, miss: 1 })
    expect(numbers('governance_proposals_open')).toEqual({ safe: 0, medium: 0, high: 1, critical: 0 })
    expect(numbers('governance_proposal_decisions_total')).toEqual({ 'approved host': 1, 'rejected host': 1 })
    const wait = scraped.get('governance_proposal_wait_seconds')
    expect(wait?.numbers).toEqual({ '': 2 })
    // One waited for ten minutes, the other for two hours.
    expect(wait?.buckets).toMatchObject({ 300: 0, 900: 1, 3600: 1, 14400: 2, '+Inf': 2 })
    expect(wait?.sum).toBeCloseTo(7_800, -2)
    expect(numbers('governance_proposals_expired_total')).toEqual({ '': 2 })
    expect(numbers('governance_supervision_sessions')).toMatchObject({ starting: 0, running: 0, paused: 1 })
    expect(numbers('governance_interventions_total')).toEqual({ pause: 1 })
    expect(numbers('governance_queue_depth')).toEqual({ unwatched: 1, offered: 0, put_back: 0 })
    expect(numbers('governance_training_sessions_total')).toEqual({ cancelled: 1 })
    expect(numbers('governance_level_changes_total')).toMatchObject({ 'autonomous intern person': 1 })
    expect(numbers('governance_agents')).toEqual({ student: 1, intern: 2, supervised: 1, autonomous: 1 })
    expect(numbers('governance_notifications_total')).toEqual({ 'pager delivered': 2, 'pager failed': 1 })
    expect(numbers('governance_presence_users')).toEqual({ online: 1, away: 0, offline: 1 })
    expect(numbers('governance_reviews_total')).toEqual({ 'approve person': 1, 'reject person': 1 })
    expect(numbers('governance_playbook_deployments_total')).toEqual({ 'system deployed': 1, 'system rolled_back': 1 })
    expect(numbers('governance_unrecorded_denials_total')).toEqual({ '': 0 })
  })

  it('is read as OpenMetrics where that is asked for [OBS-2]', async () => {
    const accept = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3'
    const response = await open.request('/metrics', { headers: { accept } })
    expect(response.headers.get('content-type')).toContain('application/openmetrics-text; version=1.0.0')
    const types = checkOpenMetrics(await response.text())
    expect([...types.keys()].sort()).toEqual(
      Object.keys(NAMES)
        .map((name) => name.replace(/_total$/, ''))
        .sort(),
    )
    const plain = await open.request('/metrics', { headers: { accept: 'text/plain' } })
    expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  })

  it('is told at its own names only, where it is bound to this machine [OBS-4]', async () => {
    const local = metricsApp(test.governor, { allowedHosts: ['127.0.0.1'] })
    expect((await local.request('http://127.0.0.1:9464/metrics')).status).toBe(200)
    const pointed = await local.request('http://evil.example/metrics')
    expect([pointed.status, (await pointed.text()).includes('governance_')]).toEqual([403, false])
  })

  it('stands in a registry of the host beside its own metrics [OBS-2]', async () => {
    const registry = new Registry()
    await registerMetrics(test.governor, registry)
    await test.agent('auto').decide({ agent: 'auto', action: 'order.read', args: {} })
    await expect
      .poll(async () => numbersOf(parseMetrics(await registry.metrics()), 'governance_decisions_total'))
      .toMatchObject({ 'autonomous execution ai_coordinator': 4 })
    await expect(registerMetrics(test.governor, registry)).rejects.toThrow('already been registered')
  })

  it('needs a key that may, and tells of its workspace alone [OBS-4]', async () => {
    const system = (workspace: string): Identity => ({ workspace, principal: { kind: 'system', id: 't', roles: [] } })
    await test.governor.as(system('default')).workspaces.create({ id: 'north' })
    const keyOf = async (scope: ControlScope, request: Parameters<ControlScope['keys']['create']>[0]) =>
      (await scope.keys.create(request)).secret
    const who = { displayName: 'Scraper', principalKind: 'service', principalId: 'scraper' } as const
    const scraper = { ...who, scopes: ['metrics.read'] }
    const secrets = {
      ours: await keyOf(test.governor.as(system('default')), scraper),
      theirs: await keyOf(test.governor.as(system('north')), scraper),
      other: await keyOf(test.governor.as(system('default')), { ...scraper, scopes: ['triggers.decide'] }),
    }
    const get = (key?: string): Response | Promise<Response> =>
      app.request('/api/metrics', key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } })
    expect((await get()).status).toBe(401)
    expect((await get('pcp_nobody')).status).toBe(401)
    expect((await get(secrets.other)).status).toBe(403)
    const ours = await get(secrets.ours)
    expect(ours.status).toBe(200)
    expect(ours.headers.get('content-type')).toContain('text/plain; version=0.0.4')
    expect(numbersOf(parseMetrics(await ours.text()), 'governance_agents')).toMatchObject({ intern: 2 })
    const theirs = parseMetrics(await (await get(secrets.theirs)).text())
    expect(numbersOf(theirs, 'governance_decisions_total')).toEqual({})
    expect(numbersOf(theirs, 'governance_decide_duration_seconds')).toEqual({ '': 0 })
    expect(numbersOf(theirs, 'governance_agents')).toMatchObject({ intern: 0 })
    const bare = new Hono().route('/api', governanceApi(test.governor))
    expect((await bare.request('/api/metrics')).status).toBe(404)
  })

  it('counts who follows streams, until they leave [OBS-2]', async () => {
    const admin: Identity = { workspace: 'default', principal: { kind: 'system', id: 't', roles: [] } }
    const { secret } = await test.governor.as(admin).keys.create({
      displayName: 'Ana',
      principalKind: 'user',
      principalId: 'ana',
      roles: ['supervisor'],
    })
    const leaving = new AbortController()
    const { signal } = leaving
    const response = await app.request('/api/events', { headers: { authorization: `Bearer ${secret}` }, signal })
    expect(response.status, await (response.ok ? '' : response.text())).toBe(200)
    const reader = response.body?.getReader()
    await reader?.read()
    expect(numbersOf(await scrape(), 'governance_stream_clients')).toEqual({ '': 1 })
    await reader?.cancel()
    await expect.poll(async () => numbersOf(await scrape(), 'governance_stream_clients')).toEqual({ '': 0 })
  })
})

describeWithPostgres('what is scraped while the database is away', () => {
  const server = useTestDatabase()
  it('is what the process knows, within the deadline [OBS-3]', async () => {
    const url = new URL(server.url)
    const way = await openFaultyWay(Number(url.port))
    url.port = String(way.port)
    const test = await createTestGovernor({ database: url.href })
    try {
      await test.register('auto', 'autonomous')
      await test.agent('auto').decide({ agent: 'auto', action: 'note.write', args: {} })
      way.stall(120_000)
      await expect.poll(async () => (await test.governor.health()).ready).toBe(false)
      expect(await test.agent('auto').decide({ agent: 'auto', action: 'note.write', args: {} })).toMatchObject({
        route: 'denied',
      })
      const began = performance.now()
      const response = await metricsApp(test.governor).request('/metrics')
      const scraped = parseMetrics(await response.text())
      expect(performance.now() - began).toBeLessThan(5_000)
      expect(response.status).toBe(200)
      expect([...scraped.keys()].sort()).toEqual(Object.keys(NAMES).sort())
      expect(scraped.get('governance_up')?.numbers).toEqual({ '': 0 })
      expect(scraped.get('governance_decisions_total')?.numbers).toEqual({
        'autonomous execution ai_coordinator': 1,
      })
      expect(scraped.get('governance_unrecorded_denials_total')?.numbers).toEqual({ '': 1 })
      // Nobody knows how many there are.
      expect(scraped.get('governance_agents')?.numbers).toEqual({})
    } finally {
      way.drop()
      await way.close()
      await test.close().catch(() => undefined)
    }
  }, 60_000)
})

/** A history of everything that is measured. */
async function happen(
  test: TestGovernor,
  clock: { advance(milliseconds: number): void },
  take: (isTaken: boolean) => void,
): Promise<void> {
  const { admin, governor } = test
  const ana = test.user('ana', 'supervisor')
  await admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
  await admin.members.put('bob', { displayName: 'Bob', roles: ['viewer'] })
  await test.register('pupil', 'student')
  await test.register('intern', 'intern')
  await test.register('watched', 'supervised')
  await test.register('auto', 'autonomous')
  await test.register('fallen', 'autonomous')
  await admin.agents.demote('fallen', 'intern', 'It was too quick.')
  const decide = (agent: string, action: string) => test.agent(agent).decide({ agent, action, args: {} })

  for (let each = 0; each < 3; each += 1) await decide('auto', 'order.read')

  const blocked = await decide('pupil', 'refund.create')
  await decide('pupil', 'refund.create')
  if (blocked.route !== 'training') throw new Error(blocked.route)
  const { sessionId } = await admin.trainingProposals.approve(blocked.trainingProposal.id, { durationHours: 10 })
  await admin.trainingSessions.cancel(sessionId ?? '', 'Another time.')

  const asked = await Promise.all(['a', 'b'].map(() => decide('intern', 'refund.create')))
  const [first, second] = asked.map((decision) => (decision.route === 'proposal' ? decision.proposal.id : ''))
  await sent(test)
  clock.advance(600_000)
  const { version, actionHash } = await admin.proposals.get(first ?? '')
  await ana.proposals.approve(first ?? '', { version, actionHash })
  clock.advance(6_600_000)
  const other = await admin.proposals.get(second ?? '')
  await ana.proposals.reject(other.id, {
    version: other.version,
    actionHash: other.actionHash,
    category: 'other',
    reason: 'Nobody asked for it.',
  })
  take(false)
  await decide('intern', 'note.write')
  await sent(test)
  take(true)
  clock.advance(8 * DAY_MS)
  await governor.jobs.run('expire-proposals', {})
  await decide('intern', 'refund.create')

  await decide('watched', 'refund.create')
  await ana.presence.heartbeat({ active: true })
  const supervised = await decide('watched', 'refund.create')
  if (supervised.route !== 'supervision') throw new Error(supervised.route)
  await ana.sessions.attach(supervised.session.id)
  await ana.sessions.intervene(supervised.session.id, { type: 'pause' })

  const { playbook } = await admin.playbooks.write({ agentType: 'shop', instructions: 'Be kind.' })
  const request = { version: 1, tier: 'system', reason: 'It is good.', force: true } as const
  const { id } = await admin.playbooks.deploy(playbook, request)
  await admin.playbooks.rollback(id, 'It was not.')
}

/** Tells whoever is to be told, until nothing is due. */
async function sent({ admin, governor }: TestGovernor): Promise<void> {
  await expect.poll(async () => (await admin.journal.verify()).unsealed, { timeout: 10_000 }).toBe(0)
  while ((await governor.jobs.notify(10)) > 0);
}
