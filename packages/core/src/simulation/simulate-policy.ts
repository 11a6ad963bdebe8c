import {
  GovernanceError,
  type JsonObject,
  type PolicySimulation,
  type PolicySimulationOptions,
  type SimulatedDifference,
  type SimulatedRoute,
  type SimulatedShift,
  type UnjudgedReason,
} from '@preceptor/client'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { agentFilter, authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import type { ActionSpecification } from '../actions/registered-action.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { groupBy } from '../kernel/group-by.ts'
import { parsePolicy } from '../policy/parse-policy.ts'
import { createPolicy, type Policy } from '../policy/policy.ts'
import type { Gate } from '../routing/gate.ts'
import { parseAgentFacts } from '../routing/parse-facts.ts'
import { readFacts } from '../routing/store.ts'
import { type Judgement, judgeDecision } from './judge-decision.ts'
import { type Past, runKey } from './past-facts.ts'
import {
  type CataloguedRules,
  countPastDecisions,
  listAgentEvents,
  listCatalogued,
  listPastBypasses,
  listPastDecisions,
  listPastSessions,
  type PastQuery,
} from './past-store.ts'
import { type RecordedDecision, recordedDecision } from './recorded-decision.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 7
const MOST_DAYS = 30
const MOST_DECISIONS = 2_000
const DEFAULT_LISTED = 50
const MOST_NAMED = 100
/** Between so many decisions others have their turn. */
const TURN = 100

const input = z.strictObject({
  days: z.int().min(1).max(MOST_DAYS).default(DEFAULT_DAYS),
  listed: z.int().min(0).max(MOST_DECISIONS).default(DEFAULT_LISTED),
})

/**
 * Says what a policy would have changed of the last days' decisions: each is ruled on again by the rules that decide,
 * with what is on record of it. Nothing follows from it.
 *
 * @throws GovernanceError `POLICY_INVALID`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function simulatePolicy(
  gate: Gate,
  actor: Actor,
  request: { readonly document: JsonObject; readonly options: PolicySimulationOptions },
): Promise<PolicySimulation> {
  authorize(actor, 'policies.simulate')
  const { days, listed } = parseInput(input, request.options, 'simulation')
  const candidate = createPolicy(0, parsePolicy(request.document))
  const now = gate.context.clock.now()
  const query: PastQuery = { from: isoTime(now - days * DAY_MS), to: isoTime(now), only: agentFilter(actor) }
  // What this process decided a moment ago is part of it.
  await gate.context.journal.flushed()
  const { total, judgements } = await inWorkspace(
    gate.context.database,
    { workspace: actor.workspace },
    async (tx) => ({
      total: await countPastDecisions(tx, query),
      judgements: await judgeAll(gate, tx, { query, candidate }),
    }),
  )
  return { from: query.from, to: query.to, total, ...resultOf(judgements, listed) }
}

async function judgeAll(
  gate: Gate,
  tx: Tx,
  { query, candidate }: { readonly query: PastQuery; readonly candidate: Policy },
): Promise<readonly Judgement[]> {
  const rows = await listPastDecisions(tx, query, MOST_DECISIONS)
  const decisions = rows.map(({ body, position }) => recordedDecision(body, position))
  const known = decisions.flatMap((made) => made ?? [])
  const past = await readPast(tx, query, known)
  const actions = actionsOf(await listCatalogued(tx, unique(known.map(({ action }) => action))))
  const policies = await readPolicies(gate, tx, unique(known.map(({ policyVersion }) => policyVersion)))
  const judgements: Judgement[] = []
  for (const made of decisions) {
    if (judgements.length % TURN === TURN - 1) await new Promise((resolve) => setImmediate(resolve))
    const action = made && actions.get(actionKey(made.action, made.digest ?? ''))
    const policy = made && policies.get(made.policyVersion)
    judgements.push(
      made === undefined
        ? { judged: false, reason: 'not_reproduced' }
        : judgeDecision(made, { past, action, policy, candidate }),
    )
  }
  return judgements
}

async function readPast(tx: Tx, query: PastQuery, known: readonly RecordedDecision[]): Promise<Past> {
  const agents = unique(known.flatMap(({ agent, delegation }) => [agent, ...delegation]))
  const stored = await readFacts(tx, { agents, hold: false })
  const sessions = await listPastSessions(tx, unique(known.flatMap(({ run }) => run ?? [])))
  return {
    agents: new Map(stored.agents.map(parseAgentFacts).map((agent) => [agent.id, agent])),
    events: groupBy(await listAgentEvents(tx, agents), ({ agent }) => agent),
    bypasses: await listPastBypasses(tx, { ...query, agents }),
    sessions: groupBy(sessions, ({ agent, run }) => runKey(agent, run)),
  }
}

/** Those that can no longer be read are missing. */
async function readPolicies(
  { policies }: Pick<Gate, 'policies'>,
  tx: Tx,
  versions: readonly number[],
): Promise<ReadonlyMap<number, Policy>> {
  const read = new Map<number, Policy>()
  for (const version of versions) {
    try {
      read.set(version, await policies.get(tx, version))
    } catch (error) {
      if (!GovernanceError.isInstance(error) || error.code !== 'FACT_INVALID') throw error
    }
  }
  return read
}

/** What the rules ask of a definition; nothing is validated, shown or run by it. */
function actionsOf(catalogued: readonly CataloguedRules[]): ReadonlyMap<string, ActionSpecification> {
  return new Map(
    catalogued.map((rules) => [
      actionKey(rules.name, rules.digest),
      {
        ...rules,
        description: null,
        argsSchema: null,
        sensitivePaths: [],
        isValidatedByCode: false,
        validate: (args) => ({ valid: true, args }),
        execute: null,
        summary: null,
        preview: null,
      } satisfies ActionSpecification,
    ]),
  )
}

function actionKey(name: string, digest: string): string {
  return JSON.stringify([name, digest])
}

function unique<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Set(values)]
}

function resultOf(judgements: readonly Judgement[], listed: number): Omit<PolicySimulation, 'from' | 'to' | 'total'> {
  const judged = judgements.flatMap((judgement) => (judgement.judged ? [judgement.difference] : []))
  const differences = judged.filter(({ before, after }) => before !== after)
  return {
    looked: judgements.length,
    judged: judged.length,
    unjudged: countReasons(judgements),
    differing: differences.length,
    looser: differences.filter(({ before, after }) => STRICTNESS[after] < STRICTNESS[before]).length,
    routes: shiftsOf(judged, () => '').map(([, shift]) => shift),
    actions: shiftsOf(differences, ({ action }) => action)
      .slice(0, MOST_NAMED)
      .map(([action, shift]) => ({ action, ...shift })),
    agents: shiftsOf(differences, ({ agent }) => agent)
      .slice(0, MOST_NAMED)
      .map(([agent, shift]) => ({ agent, ...shift })),
    differences: differences.slice(0, listed),
  }
}

/** How much of a look an attempt gets before it runs. */
const STRICTNESS: Readonly<Record<SimulatedRoute, number>> = {
  execution: 0,
  supervision: 1,
  proposal: 2,
  training: 3,
  denied: 4,
}

function countReasons(judgements: readonly Judgement[]): PolicySimulation['unjudged'] {
  const counts = new Map<UnjudgedReason, number>()
  for (const judgement of judgements) {
    if (!judgement.judged) counts.set(judgement.reason, (counts.get(judgement.reason) ?? 0) + 1)
  }
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count)
}

/** Counts where decisions went and would go, by what they have in common, the most frequent first. */
function shiftsOf(
  decisions: readonly SimulatedDifference[],
  nameOf: (decision: SimulatedDifference) => string,
): readonly (readonly [name: string, shift: SimulatedShift])[] {
  const groups = groupBy(decisions, (one) => JSON.stringify([one.before, one.after, nameOf(one)]))
  return [...groups]
    .flatMap(([key, [first, ...rest]]) =>
      first === undefined
        ? []
        : [{ key, name: nameOf(first), before: first.before, after: first.after, count: rest.length + 1 }],
    )
    .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
    .map(({ name, before, after, count }) => [name, { before, after, count }])
}
