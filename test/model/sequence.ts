import { GovernanceError } from '@preceptor/client'
import { agentScope, type Lane, scopeOf } from './lane.ts'
import type { Model, ModelProposal, Shown } from './state.ts'

/** A proposal as the database has it. */
export interface SeenProposal {
  readonly id: string
  readonly key: string
  readonly action: string
  readonly executor: string
  readonly state: string
  readonly version: number
  readonly required: number
  readonly actionHash: string
  readonly args: number
}

/** One history of one agent: what commands act on. */
export interface Sequence {
  readonly lane: Lane
  readonly agent: string
  /** The present version of each proposal, by the key of its attempt, and every version before it. */
  readonly seen: Map<string, readonly SeenProposal[]>
  /** Commands done; they are made on the two governors by turns. */
  turn: number
}

/** Starts a sequence with an agent of its own. */
export async function startSequence(lane: Lane): Promise<{ readonly model: Model; readonly real: Sequence }> {
  lane.sequences += 1
  const agent = `bot-${lane.sequences}`
  if (lane.policy !== 'plain') await lane.putPolicy('plain')
  await scopeOf(lane, 0, 'root', 'admin').agents.register({ id: agent, maturity: 'intern', ownerId: 'system' })
  const model: Model = {
    now: lane.clock.now(),
    epoch: 0,
    isStudent: false,
    isPaused: false,
    isStopped: false,
    owner: 'system',
    hands: new Set(),
    lostMembers: new Set(),
    policy: 'plain',
    policyVersion: lane.policyVersion,
    keys: 0,
    proposals: [],
  }
  return { model, real: { lane, agent, seen: new Map(), turn: 0 } }
}

/** Lets time pass for both sides. */
export function pass(model: Model, { lane }: Sequence, milliseconds: number): void {
  lane.clock.advance(milliseconds)
  model.now += milliseconds
}

/** What somebody was shown of a proposal. */
export function shownOf(
  { seen }: Sequence,
  { key }: ModelProposal,
  shown: Shown,
): { readonly id: string; readonly version: number; readonly actionHash: string } {
  const versions = seen.get(key) ?? []
  const present = versions.at(-1)
  if (present === undefined) throw new Error(`There is no proposal of ${key}.`)
  const { id, version, actionHash } = present
  if (shown === 'present') return { id, version, actionHash }
  if (shown === 'another hash') return { id, version, actionHash: actionHash.replace(/./g, '0') }
  const before = versions.findLast((one) => one.version < version)
  return before === undefined
    ? { id, version: version + 1, actionHash }
    : { id, version: before.version, actionHash: before.actionHash }
}

/** What a call came to: its code, or null when it went well. */
export async function codeOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work
    return null
  } catch (error) {
    if (GovernanceError.isInstance(error)) return error.code
    throw error
  }
}

/** Stops a history in which the product does not do what the model says. */
export function expectSame(what: string, found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) === JSON.stringify(wanted)) return
  throw new Error(`${what}: ${JSON.stringify(found)}, and the model says ${JSON.stringify(wanted)}.`)
}

/** Reads what the database has and compares it with the model, proposal by proposal. */
export async function compare(model: Model, sequence: Sequence): Promise<void> {
  const { lane, agent, seen } = sequence
  const { rows } = await lane.witness.query<SeenProposal>(
    `select p.id, p.idempotency_key as key, p.action, p.executor, p.state, p.version, p.required_approvals as required,
       v.action_hash as "actionHash", (v.args ->> 'n')::int as args
     from proposals p join proposal_versions v on v.proposal_id = p.id and v.version = p.version
     where p.workspace_id = $1 and p.agent_id = $2`,
    [lane.workspace, agent],
  )
  for (const row of rows) {
    const versions = seen.get(row.key) ?? []
    if (versions.at(-1)?.version !== row.version) seen.set(row.key, [...versions, row])
  }
  const found = new Map(rows.map((row) => [row.key, row]))
  expectSame('The number of proposals', rows.length, model.proposals.length)
  for (const { key, action, executor, state, version, required, args } of model.proposals) {
    const row = found.get(key)
    const shape = row && [row.action, row.executor, row.state, row.version, row.required, row.args]
    expectSame(`The proposal of ${key}`, shape, [action, executor, state, version, required, args])
  }
}

/** The scope of the agent, on the governor whose turn it is. */
export const asAgent = ({ lane, turn, agent }: Sequence): ReturnType<typeof agentScope> => agentScope(lane, turn, agent)

/** The scope of a person, on the governor whose turn it is. */
export const asPerson = ({ lane, turn }: Sequence, person: string): ReturnType<typeof scopeOf> =>
  scopeOf(lane, turn, person)

/** The scope of an administrator who owns nothing. */
export const asAdmin = ({ lane, turn }: Sequence, id = 'root'): ReturnType<typeof scopeOf> =>
  scopeOf(lane, turn, id, 'admin')
