import { appendFileSync } from 'node:fs'
import type { ActionDefinitions, ControlScope, GuardCall, JsonObject, Role, Scope } from '@preceptor/client'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { createTestClock, type TestClock } from '@preceptor/core/testing'
import pg from 'pg'
import { MODEL_ACTIONS, type ModelAction, POLICIES, type PolicyName } from './state.ts'

/** One real effect, as a line of the Oracle: a file outside the database. */
export interface ModelEffect {
  readonly agent: string
  readonly key: string
  readonly args: number
  readonly decision: string
  /** What a witness past the gate read in the database just before the effect. */
  readonly witnessed: { readonly state: string; readonly approvals: number; readonly required: number } | null
}

/** Two governors on one workspace, as two processes have them, and what a sequence needs beside. */
export interface Lane {
  readonly workspace: string
  readonly clock: TestClock
  readonly governors: readonly [EmbeddedGovernor, EmbeddedGovernor]
  readonly witness: pg.Client
  readonly oracle: string
  /** Version of the policy that is in force. */
  policyVersion: number
  policy: PolicyName
  /** The next claim is made, and whoever made it is gone. */
  crashes: boolean
  sequences: number
  act(call: {
    readonly agent: string
    readonly key: string
    readonly args: number
    readonly decision: string
  }): Promise<void>
  putPolicy(name: PolicyName): Promise<void>
  close(): Promise<void>
}

/** What a lane is opened with. */
export interface LaneOptions {
  readonly databaseUrl: string
  readonly workspace: string
  /** Path of the Oracle. */
  readonly oracle: string
}

const DEADLINE_MS = 30_000
const CONNECTIONS = 6
const START = Date.UTC(2026, 0, 5, 9)

/** Opens a lane; its clock stands until a command puts it forward. */
export async function openLane({ databaseUrl, workspace, oracle }: LaneOptions): Promise<Lane> {
  const clock = createTestClock({ at: START })
  const witness = new pg.Client({ connectionString: databaseUrl, application_name: 'model witness' })
  await witness.connect()
  // Pools of the test: a busy machine may take long to answer a connection.
  const pools = [0, 1].map(() => new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS }))
  for (const pool of pools) pool.on('error', () => undefined)
  const open = (pool: pg.Pool | undefined): Promise<EmbeddedGovernor> =>
    createGovernor({
      database: pool,
      migrate: false,
      workspaces: [workspace],
      actions: actionsOf(runRegistered),
      clock,
      // A busy machine must not deny what the model allows.
      settings: { deadlineMs: DEADLINE_MS },
      report: () => undefined,
      testing: { failpoint },
    })
  async function failpoint(name: string): Promise<void> {
    if (name !== 'claim.after_commit' || !lane.crashes) return
    lane.crashes = false
    throw new Error('The process is gone.')
  }
  const runRegistered = async ({ args, decision, idempotencyKey }: GuardCall): Promise<null> => {
    await lane.act({ agent: decision.agent, key: idempotencyKey, args: numberOf(args), decision: decision.id })
    return null
  }
  const governors = [await open(pools[0]), await open(pools[1])] as const
  const admin = scopeOf({ workspace, governors }, 0, 'root', 'admin')
  await admin.agents.register({ id: 'stranger', maturity: 'intern', ownerId: 'system' })
  const lane: Lane = {
    workspace,
    clock,
    governors,
    witness,
    oracle,
    policyVersion: 0,
    policy: 'plain',
    crashes: false,
    sequences: 0,
    async act(call) {
      const effect: ModelEffect = { ...call, witnessed: await witnessed(lane, call) }
      appendFileSync(oracle, `${JSON.stringify(effect)}\n`)
    },
    async putPolicy(name) {
      const put = await admin.policies.put(POLICIES[name], { basedOn: lane.policyVersion, reason: 'Model.' })
      lane.policyVersion = put.version
      lane.policy = name
    },
    async close() {
      await Promise.all(governors.map((governor) => governor.close()))
      await Promise.all(pools.map((pool) => pool.end()))
      await witness.end()
    },
  }
  return lane
}

function actionsOf(execute: (call: GuardCall) => Promise<null>): ActionDefinitions {
  const actions = Object.entries(MODEL_ACTIONS).map(([name, action]) => [name, action] as const)
  return Object.fromEntries(
    actions.map(([name, action]) => [name, name === 'mail.post' ? { ...action, execute } : action]),
  )
}

/** The scope of a person, on one of the two governors. */
export function scopeOf(
  { workspace, governors }: Pick<Lane, 'workspace' | 'governors'>,
  turn: number,
  person: string,
  role: Role = person === 'vic' ? 'viewer' : 'supervisor',
): ControlScope {
  const governor = governors[turn % 2 === 0 ? 0 : 1]
  return governor.as({ workspace, principal: { kind: 'user', id: person, roles: [role] } }) as ControlScope
}

/** The scope of an agent, on one of the two governors. */
export function agentScope({ workspace, governors }: Lane, turn: number, agent: string): Scope & ControlScope {
  const governor = governors[turn % 2 === 0 ? 0 : 1]
  return governor.as({ workspace, principal: { kind: 'agent', id: agent, roles: [] } }) as ControlScope
}

/** The number that an action was given. */
export function numberOf(args: JsonObject): number {
  return Number(args.n)
}

/** The args of an action. */
export const argsOf = (n: number): JsonObject => ({ n })

/** What the trigger names of an action. */
export const triggerOf = (
  agent: string,
  action: ModelAction,
  n: number,
): { readonly agent: string; readonly action: ModelAction; readonly args: JsonObject } => ({
  agent,
  action,
  args: argsOf(n),
})

async function witnessed(
  { witness, workspace }: Lane,
  { agent, key }: { readonly agent: string; readonly key: string },
): Promise<ModelEffect['witnessed']> {
  const { rows } = await witness.query(
    `select p.state, p.required_approvals as required, (select count(distinct r.reviewer)::int from proposal_reviews r
       where r.proposal_id = p.id and r.version = p.version and r.verdict in ('approve', 'edit')) as approvals
     from proposals p where p.workspace_id = $1 and p.agent_id = $2 and p.idempotency_key = $3`,
    [workspace, agent, key],
  )
  return rows[0] ?? null
}
