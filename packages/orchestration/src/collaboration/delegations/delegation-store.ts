import type { JsonValue } from '@preceptor/client'
import { countOf, isoOf, rowOf, rowsOf, type TimePlace, type Tx } from '@preceptor/core/plugin'
import { type SQL, sql } from 'drizzle-orm'
import type { CollaborationMember } from '../../client/collaboration.ts'
import type { Delegation } from '../../client/delegations.ts'
import type { MemberName } from '../../client/member-name.ts'
import { isVisible, type Viewer } from '../collaboration-store.ts'
import { memberName } from '../members.ts'

interface DelegationRow {
  readonly id: string
  readonly collaboration_id: string
  readonly from_name: string
  readonly to_kind: CollaborationMember['kind']
  readonly to_id: string
  readonly holders: readonly MemberName[]
  readonly task: string
  readonly priority: number
  readonly deadline_seconds: number | null
  readonly deadline: string | null
  readonly state: Delegation['state']
  readonly output: JsonValue
  readonly failure: Delegation['failure']
  readonly reassigned: number
  readonly is_retried: boolean
  readonly created_at: string
  readonly ended_at: string | null
}

/** A delegation as it is stored. */
export interface StoredDelegation extends Delegation {
  readonly member: Pick<CollaborationMember, 'kind' | 'id'>
  /** Everybody to whom it was given. */
  readonly holders: readonly MemberName[]
  readonly deadlineSeconds: number | null
  readonly isRetried: boolean
}

const COLUMNS: SQL = sql.raw(`d.id, d.collaboration_id, d.from_name, d.to_kind, d.to_id, d.holders, d.task, d.priority,
  d.deadline_seconds, d.deadline, d.state, d.output, d.failure, d.reassigned, d.is_retried, d.created_at, d.ended_at`)

/** Writes a delegation after those of its collaboration. */
export async function insertDelegation(
  tx: Tx,
  made: Pick<StoredDelegation, 'id' | 'collaboration' | 'from' | 'member' | 'task' | 'priority' | 'deadlineSeconds'> &
    Pick<StoredDelegation, 'deadline' | 'createdAt'>,
): Promise<void> {
  await countOf(
    tx,
    sql`insert into collaboration_delegations (id, workspace_id, collaboration_id, position, from_name, to_kind, to_id,
          holders, task, priority, deadline_seconds, deadline, created_at)
        select ${made.id}, ${tx.workspace}, ${made.collaboration}, count(*)::int, ${made.from}, ${made.member.kind},
          ${made.member.id}, array[${memberName(made.member)}::text], ${made.task}, ${made.priority}::int,
          ${made.deadlineSeconds}::int, ${made.deadline}::timestamptz, ${made.createdAt}::timestamptz
        from collaboration_delegations where collaboration_id = ${made.collaboration}`,
  )
}

/** Finds a delegation by id. */
export async function findDelegation(tx: Tx, id: string): Promise<StoredDelegation | undefined> {
  const row = await rowOf<DelegationRow>(
    tx,
    sql`select ${COLUMNS} from collaboration_delegations d where d.workspace_id = ${tx.workspace} and d.id = ${id}`,
  )
  return row && toDelegation(row)
}

/** Reads the delegations of a collaboration, the highest priority first, then in the order in which they were made. */
export async function delegationsOf(tx: Tx, collaboration: string): Promise<readonly StoredDelegation[]> {
  const rows = await rowsOf<DelegationRow>(
    tx,
    sql`select ${COLUMNS} from collaboration_delegations d
        where d.workspace_id = ${tx.workspace} and d.collaboration_id = ${collaboration}
        order by d.priority desc, d.position`,
  )
  return rows.map(toDelegation)
}

/** Reads delegations, newest first; one more than the limit. */
export async function listDelegations(
  tx: Tx,
  query: Viewer & {
    readonly collaboration: string | null
    readonly to: string | null
    readonly state: string | null
    readonly before: TimePlace | null
    readonly limit: number
  },
): Promise<readonly StoredDelegation[]> {
  const { collaboration, to, state, before, limit } = query
  const rows = await rowsOf<DelegationRow>(
    tx,
    sql`select ${COLUMNS} from collaboration_delegations d
        where d.workspace_id = ${tx.workspace} and ${isVisible(query, sql`d.collaboration_id`)}
          and (${collaboration}::text is null or d.collaboration_id = ${collaboration})
          and (${to}::text is null or d.to_kind || ':' || d.to_id = ${to})
          and (${state}::text is null or d.state = ${state})
          and (${before?.at ?? null}::timestamptz is null
            or (d.created_at, d.id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}::text))
        order by d.created_at desc, d.id desc limit ${limit + 1}`,
  )
  return rows.map(toDelegation)
}

/** Notes that somebody is at it; false when it does not wait. */
export async function beginDelegation(tx: Tx, id: string): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update collaboration_delegations set state = 'running'
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'pending'`,
  )
  return changed === 1
}

/** Ends a delegation; false when it ended before. */
export async function endDelegation(
  tx: Tx,
  id: string,
  end: {
    readonly state: 'completed' | 'failed'
    readonly output: JsonValue
    readonly failure: Delegation['failure']
    readonly at: string
  },
): Promise<boolean> {
  const output = end.state === 'completed' ? JSON.stringify(end.output) : null
  const failure = end.failure === null ? null : JSON.stringify(end.failure)
  const changed = await countOf(
    tx,
    sql`update collaboration_delegations set state = ${end.state}, output = ${output}::jsonb,
          failure = ${failure}::jsonb, ended_at = ${end.at}
        where workspace_id = ${tx.workspace} and id = ${id} and state in ('pending', 'running')`,
  )
  return changed === 1
}

/** Gives a delegation to another member, by whom it is then begun; false when it ended before. */
export async function giveDelegation(
  tx: Tx,
  id: string,
  change: {
    readonly member: Pick<CollaborationMember, 'kind' | 'id'>
    readonly deadline: string | null
    readonly isRetry: boolean
  },
): Promise<boolean> {
  const { member, deadline, isRetry } = change
  const changed = await countOf(
    tx,
    sql`update collaboration_delegations set state = 'pending', to_kind = ${member.kind}, to_id = ${member.id},
          holders = array_append(holders, ${memberName(member)}::text), deadline = ${deadline}::timestamptz,
          reassigned = reassigned + 1, is_retried = is_retried or ${isRetry}::boolean
        where workspace_id = ${tx.workspace} and id = ${id} and state in ('pending', 'running')`,
  )
  return changed === 1
}

/** Cancels the delegations of a collaboration that have not ended; gives them. */
export async function cancelDelegations(
  tx: Tx,
  collaboration: string,
  at: string,
): Promise<readonly StoredDelegation[]> {
  const rows = await rowsOf<DelegationRow>(
    tx,
    sql`update collaboration_delegations d set state = 'cancelled', ended_at = ${at}
        where d.workspace_id = ${tx.workspace} and d.collaboration_id = ${collaboration}
          and d.state in ('pending', 'running') returning ${COLUMNS}`,
  )
  return rows.map(toDelegation)
}

/** Finds delegations whose deadline is past, over all workspaces. */
export async function findOverdue(
  tx: Tx,
  at: string,
): Promise<readonly { readonly workspace: string; readonly id: string }[]> {
  return rowsOf(
    tx,
    sql`select workspace_id as workspace, id from collaboration_delegations
        where state in ('pending', 'running') and deadline <= ${at} order by deadline limit 100`,
  )
}

function toDelegation(row: DelegationRow): StoredDelegation {
  const member = { kind: row.to_kind, id: row.to_id }
  return {
    id: row.id,
    collaboration: row.collaboration_id,
    from: row.from_name,
    to: memberName(member),
    member,
    holders: row.holders,
    task: row.task,
    priority: row.priority,
    deadlineSeconds: row.deadline_seconds,
    deadline: isoOf(row.deadline),
    state: row.state,
    output: row.output,
    failure: row.failure,
    reassigned: row.reassigned,
    isRetried: row.is_retried,
    createdAt: isoOf(row.created_at),
    endedAt: isoOf(row.ended_at),
  }
}

/** A delegation as it is shown. */
export function shownDelegation({
  member: _,
  holders: __,
  deadlineSeconds: ___,
  isRetried: ____,
  ...delegation
}: StoredDelegation): Delegation {
  return delegation
}
