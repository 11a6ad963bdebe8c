import { setTimeout as delay } from 'node:timers/promises'
import { AbilityBuilder, createMongoAbility, subject } from '@casl/ability'
import cedar from '@cedar-policy/cedar-wasm/nodejs'
import { newCachedEnforcer, newEnforcer, newModelFromString, StringAdapter } from 'casbin'
import { Engine } from 'json-rules-engine'
import { specifyAction } from '../../../packages/core/dist/actions/specify-action.js'
import { BUILT_IN_POLICY } from '../../../packages/core/dist/policy/policy.js'
import { ruleOn } from '../../../packages/core/dist/routing/ruling.js'
import { compare, median, percentile99 } from '../measure.mjs'
import { assertRoute, openGate } from '../open-gate.mjs'
import { atMost, faster, reported } from '../table.mjs'

// Long enough to write what a batch decided.
const WRITTEN_MS = 150
const WARM_UP = 50_000
const ROUNDS = 7
/** Of each in a round. */
const CALLS = 50_000
/** Agents that decisions are about while they change, for how long, and decisions in a millisecond. */
const CHANGING = 100
const SECONDS = 10
const A_MILLISECOND = 5
const ARGS = { id: 'o-1' }
const TRIGGER = { agent: 'bench-bot', action: 'order.read', args: ARGS }

/** What a decision costs at least: two lookups and a branch on tables of the same size. */
function mapLimit() {
  const agents = new Map(IDS.map((id) => [id, { level: 3 }]))
  const actions = new Map(NAMES.map((name) => [name, { risk: 0 }]))
  const next = inTurn(ATTEMPTS)
  return () => {
    const { trigger } = next()
    const agent = agents.get(trigger.agent)
    const action = actions.get(trigger.action)
    return agent !== undefined && action !== undefined && agent.level >= action.risk
  }
}

const IDS = Array.from({ length: 1_000 }, (_, index) => `bench-bot-${index}`)
const NAMES = Array.from({ length: 20 }, (_, index) => `order.read-${index}`)
const SPECIFIED = NAMES.map((name) => specifyAction(name, { risk: 'safe' }))

const agentOf = (id) => ({
  id,
  ownerId: 'system',
  category: null,
  capabilities: [],
  lifecycle: 'active',
  epoch: 1,
  maturity: 'autonomous',
  confidence: 9_000,
  earned: new Map(),
  fingerprint: {},
  fingerprintCapped: false,
})

/** One attempt of each agent, on one of the actions. */
const ATTEMPTS = IDS.map((agent, index) => {
  const action = SPECIFIED[index % SPECIFIED.length]
  const principal = { kind: 'agent', id: agent, roles: [] }
  return {
    actor: { workspace: 'default', principal, source: 'ai_coordinator' },
    trigger: { agent, action: action.name, args: ARGS },
    keyed: false,
    idempotencyKey: 'dec_1',
    decisionId: 'dec_1',
    decidedAt: '2026-01-01T00:00:00.000Z',
    resolution: { status: 'resolved', action, args: ARGS, argsHash: '00' },
  }
})

/** Gives one item after the other, in an order in which neighbours do not follow each other. */
function inTurn(items) {
  const step = 379
  let place = 0
  return () => {
    place = (place + step) % items.length
    return items[place]
  }
}

/** The pure routing core on facts in memory, as they are kept for one agent after the other. */
function routingCore() {
  const policy = BUILT_IN_POLICY
  const kept = new Map(
    IDS.map((id) => {
      const agent = agentOf(id)
      const agents = new Map([[id, agent]])
      return [id, { agents, stops: [], policy, standing: { agents, agent, policy, byAction: new Map() } }]
    }),
  )
  const next = inTurn(ATTEMPTS)
  return () => {
    const attempt = next()
    return ruleOn(attempt, kept.get(attempt.trigger.agent), []).route === 'execution'
  }
}

const CASBIN_MODEL = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act`

/**
 * What the policies of casbin say: each agent is of a level, and an autonomous one may do what is safe. As many agents and
 * actions as the limit and the rules above look up.
 */
const CASBIN_POLICY = [
  ...NAMES.map((name) => `p, autonomous, ${name}, do`),
  ...IDS.map((id) => `g, ${id}, autonomous`),
].join('\n')

async function peers() {
  const { can, build } = new AbilityBuilder(createMongoAbility)
  can('read', 'Order', { agent: 'bench-bot' })
  const ability = build()
  const order = subject('Order', { agent: 'bench-bot', id: 'o-1' })
  const enforcer = await newEnforcer(newModelFromString(CASBIN_MODEL), new StringAdapter(CASBIN_POLICY))
  const cached = await newCachedEnforcer(newModelFromString(CASBIN_MODEL), new StringAdapter(CASBIN_POLICY))
  const attempts = { one: inTurn(ATTEMPTS), other: inTurn(ATTEMPTS) }
  const engine = new Engine([
    {
      conditions: {
        all: [
          { fact: 'maturity', operator: 'equal', value: 3 },
          { fact: 'risk', operator: 'equal', value: 0 },
        ],
      },
      event: { type: 'allow' },
    },
  ])
  const call = {
    principal: { type: 'Agent', id: 'bench-bot' },
    action: { type: 'Action', id: 'order.read' },
    resource: { type: 'Order', id: 'o-1' },
    context: {},
    policies: { staticPolicies: 'permit(principal == Agent::"bench-bot", action == Action::"order.read", resource);' },
    entities: [],
  }
  return {
    casl: { run: () => ability.can('read', order), batch: 1_000 },
    casbin: { run: () => asks(attempts.one(), (...call) => enforcer.enforceSync(...call)), batch: 20 },
    cachedCasbin: {
      run: () => asks(attempts.other(), (...call) => cached.enforce(...call)),
      isAsync: true,
      batch: 100,
    },
    rulesEngine: { run: () => engine.run({ maturity: 3, risk: 0 }), isAsync: true, batch: 50 },
    cedar: { run: () => cedar.isAuthorized(call), batch: 20 },
  }
}

const asks = ({ trigger }, ask) => ask(trigger.agent, trigger.action, 'do')

/** How a decision compares with its limit and with other engines. */
export async function decide() {
  const { governor, admin, scope } = await openGate()
  try {
    assertRoute(await scope.decide(TRIGGER), 'execution')
    const limit = mapLimit()
    const core = routingCore()
    // What was decided is written between two slices: what waits for that is another measurement.
    const decided = { run: () => scope.decide(TRIGGER), isAsync: true, batch: 500, rest: () => delay(WRITTEN_MS) }
    const medium = {
      run: () => scope.decide({ ...TRIGGER, action: 'note.write' }),
      isAsync: true,
      batch: 5,
      rest: () => delay(1),
    }
    // Every agent has been asked about.
    for (let count = 0; count < WARM_UP; count += 1) core()
    const p99 = await comparePercentiles({ core, limit })
    const times = await compare({
      limit: { run: limit, batch: 20_000 },
      core: { run: core, batch: 5_000 },
      decided,
      medium,
      ...(await peers()),
    })
    return [...rows(times, p99), await readsRow({ governor, admin })]
  } finally {
    await governor.close()
  }
}

/** Reads of facts while one of the agents that decisions are about changes each second. */
async function readsRow({ governor, admin }) {
  const ids = Array.from({ length: CHANGING }, (_, index) => `changing-${index}`)
  for (const id of ids) await admin.agents.register({ id, maturity: 'autonomous' })
  const scopes = ids.map((id) => governor.as({ workspace: 'default', principal: { kind: 'agent', id, roles: [] } }))
  let decisions = 0
  const decideOn = async (index) => {
    decisions += 1
    return scopes[index].decide({ ...TRIGGER, agent: ids[index] })
  }
  for (const index of ids.keys()) await decideOn(index)
  const missesBefore = await missesOf(governor)
  decisions = 0
  for (let second = 0; second < SECONDS; second += 1) {
    const until = performance.now() + 1_000
    await admin.agents.change(ids[second], { displayName: `Changed ${second}` })
    while (performance.now() < until) {
      for (const index of ids.keys()) await decideOn(index)
      // At the rate at which what was decided can be written.
      await delay(CHANGING / A_MILLISECOND)
    }
  }
  const reads = ((await missesOf(governor)) - missesBefore) / (decisions / 1_000)
  return {
    name: `D6 reads of facts in 1,000 decisions about ${CHANGING} agents, one of which changes each second`,
    ...{ ours: reads, peer: null, limit: 1, ratio: reads, goal: '<= 1', moonshot: '0', met: reads <= 1, unit: '' },
  }
}

async function missesOf(governor) {
  const { samples } = (await governor.metrics()).find(({ name }) => name === 'governance_cache_requests_total')
  return samples.filter(({ labels }) => labels.result === 'miss').reduce((sum, { value }) => sum + value, 0)
}

/** The 99th percentile of single calls, by turns. */
async function comparePercentiles(contestants) {
  const found = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]))
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(contestants)) {
      const time = await percentile99(run, CALLS)
      // The first round warms up.
      if (round >= 0) found[name].push(time)
    }
  }
  return Object.fromEntries(Object.entries(found).map(([name, times]) => [name, median(times)]))
}

function rows(times, p99) {
  const { limit, core, decided, medium, casl, casbin, cachedCasbin, rulesEngine, cedar: cedarTime } = times
  const unit = 'ns'
  return [
    atMost({
      name: 'D1 routing core / two map lookups',
      ours: core,
      other: limit,
      as: 'limit',
      gate: 2,
      moonshot: 1.25,
      unit,
    }),
    faster({ name: 'D2 routing core / CASL can()', ours: core, other: casl, gate: 1, moonshot: 1.5, unit }),
    faster({ name: 'D3 decide / json-rules-engine', ours: decided, other: rulesEngine, gate: 15, moonshot: 40, unit }),
    faster({ name: 'D3 decide / cedar-wasm', ours: decided, other: cedarTime, gate: 40, moonshot: 100, unit }),
    faster({ name: 'D3 decide / casbin enforceSync', ours: decided, other: casbin, gate: 80, moonshot: 200, unit }),
    atMost({
      name: 'D4 routing core p99 / map p99',
      ours: p99.core,
      other: p99.limit,
      as: 'limit',
      gate: 3,
      moonshot: 1.25,
      unit,
    }),
    atMost({
      name: 'D5 decide / two map lookups',
      ours: decided,
      other: limit,
      as: 'limit',
      gate: 25,
      moonshot: 12,
      unit,
    }),
    faster({
      name: 'D5 decide / casbin CachedEnforcer',
      ours: decided,
      other: cachedCasbin,
      gate: 1,
      moonshot: 4,
      unit,
    }),
    reported({ name: 'medium risk (its own transaction) / safe', ours: medium, other: decided, unit }),
  ]
}
