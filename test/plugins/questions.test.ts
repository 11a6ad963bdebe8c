import { type ControlScope, GovernanceError, type GuardResult, type PluginPort, type Trigger } from '@preceptor/client'
import type { GovernorPlugin, PluginGate, PluginGuardOptions } from '@preceptor/core/plugin'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

interface Asking {
  ask(trigger: Trigger, options?: PluginGuardOptions): Promise<GuardResult<unknown>>
}

const port: PluginPort<Asking> = {
  name: 'asking',
  connect: () => ({ ask: () => Promise.reject(new GovernanceError('INTERNAL')) }),
}
let gate: PluginGate | undefined

/** A plugin that asks people by the gate, and answers with what they approved. */
const asking: GovernorPlugin<Asking> = {
  port,
  permissions: {},
  migrations: [],
  open(host) {
    gate = host.gate
    return {
      scope: (actor) => ({
        ask: (trigger, options) =>
          host.gate.guard({ ...actor, source: 'workflow_engine' }, trigger, ({ args }) => args, options),
      }),
      jobs: {},
      actions: { 'desk.ask': { risk: 'high', asksPeople: true }, 'desk.do': { risk: 'medium' } },
    }
  },
}

let test: TestGovernor
let starter: ControlScope
let sue: ControlScope
let keys = 0

beforeAll(async () => {
  test = await createTestGovernor({ plugins: [asking] })
  for (const maturity of ['student', 'intern', 'supervised', 'autonomous'] as const)
    await test.register(maturity, maturity)
  starter = test.user('otto', 'supervisor')
  sue = test.user('sue', 'supervisor')
  await test.admin.members.put('sue', { displayName: 'Sue', roles: ['supervisor'] })
  await test.admin.members.put('tom', { displayName: 'Tom', roles: ['supervisor'] })
})
afterAll(() => test.close())

const ONE: PluginGuardOptions = { question: { approvals: 1 } }

function ask(agent: string, options = ONE, key = newKey()) {
  const trigger = { agent, action: 'desk.ask', args: { data: { amount: 5 } }, idempotencyKey: key }
  return { key, result: starter.plugin(port).ask(trigger, options) }
}

function newKey(): string {
  keys += 1
  return `key-${keys}`
}

async function proposalOf(asked: Promise<GuardResult<unknown>>) {
  const result = await asked
  if (result.status !== 'withheld' || result.decision.route !== 'proposal') throw new Error(JSON.stringify(result))
  return sue.proposals.get(result.decision.proposal.id)
}

describe('a question to people', () => {
  it.each(['student', 'intern', 'supervised', 'autonomous'])('is a proposal when a %s agent asks it', async (agent) => {
    const proposal = await proposalOf(ask(agent).result)
    expect(proposal).toMatchObject({ state: 'pending', requiredApprovals: 1, agent })
  })

  it('is answered by as many people as are asked for, until it expires', async () => {
    const { key, result } = ask('autonomous', { question: { approvals: 2, expiresInMs: 120_000 } })
    const proposal = await proposalOf(result)
    expect(proposal.requiredApprovals).toBe(2)
    expect(Date.parse(proposal.expiresAt) - Date.now()).toBeLessThanOrEqual(120_000)
    const { id, version, actionHash } = proposal
    // Who changes what is asked cannot make it need fewer people.
    const edited = await sue.proposals.approve(id, { version, actionHash, args: { data: { amount: 1 } } })
    expect(edited).toMatchObject({ requiredApprovals: 2, state: 'pending', version: 2 })
    await test.user('tom', 'supervisor').proposals.approve(id, { version: 2, actionHash: edited.actionHash })
    expect((await sue.proposals.get(id)).state).toBe('approved')
    expect(await ask('autonomous', { question: { approvals: 2 } }, key).result).toMatchObject({
      status: 'executed',
      value: { data: { amount: 1 } },
    })
  })

  it('is not answered by who asked, and neither by a grant nor by a bypass', async () => {
    const proposal = await proposalOf(ask('intern').result)
    const { id, version, actionHash } = proposal
    await expect(starter.proposals.approve(id, { version, actionHash })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
    await expect(
      sue.grants.create({
        agent: 'intern',
        action: 'desk.ask',
        matcher: { args: {} },
        uses: 5,
        expiresAt,
        reason: 'as always',
      }),
    ).rejects.toMatchObject({ code: 'GRANT_REFUSED' })
    await test.admin.bypasses.set({ target: 'agent', agent: 'intern', reason: 'an emergency' })
    const done = starter.plugin(port).ask({ agent: 'intern', action: 'desk.do', args: {}, idempotencyKey: 'done' })
    expect(await done).toMatchObject({ status: 'executed' })
    expect(await ask('intern').result).toMatchObject({ status: 'withheld', decision: { route: 'proposal' } })
  })

  it('is asked by its plugin only: no agent can ask without end', async () => {
    const trigger = { agent: 'student', action: 'desk.ask', args: {} }
    expect(await test.agent('student').decide(trigger)).toMatchObject({ route: 'denied', code: 'PERMISSION_DENIED' })
  })

  it('shows nothing of the agent, however it is answered', async () => {
    const before = await test.admin.agents.get('supervised')
    const [yes, no] = [ask('supervised'), ask('supervised')]
    const approved = await proposalOf(yes.result)
    await sue.proposals.approve(approved.id, { version: approved.version, actionHash: approved.actionHash })
    expect(await ask('supervised', ONE, yes.key).result).toMatchObject({ status: 'executed' })
    const { id, version, actionHash } = await proposalOf(no.result)
    await sue.proposals.reject(id, { version, actionHash, category: 'other', reason: 'not today' })
    expect(await ask('supervised', ONE, no.key).result).toMatchObject({ decision: { code: 'PROPOSAL_REJECTED' } })
    await test.governor.jobs.run('count-evidence', {})
    expect((await test.admin.agents.get('supervised')).confidence).toBe(before.confidence)
  })

  it('is asked also where the policy only watches its capability', async () => {
    const { version, document } = await test.admin.policies.current()
    const shadow = { ...document, shadow: ['desk'] }
    await test.admin.policies.put(shadow, { basedOn: version, reason: 'to see what would be' })
    const done = starter.plugin(port).ask({ agent: 'student', action: 'desk.do', args: {}, idempotencyKey: 'watched' })
    expect(await done).toMatchObject({ status: 'executed' })
    expect(await ask('autonomous').result).toMatchObject({ status: 'withheld', decision: { route: 'proposal' } })
  })

  it('stands in the catalogue like any action of the plugin, found by the gate', () => {
    expect(gate?.findAction('default', 'desk.ask')).toMatchObject({ found: 'one', action: { asksPeople: true } })
    expect(gate?.findAction('default', 'desk.none')).toEqual({ found: 'none' })
  })
})
