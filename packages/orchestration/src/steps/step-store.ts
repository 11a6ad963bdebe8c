import type { JsonObject, JsonValue } from '@preceptor/client'
import { countOf, isoOf, rowOf, rowsOf, type Tx } from '@preceptor/core/plugin'
import { type SQL, sql } from 'drizzle-orm'
import type { StepType } from '../client/workflow-definition.ts'
import { keyOfTry } from './key-of-try.ts'
import type {
  BranchProgress,
  NewStep,
  StepEnd,
  StepFailure,
  StepOwner,
  StepSettings,
  StepState,
  StepTrigger,
  StoredStep,
} from './step.ts'

interface StepRow {
  readonly id: string
  readonly owner_kind: StepOwner['kind']
  readonly owner_id: string
  readonly step: string
  readonly visit: number
  readonly type: StepType
  readonly parent_id: string | null
  readonly branch: string | null
  readonly trigger: StepTrigger | null
  readonly settings: StepSettings | JsonObject
  readonly asked_by: string
  readonly state: StepState
  readonly attempts: number
  readonly fence: number
  readonly due_at: string | null
  readonly proposal_id: string | null
  readonly queue_entry_id: string | null
  readonly output: JsonValue
  readonly failure: StepFailure | null
  readonly note: string | null
  readonly progress: BranchProgress | null
  readonly replayed: boolean
  readonly created_at: string
  readonly started_at: string | null
  readonly ended_at: string | null
}

/** Who owns the steps that are written, and when. */
export interface StepOrigin {
  readonly owner: StepOwner
  readonly askedBy: string
  readonly at: string
  /** When somebody looks after those that are to be tried, should the queue lose them. */
  readonly wakeAt: string
}

/** Writes steps. */
export async function insertSteps(tx: Tx, steps: readonly NewStep[], origin: StepOrigin): Promise<void> {
  if (steps.length === 0) return
  const { owner, askedBy, at, wakeAt } = origin
  const rows = steps.map(({ parentId, settings, ...step }) => ({ ...step, parent: parentId, settings: settings ?? {} }))
  await countOf(
    tx,
    sql`insert into workflow_steps (id, workspace_id, owner_kind, owner_id, step, visit, type, parent_id, branch, trigger,
          settings, asked_by, state, output, failure, progress, due_at, wake_at, created_at, started_at, ended_at)
        select one->>'id', ${tx.workspace}, ${owner.kind}, ${owner.id}, one->>'step', (one->>'visit')::integer,
          one->>'type', one->>'parent', one->>'branch', nullif(one->'trigger', 'null'), one->'settings', ${askedBy},
          one->>'state', one->'output', nullif(one->'failure', 'null'), nullif(one->'progress', 'null'),
          case one->>'state' when 'pending' then ${at}::timestamptz end,
          case one->>'state' when 'pending' then ${wakeAt}::timestamptz end, ${at}::timestamptz,
          case when one->>'state' <> 'pending' then ${at}::timestamptz end,
          case when one->>'state' in ('succeeded', 'failed', 'cancelled') then ${at}::timestamptz end
        from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) one`,
  )
}

/**
 * Claims a step until a time, unless it has ended, is not due, or somebody holds it. What waits may be claimed at any time:
 * whoever does asks whether what it waits for is there.
 */
export async function claimStep(
  tx: Tx,
  id: string,
  { at, until }: { readonly at: string; readonly until: string },
): Promise<{ readonly step: StoredStep; readonly isFirst: boolean } | undefined> {
  const row = await rowOf<StepRow & { readonly is_first: boolean }>(
    tx,
    sql`update workflow_steps s set state = case s.state when 'pending' then 'running' else s.state end,
          fence = s.fence + 1, held_until = ${until}, wake_at = ${until},
          note = case s.state when 'outcome_unknown' then s.note end,
          started_at = coalesce(s.started_at, ${at})
        from (select id, started_at is null as is_first from workflow_steps
              where workspace_id = ${tx.workspace} and id = ${id} for update) was
        where s.id = was.id and s.workspace_id = ${tx.workspace} and (s.state in ('pending', 'running', 'waiting')
            or s.state = 'outcome_unknown' and s.note = 'OUTCOME_UNKNOWN')
          and s.trigger is not null and (s.held_until is null or s.held_until <= ${at})
          and (s.state <> 'pending' or s.due_at <= ${at})
        returning s.*, was.is_first`,
  )
  return row && { step: toStep(row), isFirst: row.is_first }
}

/** What a claim is known by. */
export interface StepClaim {
  readonly id: string
  readonly fence: number
}

/** Holds a claimed step on; false when it has ended or somebody else claimed it. */
export function keepStep(tx: Tx, claim: StepClaim, until: string): Promise<boolean> {
  return change(tx, claim, sql`held_until = ${until}, wake_at = ${until}`)
}

/** Says that what waited runs now; false as for `keepStep`. */
export function beginWaited(tx: Tx, claim: StepClaim): Promise<boolean> {
  return change(tx, claim, sql`state = 'running'`)
}

/** Ends a claimed step; false as for `keepStep`. */
export function endStep(tx: Tx, claim: StepClaim, end: StepEnd & { readonly at: string }): Promise<boolean> {
  const output = end.state === 'succeeded' ? JSON.stringify(end.output) : null
  const failure = end.state === 'failed' ? JSON.stringify(end.failure) : null
  return change(
    tx,
    claim,
    sql`state = ${end.state}, output = ${output}::jsonb, failure = ${failure}::jsonb, attempts = attempts + 1,
        held_until = null, wake_at = null, due_at = null, ended_at = ${end.at}`,
  )
}

/** Gives a claimed step back, to be tried again from a time on; a failed try is counted. */
export function putBack(
  tx: Tx,
  claim: StepClaim,
  {
    dueAt,
    failure,
    note,
  }: { readonly dueAt: string; readonly failure: StepFailure | null; readonly note: string | null },
): Promise<boolean> {
  // What waits for people goes on waiting; only what can be tried again becomes pending.
  return change(
    tx,
    claim,
    failure === null
      ? sql`state = case when proposal_id is null and queue_entry_id is null then 'pending' else 'waiting' end,
            due_at = ${dueAt}, wake_at = ${dueAt}, held_until = null, note = ${note}`
      : sql`state = 'pending', due_at = ${dueAt}, wake_at = ${dueAt}, held_until = null, attempts = attempts + 1,
            failure = ${JSON.stringify(failure)}::jsonb, proposal_id = null, queue_entry_id = null, note = ${note}`,
  )
}

/** Lets a claimed step wait; true for the first time that it waits for this. */
export async function letWait(
  tx: Tx,
  claim: StepClaim,
  {
    proposalId,
    queueEntryId,
    wakeAt,
  }: {
    readonly proposalId: string | null
    readonly queueEntryId: string | null
    readonly wakeAt: string
  },
): Promise<{ readonly changed: boolean; readonly isNew: boolean }> {
  const row = await rowOf<{ readonly is_new: boolean }>(
    tx,
    sql`update workflow_steps s set state = 'waiting', proposal_id = ${proposalId}, queue_entry_id = ${queueEntryId},
          held_until = null, wake_at = ${wakeAt}
        from (select id, coalesce(proposal_id, queue_entry_id) is distinct from ${proposalId ?? queueEntryId} as is_new
              from workflow_steps where workspace_id = ${tx.workspace} and id = ${claim.id} for update) was
        where s.id = was.id and s.state in ('pending', 'running', 'waiting') and ${held(tx, claim)} returning was.is_new`,
  )
  return { changed: row !== undefined, isNew: row?.is_new === true }
}

/** Says of a claimed step that nobody knows whether it took effect; a person says how it ended. */
export function leaveUnknown(tx: Tx, claim: StepClaim, failure: StepFailure): Promise<boolean> {
  return change(
    tx,
    claim,
    sql`state = 'outcome_unknown', failure = ${JSON.stringify(failure)}::jsonb, note = ${failure.code}, held_until = null,
        wake_at = null`,
  )
}

/** Ends a step whose outcome nobody knew, as a person says; false when that was said before. */
export async function resolveStep(tx: Tx, id: string, end: StepEnd & { readonly at: string }): Promise<boolean> {
  const output = end.state === 'succeeded' ? JSON.stringify(end.output) : null
  const failure = end.state === 'failed' ? JSON.stringify(end.failure) : null
  const changed = await countOf(
    tx,
    sql`update workflow_steps set state = ${end.state}, output = ${output}::jsonb, failure = ${failure}::jsonb,
          attempts = attempts + 1, ended_at = ${end.at}
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'outcome_unknown'`,
  )
  return changed === 1
}

/** Notes how far the branches of a parallel step are, and how it ended, if it did. */
export async function progressStep(
  tx: Tx,
  id: string,
  { progress, end, at }: { readonly progress: BranchProgress; readonly end: StepEnd | null; readonly at: string },
): Promise<void> {
  const output = end?.state === 'succeeded' ? JSON.stringify(end.output) : null
  const failure = end?.state === 'failed' ? JSON.stringify(end.failure) : null
  const state = end?.state ?? 'running'
  await countOf(
    tx,
    sql`update workflow_steps set progress = ${JSON.stringify(progress)}::jsonb, state = ${state},
          output = ${output}::jsonb, failure = ${failure}::jsonb,
          ended_at = case when ${state} = 'running' then null else ${at}::timestamptz end
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'running' and type = 'parallel'`,
  )
}

/** Cancels open steps of an owner, all of them or those that are named; gives what they were. */
export async function cancelSteps(
  tx: Tx,
  owner: StepOwner,
  { ids, at }: { readonly ids?: readonly string[]; readonly at: string },
): Promise<readonly StoredStep[]> {
  const named = ids === undefined ? sql`true` : sql`id = any(${sql.param(ids)}::text[])`
  const rows = await rowsOf<StepRow>(
    tx,
    sql`update workflow_steps set state = 'cancelled', held_until = null, wake_at = null, due_at = null, ended_at = ${at}
        where ${ofOwner(tx, owner)} and ${named}
          and state in ('pending', 'running', 'waiting', 'outcome_unknown') returning *`,
  )
  return rows.map(toStep)
}

/** Says of failed steps that another visit took their place. */
export async function markReplayed(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await countOf(
    tx,
    sql`update workflow_steps set replayed = true
        where workspace_id = ${tx.workspace} and id = any(${sql.param(ids)}::text[]) and state = 'failed'`,
  )
}

/** A step by its id. */
export async function findStep(tx: Tx, id: string): Promise<StoredStep | undefined> {
  const row = await rowOf<StepRow>(
    tx,
    sql`select * from workflow_steps where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return row && toStep(row)
}

/** Whether somebody has claimed a step; held, so that until the transaction ends nobody begins one that has not begun. */
export async function hasBegun(tx: Tx, id: string): Promise<boolean> {
  const row = await rowOf<Pick<StepRow, 'started_at'>>(
    tx,
    sql`select started_at from workflow_steps where workspace_id = ${tx.workspace} and id = ${id} for update`,
  )
  return row !== undefined && row.started_at !== null
}

/** The first visit of a step of an owner. */
export async function findOwnedStep(tx: Tx, owner: StepOwner, name: string): Promise<StoredStep | undefined> {
  const row = await rowOf<StepRow>(
    tx,
    sql`select * from workflow_steps where ${ofOwner(tx, owner)} and step = ${name} and visit = 1`,
  )
  return row && toStep(row)
}

/** Steps by their ids. */
export async function findSteps(tx: Tx, ids: readonly string[]): Promise<readonly StoredStep[]> {
  if (ids.length === 0) return []
  const rows = await rowsOf<StepRow>(
    tx,
    sql`select * from workflow_steps where workspace_id = ${tx.workspace} and id = any(${sql.param(ids)}::text[])`,
  )
  return rows.map(toStep)
}

/** What a step came to, as far as that matters for how its owner goes on. */
export type WalkedRow = Pick<
  StoredStep,
  'id' | 'step' | 'visit' | 'parentId' | 'branch' | 'state' | 'output' | 'failure' | 'progress'
>

/** The steps of an owner, oldest first, without what was attempted. */
export function listWalkedSteps(tx: Tx, owner: StepOwner): Promise<readonly WalkedRow[]> {
  return rowsOf<WalkedRow>(
    tx,
    sql`select id, step, visit, parent_id as "parentId", branch, state, output, failure, progress from workflow_steps
        where ${ofOwner(tx, owner)} order by created_at, id`,
  )
}

/** The steps of an owner, oldest first. */
export async function listSteps(tx: Tx, owner: StepOwner): Promise<readonly StoredStep[]> {
  const rows = await rowsOf<StepRow>(
    tx,
    sql`select * from workflow_steps where ${ofOwner(tx, owner)} order by created_at, id`,
  )
  return rows.map(toStep)
}

/** Finds, as the system role, steps to look at: their time has come, or what they waited for is settled. */
export function findDueSteps(
  tx: Tx,
  at: string,
): Promise<readonly { readonly workspace: string; readonly id: string; readonly key: string }[]> {
  return rowsOf(
    tx,
    sql`select workspace_id as workspace, id, 'f' || fence as key from (
          (select workspace_id, id, fence from workflow_steps
            where state in ('pending', 'running', 'waiting') and wake_at <= ${at} order by wake_at limit 100)
          union
          (select s.workspace_id, s.id, s.fence from workflow_steps s join proposals p on p.id = s.proposal_id
            where s.state = 'waiting' and s.proposal_id is not null and p.state not in ('pending', 'executing')
              and (p.runnable_at is null or p.runnable_at <= ${at}) and (s.due_at is null or s.due_at <= ${at})
            order by p.decided_at, s.id limit 100)
          union
          -- What nobody knew a person has found out.
          (select s.workspace_id, s.id, s.fence from workflow_steps s join proposals p on p.id = s.proposal_id
            where s.state = 'outcome_unknown' and s.note = 'OUTCOME_UNKNOWN'
              and p.state in ('succeeded', 'failed') limit 100)) due`,
  )
}

function ofOwner(tx: Tx, owner: StepOwner): SQL {
  return sql`workspace_id = ${tx.workspace} and owner_kind = ${owner.kind} and owner_id = ${owner.id}`
}

function held(tx: Tx, { id, fence }: StepClaim): SQL {
  return sql`s.workspace_id = ${tx.workspace} and s.id = ${id} and s.fence = ${fence} and s.held_until is not null
    and s.state in ('pending', 'running', 'waiting', 'outcome_unknown')`
}

async function change(tx: Tx, claim: StepClaim, changes: SQL): Promise<boolean> {
  return (await countOf(tx, sql`update workflow_steps s set ${changes} where ${held(tx, claim)}`)) === 1
}

function toStep(row: StepRow): StoredStep {
  return {
    id: row.id,
    owner: { kind: row.owner_kind, id: row.owner_id },
    step: row.step,
    visit: row.visit,
    type: row.type,
    parentId: row.parent_id,
    branch: row.branch,
    trigger: row.trigger,
    settings: 'timeoutMs' in row.settings ? (row.settings as StepSettings) : null,
    askedBy: row.asked_by,
    state: row.state,
    attempts: row.attempts,
    fence: row.fence,
    proposalId: row.proposal_id,
    queueEntryId: row.queue_entry_id,
    output: row.output,
    failure: row.failure,
    note: row.note,
    progress: row.progress,
    replayed: row.replayed,
    dueAt: isoOf(row.due_at),
    createdAt: isoOf(row.created_at),
    startedAt: isoOf(row.started_at),
    endedAt: isoOf(row.ended_at),
  }
}

/** The approval step that a proposal is the question of. */
export async function findApprovalStep(tx: Tx, proposal: string): Promise<StoredStep | undefined> {
  const row = await rowOf<StepRow>(
    tx,
    sql`select s.* from workflow_steps s join proposals p on p.workspace_id = s.workspace_id and p.id = ${proposal}
        where s.workspace_id = ${tx.workspace} and s.type = 'approval' and p.action = s.trigger->>'action'
          and p.agent_id = s.trigger->>'agent'
          and p.idempotency_key like s.id || '.%' and s.id = split_part(p.idempotency_key, '.', 1)`,
  )
  return row && toStep(row)
}

/** What a step waits for; where its process had no time to note it, what was asked for under its key. */
export async function askedFor(
  tx: Tx,
  { id, attempts, trigger, proposalId, queueEntryId }: StoredStep,
): Promise<Pick<StoredStep, 'proposalId' | 'queueEntryId'>> {
  if (trigger === null || proposalId !== null || queueEntryId !== null) return { proposalId, queueEntryId }
  const key = keyOfTry({ id, attempts })
  const row = await rowOf<{ readonly proposal: string | null; readonly entry: string | null }>(
    tx,
    sql`select (select id from proposals where workspace_id = ${tx.workspace} and agent_id = ${trigger.agent}
            and idempotency_key = ${key} and state in ('pending', 'approved')) as proposal,
          (select id from supervised_queue where workspace_id = ${tx.workspace} and agent_id = ${trigger.agent}
            and idempotency_key = ${key} and state = 'pending') as entry`,
  )
  return { proposalId: row?.proposal ?? null, queueEntryId: row?.entry ?? null }
}
