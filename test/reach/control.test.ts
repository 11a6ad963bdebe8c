import {
  type ApiKeyRequest,
  type ControlPlane,
  type ControlScope,
  connectGovernor,
  type JournalEntry,
} from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { type Served, serve } from './serve.ts'

type Reading = (scope: ControlScope, ids: Readonly<Record<string, string>>) => Promise<unknown>

const CALLERS = ['admin', 'supervisor', 'viewer', 'agent', 'service'] as const
const PLANES = ['embedded', 'remote'] as const
type Caller = (typeof CALLERS)[number]

let test: TestGovernor
let served: Served
const keys = new Map<Caller, string>()
const ids: Record<string, string> = {}
const planes = new Map<(typeof PLANES)[number], ControlPlane>()

beforeAll(async () => {
  test = await createTestGovernor()
  served = await serve(test.governor)
  for (const maturity of ['student', 'intern', 'supervised', 'autonomous'] as const)
    await test.register(maturity, maturity)
  for (const agent of ['student', 'intern', 'supervised', 'autonomous']) {
    for (const number of [1, 2, 3]) {
      const trigger = { agent, action: 'refund.create', args: { cents: number }, idempotencyKey: `k${number}` }
      ids[`${agent}Decision`] = (await test.agent(agent).decide(trigger)).id
    }
  }
  await makeKeys()
  await findIds()
  for (const name of PLANES) planes.set(name, await openPlane(name))
}, 60_000)
afterAll(async () => {
  await served.close()
  await test.close()
})

async function makeKeys(): Promise<void> {
  const create = async (caller: Caller, request: Omit<ApiKeyRequest, 'displayName'>): Promise<void> => {
    keys.set(caller, (await test.admin.keys.create({ displayName: caller, ...request })).secret)
  }
  for (const role of ['admin', 'supervisor', 'viewer'] as const) {
    await test.admin.members.put(role, { displayName: role, roles: [role] })
    await create(role, { principalKind: 'user', principalId: role, roles: [role] })
  }
  await create('agent', { principalKind: 'agent', principalId: 'intern' })
  const scopes = ['agents.list', 'agents.get', 'proposals.list', 'journal.list']
  await create('service', { principalKind: 'service', principalId: 'sync', scopes, agents: ['intern'] })
  await test.user('supervisor', 'supervisor').presence.heartbeat()
}

async function findIds(): Promise<void> {
  const first = async (name: string, list: () => Promise<{ items: readonly { id: string }[] }>): Promise<void> => {
    ids[name] = (await list()).items[0]?.id ?? 'none'
  }
  await first('blockedTrigger', () => test.admin.blockedTriggers.list())
  await first('trainingProposal', () => test.admin.trainingProposals.list())
  ids.trainingSession = (await test.admin.trainingProposals.approve(ids.trainingProposal ?? '')).sessionId ?? ''
  await first('proposal', () => test.admin.proposals.list())
  await first('queueEntry', () => test.admin.queue.list())
  const expiresAt = new Date(Date.now() + 60_000).toISOString()
  ids.grant = (await test.admin.grants.create({ ...GRANT, uses: 1, expiresAt, reason: 'a test' })).id
  ids.playbook = await teach()
  await vi.waitFor(async () => expect((await test.admin.journal.verify()).unsealed).toBe(0), { timeout: 5_000 })
}

async function teach(): Promise<string> {
  const { playbooks } = test.admin
  const examples = [{ input: 'Parcel 7?', output: 'Ask for a photo.' }]
  const { playbook } = await playbooks.write({ agentType: 'support', instructions: 'Be kind.' })
  await playbooks.write({ agentType: 'support', instructions: 'Be brief.', examples })
  await playbooks.deploy(playbook, { version: 2, tier: 'user', target: 'ana', force: true, reason: 'a test' })
  return playbook
}

async function openPlane(name: (typeof PLANES)[number]): Promise<ControlPlane> {
  if (name === 'embedded') return test.governor
  return connectGovernor({ url: served.url, token: keys.get('admin') ?? '' })
}

async function scopeOf(name: (typeof PLANES)[number], caller: Caller): Promise<ControlScope> {
  const plane = planes.get(name)
  if (plane === undefined) throw new Error('It is open inside tests only.')
  return plane.as(await plane.authenticate(keys.get(caller) ?? ''))
}

/** What a call gives, or the code with which it fails. */
async function settle(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => ({ value }),
    (error: { code?: unknown; message?: unknown }) => ({ code: error.code, message: error.message }),
  )
}

const GRANT = { agent: 'intern', action: 'refund.create', matcher: { args: { cents: { oneOf: [2, 99] } } } }

/** Everything here happens within it. */
const DAYS = (() => {
  const now = Date.now()
  return { from: new Date(now - 86_400_000).toISOString(), to: new Date(now + 86_400_000).toISOString() }
})()

const READINGS: Readonly<Record<string, Reading>> = {
  'agents.list': ({ agents }) => agents.list(),
  'agents.list, a page': ({ agents }) => agents.list({ limit: 1, lifecycle: 'active' }),
  'agents.get': ({ agents }) => agents.get('intern'),
  'agents.get of another': ({ agents }) => agents.get('student'),
  'agents.get of nobody': ({ agents }) => agents.get('nobody'),
  'agents.confidence': ({ agents }) => agents.confidence('intern'),
  'agents.transitions': ({ agents }) => agents.transitions('intern', { limit: 5 }),
  'agents.timeline': ({ agents }) => agents.timeline('intern', { limit: 5 }),
  'agents.promotion of a capability': ({ agents }) => agents.promotion('intern', { capability: 'refund' }),
  'decisions.get': ({ decisions }, known) => decisions.get(known.internDecision ?? ''),
  'blockedTriggers.list': ({ blockedTriggers }) => blockedTriggers.list({ agent: 'student' }),
  'blockedTriggers.get': ({ blockedTriggers }, known) => blockedTriggers.get(known.blockedTrigger ?? ''),
  'trainingProposals.list': ({ trainingProposals }) => trainingProposals.list(),
  'trainingProposals.get': ({ trainingProposals }, known) => trainingProposals.get(known.trainingProposal ?? ''),
  'trainingSessions.list': ({ trainingSessions }) => trainingSessions.list({ state: 'scheduled' }),
  'trainingSessions.get': ({ trainingSessions }, known) => trainingSessions.get(known.trainingSession ?? ''),
  'agents.trainingHistory': ({ agents }) => agents.trainingHistory('student'),
  'scenarios.list': ({ scenarios }) => scenarios.list({ limit: 3 }),
  'proposals.list': ({ proposals }) => proposals.list({ state: 'active', limit: 2 }),
  'proposals.get': ({ proposals }, known) => proposals.get(known.proposal ?? ''),
  'proposals.card': async ({ proposals }, known) => {
    const { serverTime, ...card } = await proposals.card(known.proposal ?? '')
    return { ...card, isTime: !Number.isNaN(Date.parse(serverTime)) }
  },
  'proposals.get of nothing': ({ proposals }) => proposals.get('prp_none'),
  'grants.list': ({ grants }) => grants.list({ agent: 'intern' }),
  'grants.get': ({ grants }, known) => grants.get(known.grant ?? ''),
  'grants.preview': ({ grants }) => grants.preview(GRANT),
  'playbooks.list': ({ playbooks }) => playbooks.list({ agentType: 'support' }),
  'playbooks.get': ({ playbooks }, known) => playbooks.get(known.playbook ?? ''),
  'playbooks.get of nothing': ({ playbooks }) => playbooks.get('pbk_none'),
  'playbooks.versions': ({ playbooks }, known) => playbooks.versions(known.playbook ?? '', { limit: 1 }),
  'playbooks.version': ({ playbooks }, known) => playbooks.version(known.playbook ?? '', 1),
  'playbooks.diff': ({ playbooks }, known) => playbooks.diff(known.playbook ?? ''),
  'playbooks.deployments': ({ playbooks }, known) => playbooks.deployments(known.playbook ?? '', { state: 'active' }),
  'playbooks.effective': ({ playbooks }) => playbooks.effective({ agentType: 'support', user: 'ana' }),
  'playbooks.effective, none': ({ playbooks }) => playbooks.effective({ agentType: 'nobody' }),
  'agents.suggestions': ({ agents }) => agents.suggestions('intern'),
  'sessions.list': ({ sessions }) => sessions.list(),
  'queue.list': ({ queue }) => queue.list(),
  'queue.get': ({ queue }, known) => queue.get(known.queueEntry ?? ''),
  'queue.waitingFor': ({ queue }) => queue.waitingFor('supervisor', { limit: 2 }),
  'queue.stats': ({ queue }) => queue.stats(),
  'policies.current': ({ policies }) => policies.current(),
  'policies.list': ({ policies }) => policies.list(),
  'journal.list': ({ journal }) => journal.list({ after: 0, limit: 100 }),
  'journal.list, of one agent': ({ journal }) => journal.list({ agent: 'intern', kind: 'decision.made' }),
  'journal.verify': ({ journal }) => journal.verify(),
  'policies.simulate': async ({ policies }) => {
    const { from, to, ...simulation } = await policies.simulate({ actions: { 'refund.create': { risk: 'critical' } } })
    return { ...simulation, isRange: from < to }
  },
  'policies.shadow': async ({ policies }) => {
    const { from, to, ...report } = await policies.shadow()
    return { ...report, isRange: from < to }
  },
  'policies.shadow of no time': ({ policies }) => policies.shadow({ since: 'yesterday' }),
  'policies.simulate of no policy': ({ policies }) => policies.simulate({ matrix: 'lax' }),
  'analytics.summary': ({ analytics }) => analytics.summary(DAYS),
  'analytics.decisions': ({ analytics }) => analytics.decisions(DAYS),
  'analytics.routing': ({ analytics }) => analytics.routing(DAYS),
  'analytics.maturity': ({ analytics }) => analytics.maturity(DAYS),
  'analytics.reviewers': ({ analytics }) => analytics.reviewers(DAYS),
  'analytics.training': ({ analytics }) => analytics.training(DAYS),
  'analytics.supervision': ({ analytics }) => analytics.supervision(DAYS),
  'analytics.system': async ({ analytics }) => {
    const { at, ...system } = await analytics.system({ agent: 'intern' })
    return { ...system, isTime: !Number.isNaN(Date.parse(at)) }
  },
  'analytics.decisions, of no range': ({ analytics }) => analytics.decisions({ from: 'yesterday' }),
  'stops.list': ({ stops }) => stops.list(),
  'members.list': ({ members }) => members.list(),
  'presence.get': ({ presence }) => presence.get('supervisor'),
  'presence.available': ({ presence }) => presence.available(),
  'presence.sessions': ({ presence }) => presence.sessions('supervisor'),
  'actions.list': ({ actions }) => actions.list(),
  'webhooks.list': ({ webhooks }) => webhooks.list(),
  'webhooks.get of nothing': ({ webhooks }) => webhooks.get('whk_none'),
  'webhooks.deliveries of nothing': ({ webhooks }) => webhooks.deliveries('whk_none', { limit: 1 }),
  'escalations.list': ({ escalations }) => escalations.list(),
  'alerts.list': ({ alerts }) => alerts.list({ state: 'open' }),
  'alerts.settings': ({ alerts }) => alerts.settings(),
}

const readings = Object.entries(READINGS).flatMap(([name, read]) => CALLERS.map((caller) => ({ name, caller, read })))

describe('a remote scope and an embedded one', () => {
  it.each(readings)('read the same: $name as $caller', async ({ caller, read }) => {
    const [embedded, remote] = await Promise.all(
      PLANES.map(async (plane) => settle(read(await scopeOf(plane, caller), ids))),
    )
    expect(remote).toEqual(embedded)
  })

  it.each(CALLERS)('follow the same: as %s', async (caller) => {
    const [embedded, remote] = await Promise.all(
      PLANES.map(async (plane) => {
        const controller = new AbortController()
        const { events, journal } = await scopeOf(plane, caller)
        const { length } = (await journal.list({ after: 0, limit: 100 })).items
        const seen: JournalEntry[] = []
        for await (const entry of await events.subscribe({ after: 0, signal: controller.signal })) {
          seen.push(entry)
          if (seen.length >= length) break
        }
        return seen
      }),
    )
    expect(remote?.length).toBeGreaterThan(0)
    expect(remote).toEqual(embedded)
  })
})

describe.each(PLANES)('the %s scope', (plane) => {
  const why = 'a test'
  const admin = () => scopeOf(plane, 'admin')

  it('administers agents', async () => {
    const { agents } = await admin()
    const id = `${plane}-bot`
    expect(await agents.register({ id, maturity: 'intern', ownerId: 'system' })).toMatchObject({
      id,
      maturity: 'intern',
    })
    expect(await settle(agents.register({ id }))).toMatchObject({ code: 'AGENT_EXISTS' })
    expect(await agents.change(id, { displayName: 'Bot', category: null })).toMatchObject({ displayName: 'Bot' })
    expect(await agents.pause(id, why)).toMatchObject({ lifecycle: 'paused' })
    expect(await agents.resume(id, why)).toMatchObject({ lifecycle: 'active' })
    expect(await agents.demote(id, 'student', why)).toMatchObject({ maturity: 'student' })
    expect(await agents.promote(id, why)).toMatchObject({ maturity: 'intern' })
    expect(await agents.recordIncident(id, why)).toMatchObject({ maturity: 'student' })
    expect(await agents.stop(id, why)).toMatchObject({ lifecycle: 'stopped' })
    expect(await agents.retire(id, why)).toMatchObject({ lifecycle: 'retired' })
    expect(await settle(agents.resume(id, why))).toMatchObject({ code: 'CONFLICT' })
    expect(await settle(agents.pause('intern', ''))).toMatchObject({ code: 'INPUT_INVALID' })
    expect(await settle(agents.pause('..', why))).toMatchObject({ code: 'NOT_FOUND' })
    expect((await agents.transitions(id)).items.length).toBeGreaterThanOrEqual(3)
  })

  it(verifies('I-36', 'administers nothing for whoever may not'), async () => {
    for (const caller of ['viewer', 'agent', 'service'] as const) {
      const { agents, keys: own, stops, policies, members } = await scopeOf(plane, caller)
      const refused = await Promise.all(
        [
          agents.pause('intern', why),
          own.list(),
          stops.set({ target: 'workspace', reason: why }),
          policies.put({}, { basedOn: 1, reason: why }),
          members.put('eve', { displayName: 'Eve', roles: ['admin'] }),
        ].map(settle),
      )
      expect(refused).toEqual(Array(5).fill(expect.objectContaining({ code: 'PERMISSION_DENIED' })))
    }
  })

  it('deploys playbooks, and rolls them back', async () => {
    const { playbooks } = await admin()
    const agentType = `type-${plane}`
    const { playbook } = await playbooks.write({ agentType, instructions: 'Be kind.', basedOn: 0 })
    const request = { version: 1, tier: 'system', reason: why } as const
    expect(await settle(playbooks.deploy(playbook, request))).toMatchObject({ code: 'PLAYBOOK_UNTESTED' })
    const { id } = await playbooks.deploy(playbook, { ...request, force: true, basedOn: null })
    expect(await playbooks.effective({ agentType })).toMatchObject({ deployment: id, instructions: 'Be kind.' })
    expect(await playbooks.rollback(id, why)).toMatchObject({ rolledBack: { state: 'rolled_back' }, restored: null })
    expect(await playbooks.effective({ agentType })).toBeNull()
  })

  it('decides on proposals, first come first served', async () => {
    const id = `${plane}-asker`
    await (await admin()).agents.register({ id, maturity: 'intern', ownerId: 'system' })
    const ask = async () => {
      const decision = await test.agent(id).decide({ agent: id, action: 'refund.create', args: {} })
      if (decision.route !== 'proposal') throw new Error(decision.reason)
      return decision.proposal
    }
    const { proposals } = await scopeOf(plane, 'supervisor')
    const { id: first, ...shown } = await ask()
    const reviewed = { version: shown.version, actionHash: shown.actionHash }
    expect(await proposals.approve(first, { ...reviewed, args: { cents: 1 } })).toMatchObject({
      state: 'approved',
      version: 2,
      decidedBy: ['user:supervisor'],
    })
    const late = proposals.reject(first, { ...reviewed, category: 'other', reason: why })
    expect(await settle(late)).toMatchObject({ code: 'PROPOSAL_DECIDED' })
    expect(await proposals.cancel(first, why)).toMatchObject({ state: 'cancelled' })
    const { id: second, version, actionHash } = await ask()
    const response = { version, actionHash, response: { by: 'hand' } }
    expect(await proposals.respond(second, response)).toMatchObject({ state: 'responded', response: { by: 'hand' } })
    expect(await settle(proposals.resolve(second, { outcome: 'failed', reason: why }))).toMatchObject({
      code: 'CONFLICT',
    })
  })

  it('makes and revokes keys', async () => {
    const { keys: own } = await admin()
    const created = await own.create({ displayName: 'k', principalKind: 'agent', principalId: 'intern' })
    expect(created.secret).toMatch(/^pcp_/)
    expect((await own.list()).items.map(({ id }) => id)).toContain(created.key.id)
    expect((await own.revoke(created.key.id)).revokedAt).not.toBeNull()
    expect(await settle(own.revoke('key_none'))).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('sets and lifts stops, once each', async () => {
    const { stops } = await admin()
    const stop = await stops.set({ target: 'agent', agent: 'intern', reason: why })
    expect(stop).toMatchObject({ target: 'agent', agent: 'intern', liftedAt: null })
    expect(await stops.lift(stop.id, why)).toMatchObject({ id: stop.id, liftReason: why })
    expect(await settle(stops.lift(stop.id, why))).toMatchObject({ code: expect.any(String) })
    expect(await settle(stops.set({ target: 'all', reason: why }))).toMatchObject({ code: 'PERMISSION_DENIED' })
  })

  it(
    verifies(['NOTE-2', 'NOTE-12'], 'makes and removes webhooks and escalations, and shows a secret once'),
    async () => {
      const { webhooks, escalations, alerts } = await admin()
      const { webhook, secret } = await webhooks.create({ url: 'https://example.com/', events: ['alert.raised'] })
      expect(secret).toMatch(/^whsec_/)
      expect(await webhooks.get(webhook.id)).toEqual(webhook)
      const steps = [{ afterMs: 60_000, notify: { webhook: webhook.id } }]
      const escalation = await escalations.create({ name: 'On call', match: { risks: ['critical'] }, steps })
      expect((await escalations.list()).items).toEqual([escalation])
      expect(await settle(webhooks.remove(webhook.id))).toMatchObject({ code: 'CONFLICT' })
      expect(await escalations.remove(escalation.id)).toEqual(escalation)
      expect(await webhooks.remove(webhook.id)).toEqual(webhook)
      expect(await settle(webhooks.replay(webhook.id, 'dlv_none'))).toMatchObject({ code: 'NOT_FOUND' })
      expect(await settle(webhooks.test(webhook.id))).toMatchObject({ code: 'NOT_FOUND' })
      const until = new Date(Date.now() + 60_000).toISOString()
      expect(await settle(alerts.acknowledge('alr_none'))).toMatchObject({ code: 'NOT_FOUND' })
      expect(await settle(alerts.mute('alr_none', until))).toMatchObject({ code: 'NOT_FOUND' })
    },
  )

  it('writes the policy on the version that was read only', async () => {
    const { policies } = await admin()
    const { version, document } = await policies.current()
    const next = await policies.put(document, { basedOn: version, reason: why })
    expect(next.version).toBe(version + 1)
    expect(await settle(policies.put(document, { basedOn: version, reason: why }))).toMatchObject({ code: 'CONFLICT' })
    expect(await settle(policies.put({ wrong: 1 }, { basedOn: version + 1, reason: why }))).toMatchObject({
      code: 'POLICY_INVALID',
    })
  })

  it('keeps members, and is present as itself', async () => {
    const { members } = await admin()
    expect(await members.put(`${plane}-eve`, { displayName: 'Eve', roles: ['viewer'] })).toMatchObject({
      roles: ['viewer'],
    })
    const { presence } = await scopeOf(plane, 'supervisor')
    expect(await presence.heartbeat()).toMatchObject({ userId: 'supervisor', state: 'online', sessionId: null })
    const { sessionId } = await presence.heartbeat({ active: false, sessionId: null })
    expect((await presence.sessions('supervisor')).items.map(({ id }) => id)).toContain(sessionId)
    expect(await presence.endSession(sessionId ?? '')).toMatchObject({ id: sessionId, endedAt: expect.any(String) })
    expect(await presence.override('supervisor', { state: 'away' })).toMatchObject({ state: 'away' })
    expect(await presence.clearOverride('supervisor')).toMatchObject({ state: 'online', override: null })
    expect(await settle(presence.override('admin', { state: 'away' }))).toMatchObject({ code: 'PERMISSION_DENIED' })
  })

  it(verifies('I-21', 'tells of what happens, and ends with its signal'), async () => {
    const { events, agents } = await admin()
    const controller = new AbortController()
    const subscription = await events.subscribe({ signal: controller.signal })
    const seen: JournalEntry[] = []
    const reading = (async () => {
      for await (const entry of subscription) seen.push(entry)
    })()
    await agents.change('autonomous', { displayName: `Changed ${plane}` })
    await vi.waitFor(() => expect(JSON.stringify(seen)).toContain(`Changed ${plane}`), { timeout: 4_000 })
    expect(subscription.position).toBe(seen.at(-1)?.sequence)
    controller.abort()
    await reading
  })

  it('is told when it may not follow, or from where', async () => {
    const { events } = await admin()
    expect(await settle(events.subscribe({ after: 1_000_000 }))).toMatchObject({ code: 'INPUT_INVALID' })
    expect(await settle(events.subscribe({ after: -1 }))).toMatchObject({ code: 'INPUT_INVALID' })
  })
})
