import type { JsonObject, JsonValue } from '@preceptor/client'
import { countOf, isoOf, rowOf, rowsOf, type TimePlace, type Tx } from '@preceptor/core/plugin'
import { type SQL, sql } from 'drizzle-orm'
import type { Collaboration, CollaborationFailure, CollaborationMember } from '../client/collaboration.ts'
import { memberName } from './members.ts'
import type { StoredCollaboration } from './stored-collaboration.ts'

interface CollaborationRow {
  readonly id: string
  readonly mode: StoredCollaboration['mode']
  readonly task: string
  readonly settings: StoredCollaboration['settings']
  readonly state: StoredCollaboration['state']
  readonly input: JsonObject | null
  readonly output: JsonValue
  readonly failure: CollaborationFailure | null
  readonly context_version: number
  readonly messages: number
  readonly created_by: string
  readonly started_by: string | null
  readonly created_at: string
  readonly started_at: string | null
  readonly ended_at: string | null
  readonly is_busy: boolean
  readonly members: readonly Omit<CollaborationMember, 'name'>[]
}

const COLUMNS: SQL =
  sql.raw(`c.id, c.mode, c.task, c.settings, c.state, c.input, c.output, c.failure, c.context_version,
  c.messages, c.created_by, c.started_by, c.created_at, c.started_at, c.ended_at,
  exists (select from collaboration_turns t where t.collaboration_id = c.id and t.state = 'open') as is_busy,
  (select coalesce(jsonb_agg(jsonb_build_object('kind', m.kind, 'id', m.member_id, 'role', m.role, 'action', m.action)
    order by m.position), '[]') from collaboration_members m where m.collaboration_id = c.id) as members`)

/** Whose collaborations are asked for: those of an agent, or those without agents but these; nulls: all of the workspace. */
export interface Viewer {
  readonly agent: string | null
  readonly agents: readonly string[] | null
}

/** Writes a collaboration with its members and the first version of what they share. */
export async function insertCollaboration(
  tx: Tx,
  made: Pick<StoredCollaboration, 'id' | 'mode' | 'task' | 'settings' | 'createdBy' | 'createdAt' | 'members'>,
): Promise<void> {
  await countOf(
    tx,
    sql`insert into collaborations (id, workspace_id, mode, task, settings, created_by, created_at)
        values (${made.id}, ${tx.workspace}, ${made.mode}, ${made.task}, ${JSON.stringify(made.settings)}::jsonb,
          ${made.createdBy}, ${made.createdAt})`,
  )
  for (const member of made.members) await insertMember(tx, made.id, member)
}

/** Adds a member after all others; false for who is one. */
export async function insertMember(tx: Tx, collaboration: string, member: CollaborationMember): Promise<boolean> {
  const added = await countOf(
    tx,
    sql`insert into collaboration_members (workspace_id, collaboration_id, kind, member_id, role, action, position)
        select ${tx.workspace}, ${collaboration}, ${member.kind}, ${member.id}, ${member.role}, ${member.action},
          coalesce(max(position) + 1, 0) from collaboration_members where collaboration_id = ${collaboration}
        on conflict (collaboration_id, kind, member_id) do nothing`,
  )
  return added === 1
}

/** Takes a member out; false for who is none. */
export async function deleteMember(tx: Tx, collaboration: string, member: CollaborationMember): Promise<boolean> {
  const removed = await countOf(
    tx,
    sql`delete from collaboration_members where workspace_id = ${tx.workspace} and collaboration_id = ${collaboration}
          and kind = ${member.kind} and member_id = ${member.id}`,
  )
  return removed === 1
}

/** Finds a collaboration by id. */
export async function findCollaboration(tx: Tx, id: string): Promise<StoredCollaboration | undefined> {
  const row = await rowOf<CollaborationRow>(
    tx,
    sql`select ${COLUMNS} from collaborations c where c.workspace_id = ${tx.workspace} and c.id = ${id}`,
  )
  return row && toCollaboration(row)
}

/**
 * Finds a collaboration and holds it until the transaction ends. Whatever changes something of a collaboration holds it
 * first, so that its changes come one after the other.
 */
export async function holdCollaboration(tx: Tx, id: string): Promise<StoredCollaboration | undefined> {
  // Apart, because a row that was waited for is read as it was before.
  const held = await rowOf(
    tx,
    sql`select id from collaborations where workspace_id = ${tx.workspace} and id = ${id} for update`,
  )
  return held && findCollaboration(tx, id)
}

/** Reads collaborations, newest first; one more than the limit. */
export async function listCollaborations(
  tx: Tx,
  query: Viewer & {
    readonly mode: string | null
    readonly state: Collaboration['state'] | null
    readonly before: TimePlace | null
    readonly limit: number
  },
): Promise<readonly StoredCollaboration[]> {
  const { mode, state, before, limit } = query
  const rows = await rowsOf<CollaborationRow>(
    tx,
    sql`select * from (select ${COLUMNS} from collaborations c
          where c.workspace_id = ${tx.workspace} and ${isVisible(query, sql`c.id`)}
            and (${mode}::text is null or c.mode = ${mode})
            and (${before?.at ?? null}::timestamptz is null
              or (c.created_at, c.id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}::text))) shown
        where ${state}::text is null
          or ${state} = case when state = 'running' and not is_busy then 'waiting' else state end
        order by created_at desc, id desc limit ${limit + 1}`,
  )
  return rows.map(toCollaboration)
}

/** Whether somebody may see a collaboration, as a condition on its id. */
export function isVisible({ agent, agents }: Viewer, collaboration: SQL): SQL {
  return sql`(${agent}::text is null or exists (select from collaboration_members m
      where m.collaboration_id = ${collaboration} and m.kind = 'agent' and m.member_id = ${agent}))
    and (${sql.param(agents)}::text[] is null or not exists (select from collaboration_members m
      where m.collaboration_id = ${collaboration} and m.kind = 'agent'
        and m.member_id <> all(${sql.param(agents)}::text[])))`
}

/** Begins a collaboration; false when it has begun. */
export async function startCollaboration(
  tx: Tx,
  id: string,
  { input, by, at }: { readonly input: JsonObject; readonly by: string; readonly at: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update collaborations set state = 'running', input = ${JSON.stringify(input)}::jsonb, started_by = ${by},
          started_at = ${at}
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'open'`,
  )
  return changed === 1
}

/** Ends a collaboration; false when it is not in one of the states from which that is possible. */
export async function endCollaborationRow(
  tx: Tx,
  id: string,
  end: {
    readonly state: 'completed' | 'failed' | 'cancelled'
    readonly output: JsonValue
    readonly failure: CollaborationFailure | null
    readonly at: string
  },
): Promise<boolean> {
  const output = end.state === 'completed' ? JSON.stringify(end.output) : null
  const failure = end.failure === null ? null : JSON.stringify(end.failure)
  const changed = await countOf(
    tx,
    sql`update collaborations set state = ${end.state}, output = ${output}::jsonb, failure = ${failure}::jsonb,
          ended_at = ${end.at}
        where workspace_id = ${tx.workspace} and id = ${id}
          and (state = 'running' or state = 'open' and ${end.state}::text = 'cancelled')`,
  )
  return changed === 1
}

/** Counts one message more; gives its number, undefined when the collaboration ended. */
export async function countMessage(tx: Tx, id: string): Promise<number | undefined> {
  const row = await rowOf<{ readonly messages: number }>(
    tx,
    sql`update collaborations set messages = messages + 1
        where workspace_id = ${tx.workspace} and id = ${id} and state in ('open', 'running') returning messages`,
  )
  return row?.messages
}

/** Moves what is shared to its next version; false when it is at another one, or the collaboration ended. */
export async function moveContext(tx: Tx, id: string, base: number): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update collaborations set context_version = context_version + 1
        where workspace_id = ${tx.workspace} and id = ${id} and state in ('open', 'running')
          and context_version = ${base}`,
  )
  return changed === 1
}

function toCollaboration(row: CollaborationRow): StoredCollaboration {
  return {
    id: row.id,
    mode: row.mode,
    task: row.task,
    state: row.state,
    members: row.members.map((member) => ({ name: memberName(member), ...member })),
    contextVersion: row.context_version,
    input: row.input,
    output: row.output,
    failure: row.failure,
    createdBy: row.created_by,
    startedBy: row.started_by,
    createdAt: isoOf(row.created_at),
    startedAt: isoOf(row.started_at),
    endedAt: isoOf(row.ended_at),
    isBusy: row.is_busy,
    settings: row.settings,
    messages: row.messages,
  }
}
