import type { JsonValue } from '@preceptor/client'
import { countOf, isoOf, rowOf, rowsOf, type Tx } from '@preceptor/core/plugin'
import { type SQL, sql } from 'drizzle-orm'
import type { CollaborationTurn } from '../client/collaboration.ts'
import { memberName } from './members.ts'

interface TurnRow {
  readonly id: string
  readonly collaboration_id: string
  readonly phase: CollaborationTurn['phase']
  readonly agent_id: string
  readonly delegation_id: string | null
  readonly consensus_id: string | null
  readonly state: CollaborationTurn['state']
  readonly output: JsonValue
  readonly failure: CollaborationTurn['failure']
  readonly created_at: string
  readonly ended_at: string | null
}

/** A call of a member, before it ends. */
export interface NewTurn {
  readonly id: string
  readonly collaboration: string
  readonly phase: CollaborationTurn['phase']
  readonly agent: string
  readonly position: number
  readonly delegation: string | null
  readonly consensus: string | null
  readonly at: string
}

const COLUMNS: SQL =
  sql.raw(`id, collaboration_id, phase, agent_id, delegation_id, consensus_id, state, output, failure,
  created_at, ended_at`)

/** Writes a call. */
export async function insertTurn(tx: Tx, turn: NewTurn): Promise<void> {
  await countOf(
    tx,
    sql`insert into collaboration_turns (id, workspace_id, collaboration_id, phase, agent_id, position, delegation_id,
          consensus_id, created_at)
        values (${turn.id}, ${tx.workspace}, ${turn.collaboration}, ${turn.phase}, ${turn.agent}, ${turn.position},
          ${turn.delegation}, ${turn.consensus}, ${turn.at})`,
  )
}

/** How many calls there were. */
export async function countTurns(tx: Tx, collaboration: string): Promise<number> {
  const row = await rowOf<{ readonly turns: number }>(
    tx,
    sql`select count(*)::int as turns from collaboration_turns
        where workspace_id = ${tx.workspace} and collaboration_id = ${collaboration}`,
  )
  return row?.turns ?? 0
}

/** Ends a call; undefined when it ended before, or is none. */
export async function endTurn(
  tx: Tx,
  id: string,
  end: {
    readonly state: 'succeeded' | 'failed'
    readonly output: JsonValue
    readonly failure: CollaborationTurn['failure']
    readonly at: string
  },
): Promise<CollaborationTurn | undefined> {
  const output = end.state === 'succeeded' ? JSON.stringify(end.output) : null
  const failure = end.failure === null ? null : JSON.stringify(end.failure)
  const row = await rowOf<TurnRow>(
    tx,
    sql`update collaboration_turns set state = ${end.state}, output = ${output}::jsonb, failure = ${failure}::jsonb,
          ended_at = ${end.at}
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'open' returning ${COLUMNS}`,
  )
  return row && toTurn(row)
}

/** Which open calls are meant; nulls: all of the collaboration. */
interface OpenTurns {
  readonly collaboration: string
  readonly delegation?: string
  readonly consensus?: string
}

/** The step of the open call about a delegation. */
export async function findOpenTurn(tx: Tx, delegation: string): Promise<string | undefined> {
  const row = await rowOf<{ readonly id: string }>(
    tx,
    sql`select id from collaboration_turns
        where workspace_id = ${tx.workspace} and delegation_id = ${delegation} and state = 'open'`,
  )
  return row?.id
}

/** Cancels open calls; gives their ids. */
export async function cancelTurns(
  tx: Tx,
  { collaboration, delegation, consensus }: OpenTurns,
  at: string,
): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly id: string }>(
    tx,
    sql`update collaboration_turns set state = 'cancelled', ended_at = ${at}
        where workspace_id = ${tx.workspace} and collaboration_id = ${collaboration} and state = 'open'
          and (${delegation ?? null}::text is null or delegation_id = ${delegation ?? null})
          and (${consensus ?? null}::text is null or consensus_id = ${consensus ?? null})
        returning id`,
  )
  return rows.map(({ id }) => id)
}

/** Reads the calls of a collaboration, oldest first. */
export async function listTurns(tx: Tx, collaboration: string): Promise<readonly CollaborationTurn[]> {
  const rows = await rowsOf<TurnRow>(
    tx,
    sql`select ${COLUMNS} from collaboration_turns
        where workspace_id = ${tx.workspace} and collaboration_id = ${collaboration} order by position`,
  )
  return rows.map(toTurn)
}

function toTurn(row: TurnRow): CollaborationTurn {
  return {
    id: row.id,
    phase: row.phase,
    member: memberName({ kind: 'agent', id: row.agent_id }),
    about: row.delegation_id ?? row.consensus_id,
    state: row.state,
    output: row.output,
    failure: row.failure,
    startedAt: isoOf(row.created_at),
    endedAt: isoOf(row.ended_at),
  }
}
