import type { ControlScope, Decision, HostScope, Proposal, Scenario } from '@preceptor/client'
import { MATURITIES } from '@preceptor/client'
import { createTestClock, createTestGovernor, type TestClock, type TestGovernor } from '@preceptor/core/testing'
import { createTestDatabase, type TestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import { expect, vi } from 'vitest'

/** Where nobody listens. */
const NOBODY = 'http://127.0.0.1:9'

/** The workspaces of these tests, filled in the same way. */
const WORKSPACES = ['default', 'other'] as const

/** A scenario that each of them imported. */
export const SCENARIO: Scenario = {
  id: 'note.sum',
  version: 1,
  topic: 'sums',
  capability: 'note',
  task: 'Add up.',
  input: { numbers: [1, 2] },
  grader: { kind: 'exact', expected: 3 },
  weight: 1,
}

/** Ids of the records of one workspace, by what they are. */
export interface Ids {
  readonly decision: string
  readonly execution: string
  readonly blockedTrigger: string
  readonly trainingProposal: string
  readonly trainingSession: string
  readonly proposal: string
  readonly advice: string
  readonly review: string
  readonly grant: string
  readonly playbook: string
  readonly deployment: string
  readonly queueEntry: string
  readonly session: string
  readonly key: string
  readonly stop: string
  readonly bypass: string
  readonly incident: string
  readonly webhook: string
  readonly escalation: string
  readonly alert: string
  readonly presenceSession: string
}

/** Two workspaces with a record of every kind in each. */
export interface TwoWorkspaces {
  readonly test: TestGovernor
  /** A connection past every guard, as the owner of the tables. */
  readonly owner: pg.Client
  /** Address of the database. */
  readonly database: string
  /** What is in the workspace `default`. */
  readonly ids: Ids
  /** An administrator of the workspace `other`. */
  readonly foreigner: HostScope
  /** Tables that have a workspace. */
  readonly tables: readonly string[]
  /** Every row of the workspace `default`. */
  rows(): Promise<Record<string, readonly unknown[]>>
  close(): Promise<void>
}

/** Opens them on a database of their own. */
export async function openTwoWorkspaces(): Promise<TwoWorkspaces> {
  const database: TestDatabase = await createTestDatabase()
  const clock = createTestClock()
  const test = await createTestGovernor({
    database: database.url,
    workspaces: WORKSPACES,
    clock,
    outbound: { allow: [NOBODY] },
    reviewers: { chief: 'rules', theirs: 'rules' },
    channels: [{ name: 'desk', send: async () => undefined }],
  })
  const owner = new pg.Client(database.url)
  await owner.connect()
  const admins = WORKSPACES.map((workspace) =>
    test.governor.as({ workspace, principal: { kind: 'user', id: 'root', roles: ['admin'] } }),
  )
  const filled: Ids[] = []
  for (const admin of admins) filled.push(await fill({ test, clock }, admin))
  await test.governor.jobs.run('count-decisions', {})
  const [ids] = filled
  const foreigner = admins[1]
  if (ids === undefined || foreigner === undefined) throw new Error('There are two workspaces.')
  const tables = await tablesOf(owner)
  return {
    test,
    owner,
    database: database.url,
    ids,
    foreigner,
    tables,
    rows: () => rowsOf(owner, tables),
    async close() {
      await test.close()
      await owner.end()
      await database.drop()
    },
  }
}

async function tablesOf(owner: pg.Client): Promise<readonly string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and a.attname = 'workspace_id'
     order by 1`,
  )
  return rows.map(({ name }) => name)
}

async function rowsOf(owner: pg.Client, tables: readonly string[]): Promise<Record<string, readonly unknown[]>> {
  const all: Record<string, readonly unknown[]> = {}
  for (const table of tables) {
    const { rows } = await owner.query(
      `select to_jsonb(t) as row from ${table} t where workspace_id = 'default' order by to_jsonb(t)::text`,
    )
    all[table] = rows.map(({ row }) => row)
  }
  return all
}

interface Filling {
  readonly test: TestGovernor
  readonly clock: TestClock
}

/** One record of every kind, the same in each workspace. */
async function fill({ test, clock }: Filling, admin: ControlScope): Promise<Ids> {
  const { workspace } = admin
  const as = (agent: string): ControlScope =>
    test.governor.as({ workspace, principal: { kind: 'agent', id: agent, roles: [] } })
  const limits = [{ name: 'refunds', action: 'refund.create', per: 'day', most: 1_000 }]
  await admin.policies.put({ limits }, { basedOn: 0, reason: 'a test' })
  for (const maturity of MATURITIES) {
    await admin.agents.register({ id: maturity, maturity, ownerId: 'ana' })
  }
  await admin.members.put('sue', { displayName: 'Sue', roles: ['supervisor'] })
  const told = await tell({ test, clock }, admin)
  const routed = await attemptAsEach(as)
  const sue = test.governor.as({ workspace, principal: { kind: 'user', id: 'sue', roles: ['supervisor'] } })
  const { sessionId: presenceSession } = await sue.presence.heartbeat({ sessionId: null })
  const watched = await as('supervised').decide({
    agent: 'supervised',
    action: 'refund.create',
    args: {},
    run: 'run-2',
  })
  await watch(sue, watched)
  const proposal = await admin.proposals.get(idOf(routed, 'proposed'))
  const judged = await judge(admin, sue, proposal)
  await askElsewhere(test, as('intern'))
  const grant = await sue.grants.create({
    agent: 'intern',
    action: 'refund.create',
    matcher: { args: { cents: { atMost: 5 } } },
    uses: 1,
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    reason: 'a test',
  })
  const learned = await teach(sue)
  await sue.proposals.comment(proposal.id, 'a test')
  await sue.view(proposal.id, { kind: 'viewer.joined', place: 'a test' })
  await admin.scenarios.import([SCENARIO])
  const { sessionId } = await sue.trainingProposals.approve(idOf(routed, 'course'))
  await admin.agents.recordIncident('autonomous', 'a test')
  await test.governor.jobs.run('decay', { workspace })
  const [incident] = (await admin.agents.incidents('autonomous')).items
  await admin.streamTickets.create({ path: '/events' })
  const { key } = await admin.keys.create({ displayName: 'a test', principalKind: 'agent', principalId: 'intern' })
  const stop = await admin.stops.set({ target: 'agent', agent: 'intern', reason: 'a test' })
  const bypass = await admin.bypasses.set({ target: 'agent', agent: 'intern', action: 'no.such', reason: 'a test' })
  await callOver(test, admin)
  return {
    decision: idOf(routed, 'execution'),
    execution: idOf(routed, 'execution'),
    blockedTrigger: idOf(routed, 'blocked'),
    trainingProposal: idOf(routed, 'course'),
    trainingSession: sessionId ?? '',
    proposal: idOf(routed, 'proposed'),
    ...judged,
    grant: grant.id,
    ...learned,
    queueEntry: idOf(routed, 'queued'),
    session: watched.route === 'supervision' ? watched.session.id : '',
    key: key.id,
    presenceSession: presenceSession ?? '',
    stop: stop.id,
    bypass: bypass.id,
    incident: incident?.id ?? '',
    ...told,
  }
}

/** A playbook that is deployed. */
async function teach({ playbooks }: ControlScope): Promise<Pick<Ids, 'playbook' | 'deployment'>> {
  const { playbook } = await playbooks.write({ agentType: 'support', instructions: 'Be kind.' })
  const untested = { version: 1, tier: 'system', force: true, reason: 'a test' } as const
  const { id } = await playbooks.deploy(playbook, untested)
  return { playbook, deployment: id }
}

/** What the meta-agent, an autonomous reviewer and a person say of a proposal. */
async function judge(
  admin: ControlScope,
  sue: ControlScope,
  proposal: Proposal,
): Promise<Pick<Ids, 'advice' | 'review'>> {
  const { id, version, actionHash } = proposal
  const advice = await sue.proposals.advise(id)
  await admin.agents.register({ id: 'chief', maturity: 'autonomous', ownerId: 'paul', capabilities: ['refund'] })
  const review = await sue.proposals.review(id)
  await sue.proposals.approve(id, { version, actionHash })
  return { advice: advice.id, review: review.id }
}

/** What is kept of calls over HTTP. */
async function callOver({ governor }: TestGovernor, { workspace, principal }: ControlScope): Promise<void> {
  const once = { identity: { workspace, principal }, operation: 'agents.change', key: 'one' }
  await governor.once({ ...once, requestHash: 'a'.repeat(64) }, async () => ({ status: 200, body: {} }))
  await governor.admit?.({ identity: { workspace, principal } })
}

/** What channels keep of a request, and a link that decides on it. */
async function askElsewhere({ governor }: TestGovernor, intern: ControlScope): Promise<void> {
  const decision = await intern.decide({ agent: 'intern', action: 'note.write', args: {} })
  if (decision.route !== 'proposal') throw new Error(decision.reason)
  const desk = governor.channels.desk(intern.workspace)
  const { proposal } = await desk.card(decision.proposal.id)
  const { id, version, actionHash } = proposal
  await desk.keepMessage(
    { channel: 'slack', subject: id, part: 'request' },
    { place: 'C1', reference: '1', shown: '1' },
  )
  await desk.createLink({ proposal: id, version, actionHash, user: 'sue' })
}

/** One attempt of an agent of each level: what it led to, by route and by what waits. */
async function attemptAsEach(as: (agent: string) => ControlScope): Promise<Map<string, string>> {
  const routed = new Map<string, string>()
  for (const agent of MATURITIES) {
    const trigger = { agent, action: 'refund.create', args: { cents: 5 }, run: 'run-1' }
    const decision = await as(agent).decide(trigger, { claim: true })
    routed.set(decision.route, decision.id)
    if (decision.route === 'training') {
      routed.set('blocked', decision.blockedTrigger.id).set('course', decision.trainingProposal.id)
    }
    if (decision.route === 'proposal') routed.set('proposed', decision.proposal.id)
    if (decision.route === 'queue') routed.set('queued', decision.queueEntry.id)
  }
  return routed
}

/** A session that somebody holds, and said something in. */
async function watch({ sessions }: ControlScope, decision: Decision): Promise<void> {
  if (decision.route !== 'supervision') return
  await sessions.attach(decision.session.id)
  await sessions.intervene(decision.session.id, { type: 'correct', guidance: 'a test' })
}

/** A proposal that too few may decide on: who is told of it, and what is wrong with it. */
async function tell(
  { test, clock }: Filling,
  admin: ControlScope,
): Promise<Pick<Ids, 'webhook' | 'escalation' | 'alert'>> {
  const { workspace } = admin
  const { webhook } = await admin.webhooks.create({ url: NOBODY, events: ['proposal.created'] })
  const steps = [{ afterMs: 0, notify: { webhook: webhook.id } }]
  const escalation = await admin.escalations.create({ name: 'a test', match: { action: 'ledger.close' }, steps })
  const intern = test.governor.as({ workspace, principal: { kind: 'agent', id: 'intern', roles: [] } })
  await intern.decide({ agent: 'intern', action: 'ledger.close', args: {} })
  clock.advance(31_000)
  const { alerts } = admin
  await alerts.changeRule('NO_APPROVER', { thresholds: { seconds: 20 }, basedOn: 0, reason: 'a test' })
  await alerts.tell(webhook.id, 'warning')
  for (const job of ['escalate-proposals', 'check-alerts', 'verify-journal'])
    await test.governor.jobs.run(job, { workspace })
  await vi.waitFor(async () => expect((await admin.journal.verify()).unsealed).toBe(0), { timeout: 10_000 })
  await test.governor.jobs.run('count-decisions', { workspace })
  await test.governor.jobs.notify(10)
  const { items } = await alerts.list()
  return { webhook: webhook.id, escalation: escalation.id, alert: items[0]?.id ?? '' }
}

function idOf(routed: ReadonlyMap<string, string>, route: string): string {
  const id = routed.get(route)
  if (id === undefined) throw new Error(`Nothing was routed to ${route}.`)
  return id
}
