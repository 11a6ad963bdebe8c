import { readFileSync } from 'node:fs'
import type { Lane, ModelEffect } from './lane.ts'
import { compare, type Sequence } from './sequence.ts'
import { expire, HOUR, MODEL_ACTIONS, type Model, type ModelAction, settleLost } from './state.ts'

interface JournalRow {
  readonly kind: string
  readonly subject: string
  readonly body: Readonly<Record<string, unknown>>
}

/** A proposal as its journal tells it. */
interface Told {
  state: string
  version: number
  required: number
  reviewers: Set<string>
  /** Version that each claim ran, by the decision that made it. */
  readonly redeemed: Map<string, number>
}

/** States from which each kind of row may come, and the one that it leads to; undefined leaves it as it is. */
const MOVES: Readonly<Record<string, { readonly from: readonly string[]; readonly to?: string }>> = {
  'proposal.reviewed': { from: ['pending'] },
  'proposal.edited': { from: ['pending'] },
  'proposal.approved': { from: ['pending'], to: 'approved' },
  'proposal.rejected': { from: ['pending'], to: 'rejected' },
  'proposal.responded': { from: ['pending'], to: 'responded' },
  'proposal.expired': { from: ['pending', 'approved'], to: 'expired' },
  'proposal.cancelled': { from: ['pending', 'approved'], to: 'cancelled' },
  'proposal.returned': { from: ['approved', 'pending'], to: 'pending' },
  'permit.redeemed': { from: ['approved'], to: 'executing' },
  'run.released': { from: ['executing'], to: 'approved' },
  'proposal.succeeded': { from: ['executing'], to: 'succeeded' },
  'proposal.failed': { from: ['executing'], to: 'failed' },
  'proposal.outcome_unknown': { from: ['executing'], to: 'outcome_unknown' },
  'proposal.resolved': { from: ['outcome_unknown'] },
}

/** Lets every time run out, and joins Oracle, approvals and journal of a sequence. */
export async function checkSequence(model: Model, real: Sequence): Promise<{ readonly effects: number }> {
  const { lane, agent } = real
  lane.clock.advance(26 * HOUR)
  model.now += 26 * HOUR
  for (const job of ['settle-lost-executions', 'expire-proposals']) {
    await lane.governors[0].jobs.run(job, { workspace: lane.workspace })
  }
  settleLost(model)
  expire(model)
  await compare(model, real)
  const open = model.proposals.filter(({ state }) => ['pending', 'approved', 'executing'].includes(state))
  if (open.length > 0) throw new Error(`These reach no end: ${JSON.stringify(open)}.`)
  const effects = readEffects(lane, agent)
  const told = await readJournal(lane, agent)
  for (const proposal of model.proposals) {
    const { id = '' } = real.seen.get(proposal.key)?.at(-1) ?? {}
    const had = effects.filter(({ key }) => key === proposal.key)
    if (told.get(id)?.state !== proposal.state) {
      throw new Error(`The journal of ${id} ends in ${told.get(id)?.state}, not in ${proposal.state}.`)
    }
    if (had.length !== proposal.effects) throw new Error(`${id} had ${had.length} effects, not ${proposal.effects}.`)
    if (had.length > 1 && !MODEL_ACTIONS[proposal.action].idempotent) throw new Error(`${id} ran ${had.length} times.`)
    for (const effect of had) checkEffect(effect, told.get(id), await argsByVersion(lane, id))
  }
  const known = new Set(model.proposals.map(({ key }) => key))
  const stray = effects.find(({ key }) => !known.has(key))
  if (stray !== undefined) throw new Error(`An effect has no proposal: ${JSON.stringify(stray)}.`)
  return { effects: effects.length }
}

function checkEffect(effect: ModelEffect, told: Told | undefined, args: ReadonlyMap<number, number>): void {
  const version = told?.redeemed.get(effect.decision)
  const { witnessed } = effect
  if (version === undefined || args.get(version) !== effect.args) {
    throw new Error(`An effect is not the one that was approved: ${JSON.stringify(effect)}.`)
  }
  // A host that claimed and was given up may act late; by then the database may say so.
  const wasRunning = witnessed?.state === 'executing' || witnessed?.state === 'outcome_unknown'
  if (!wasRunning || witnessed.approvals < witnessed.required) {
    throw new Error(`An effect came without enough approvals before it: ${JSON.stringify(effect)}.`)
  }
}

function readEffects({ oracle }: Lane, agent: string): readonly ModelEffect[] {
  const lines = readFileSync(oracle, 'utf8').split('\n').slice(0, -1)
  const effects = lines.map((line): ModelEffect => JSON.parse(line))
  const own = effects.filter((effect) => effect.agent === agent || effect.agent === 'stranger')
  const decisions = own.map(({ decision }) => decision)
  const twice = decisions.find((decision, index) => decisions.indexOf(decision) !== index)
  if (twice !== undefined) throw new Error(`The decision ${twice} led to two effects.`)
  return own
}

async function argsByVersion({ witness }: Lane, id: string): Promise<ReadonlyMap<number, number>> {
  const text = `select version, (args ->> 'n')::int as args from proposal_versions where proposal_id = $1`
  const { rows } = await witness.query<{ version: number; args: number }>(text, [id])
  return new Map(rows.map(({ version, args }) => [version, args]))
}

async function readJournal({ witness, workspace }: Lane, agent: string): Promise<ReadonlyMap<string, Told>> {
  const { rows } = await witness.query<{ kind: string; subject: string; body: string }>(
    `select kind, subject_id as subject, body from journal where workspace_id = $1 and agent_id = $2
       and (kind like 'proposal.%' or kind in ('permit.redeemed', 'run.released')) order by position`,
    [workspace, agent],
  )
  const { rows: actions } = await witness.query<{ id: string; action: ModelAction }>(
    'select id, action from proposals where workspace_id = $1 and agent_id = $2',
    [workspace, agent],
  )
  const actionOf = new Map(actions.map(({ id, action }) => [id, action]))
  const told = new Map<string, Told>()
  const claims = new Map<unknown, string>()
  for (const { kind, subject, body } of rows) {
    const row: JournalRow = { kind, subject, body: JSON.parse(body) }
    const id = kind === 'run.released' ? (claims.get(subject) ?? '') : subject
    if (kind === 'permit.redeemed') claims.set(row.body.executionId, subject)
    if (kind === 'proposal.created') told.set(id, begin(row))
    else tell(told.get(id), row, MODEL_ACTIONS[actionOf.get(id) ?? 'refund.create'].idempotent)
  }
  return told
}

function begin({ body }: JournalRow): Told {
  const required = Number(body.requiredApprovals)
  return { state: 'pending', version: 1, required, reviewers: new Set(), redeemed: new Map() }
}

/** Follows one row; throws where the state machine has no such move. */
function tell(told: Told | undefined, row: JournalRow, isIdempotent: boolean): void {
  const { kind, subject, body } = row
  const move = MOVES[kind]
  if (told === undefined || move === undefined) throw new Error(`The journal has ${kind} of ${subject} out of nothing.`)
  const isAgain = kind === 'permit.redeemed' && isIdempotent && told.state === 'outcome_unknown'
  if (!move.from.includes(told.state) && !isAgain) throw new Error(`${subject} went from ${told.state} by ${kind}.`)
  if (kind === 'proposal.edited' || kind === 'proposal.returned') {
    told.version += 1
    told.reviewers = new Set()
  }
  if (body.version !== undefined && body.version !== told.version) {
    throw new Error(`${kind} of ${subject} speaks of version ${String(body.version)}, not of ${told.version}.`)
  }
  if (kind === 'proposal.reviewed') {
    told.reviewers.add(String(body.actor))
    told.required = Number(body.requiredApprovals)
  }
  if (kind === 'proposal.approved' && told.reviewers.size < told.required) {
    throw new Error(`${subject} was approved by ${told.reviewers.size} of ${told.required}.`)
  }
  if (kind === 'permit.redeemed') told.redeemed.set(String(body.decisionId), told.version)
  told.state = kind === 'proposal.resolved' ? String(body.outcome) : (move.to ?? told.state)
}
