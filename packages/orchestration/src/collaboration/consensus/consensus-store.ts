import type { JsonObject } from '@preceptor/client'
import { countOf, isoOf, rowOf, rowsOf, type TimePlace, type Tx } from '@preceptor/core/plugin'
import { type SQL, sql } from 'drizzle-orm'
import type { CollaborationMember } from '../../client/collaboration.ts'
import type { ConsensusDetail, Elector, Vote } from '../../client/consensus.ts'
import { isVisible, type Viewer } from '../collaboration-store.ts'
import { memberName } from '../members.ts'
import type { Question } from './consensus-rules.ts'

type MemberKey = Pick<CollaborationMember, 'kind' | 'id'>

interface ElectorRow extends MemberKey {
  readonly weight: number
  readonly was_called: boolean
  readonly has_voted: boolean
}

interface VoteRow extends MemberKey {
  readonly weight: number
  readonly option: string | null
  readonly reason: string | null
  readonly at: string
}

interface ConsensusRow {
  readonly id: string
  readonly collaboration_id: string
  readonly topic: string
  readonly options: readonly string[]
  readonly threshold: number
  readonly quorum: number
  readonly deadline: string
  readonly data: JsonObject
  readonly is_goal: boolean
  readonly state: ConsensusDetail['state']
  readonly option: string | null
  readonly opened_by: string
  readonly created_at: string
  readonly ended_at: string | null
  readonly electors: readonly ElectorRow[]
  readonly votes: readonly VoteRow[]
}

/** A vote as it is stored; its threshold is in basis points. */
export interface StoredConsensus extends Omit<ConsensusDetail, 'tally'>, Question {
  /** Whether its collaboration ends with it. */
  readonly isGoal: boolean
}

/** A vote that is opened. */
export interface NewConsensus
  extends Pick<StoredConsensus, 'id' | 'collaboration' | 'topic' | 'options' | 'threshold' | 'quorum' | 'deadline'>,
    Pick<StoredConsensus, 'data' | 'isGoal' | 'openedBy' | 'createdAt'> {
  readonly electors: readonly (MemberKey & { readonly weight: number })[]
}

// Silent is who was called and has come back without a vote.
const COLUMNS: SQL = sql.raw(`s.id, s.collaboration_id, s.topic, s.options, s.threshold, s.quorum, s.deadline, s.data,
  s.is_goal, s.state, s.option, s.opened_by, s.created_at, s.ended_at,
  (select coalesce(jsonb_agg(jsonb_build_object('kind', e.kind, 'id', e.member_id, 'weight', e.weight,
      'has_voted', exists (select from consensus_votes v
        where v.consensus_id = s.id and v.kind = e.kind and v.member_id = e.member_id),
      'was_called', e.kind = 'agent' and exists (select from collaboration_turns t
        where t.consensus_id = s.id and t.agent_id = e.member_id and t.state <> 'open')) order by e.position), '[]')
    from consensus_electors e where e.consensus_id = s.id) as electors,
  (select coalesce(jsonb_agg(jsonb_build_object('kind', v.kind, 'id', v.member_id, 'weight', v.weight, 'option', v.option,
      'reason', v.reason, 'at', v.created_at) order by v.created_at, v.kind, v.member_id), '[]')
    from consensus_votes v where v.consensus_id = s.id) as votes`)

/** Writes a vote with who can take part in it. */
export async function insertConsensus(tx: Tx, made: NewConsensus): Promise<void> {
  await countOf(
    tx,
    sql`insert into collaboration_consensus (id, workspace_id, collaboration_id, topic, options, threshold, quorum,
          deadline, data, is_goal, opened_by, created_at)
        values (${made.id}, ${tx.workspace}, ${made.collaboration}, ${made.topic}, ${sql.param(made.options)}::text[],
          ${made.threshold}, ${made.quorum}, ${made.deadline}, ${JSON.stringify(made.data)}::jsonb, ${made.isGoal},
          ${made.openedBy}, ${made.createdAt})`,
  )
  await countOf(
    tx,
    sql`insert into consensus_electors (workspace_id, consensus_id, kind, member_id, position, weight)
        select ${tx.workspace}, ${made.id}, e.one ->> 'kind', e.one ->> 'id', e.place::int - 1, (e.one ->> 'weight')::int
        from jsonb_array_elements(${JSON.stringify(made.electors)}::jsonb) with ordinality e (one, place)`,
  )
}

/** Finds a vote by id. */
export async function findConsensus(tx: Tx, id: string): Promise<StoredConsensus | undefined> {
  const row = await rowOf<ConsensusRow>(
    tx,
    sql`select ${COLUMNS} from collaboration_consensus s where s.workspace_id = ${tx.workspace} and s.id = ${id}`,
  )
  return row && toConsensus(row)
}

/** How many votes a collaboration has had. */
export async function countConsensus(tx: Tx, collaboration: string): Promise<number> {
  const row = await rowOf<{ readonly votes: number }>(
    tx,
    sql`select count(*)::int as votes from collaboration_consensus
        where workspace_id = ${tx.workspace} and collaboration_id = ${collaboration}`,
  )
  return row?.votes ?? 0
}

/** Reads votes, newest first; one more than the limit. */
export async function listConsensus(
  tx: Tx,
  query: Viewer & {
    readonly collaboration: string | null
    readonly state: string | null
    readonly before: TimePlace | null
    readonly limit: number
  },
): Promise<readonly StoredConsensus[]> {
  const { collaboration, state, before, limit } = query
  const rows = await rowsOf<ConsensusRow>(
    tx,
    sql`select ${COLUMNS} from collaboration_consensus s
        where s.workspace_id = ${tx.workspace} and ${isVisible(query, sql`s.collaboration_id`)}
          and (${collaboration}::text is null or s.collaboration_id = ${collaboration})
          and (${state}::text is null or s.state = ${state})
          and (${before?.at ?? null}::timestamptz is null
            or (s.created_at, s.id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}::text))
        order by s.created_at desc, s.id desc limit ${limit + 1}`,
  )
  return rows.map(toConsensus)
}

/** Writes what a member votes, with the weight that it has; false for who has voted, or has no vote. */
export async function insertVote(
  tx: Tx,
  vote: { readonly consensus: string; readonly member: MemberKey } & {
    readonly option: string | null
    readonly reason: string | null
    readonly at: string
  },
): Promise<boolean> {
  const { consensus, member } = vote
  const written = await countOf(
    tx,
    sql`insert into consensus_votes (workspace_id, consensus_id, kind, member_id, weight, option, reason, created_at)
        select ${tx.workspace}, consensus_id, kind, member_id, weight, ${vote.option}::text, ${vote.reason}::text,
          ${vote.at}::timestamptz
        from consensus_electors where workspace_id = ${tx.workspace} and consensus_id = ${consensus}
          and kind = ${member.kind} and member_id = ${member.id}
        on conflict (consensus_id, kind, member_id) do nothing`,
  )
  return written === 1
}

/** Ends a vote; false when it ended before. */
export async function endConsensus(
  tx: Tx,
  id: string,
  end: { readonly state: 'decided' | 'undecided'; readonly option: string | null; readonly at: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update collaboration_consensus set state = ${end.state}, option = ${end.option}, ended_at = ${end.at}
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'open'`,
  )
  return changed === 1
}

/** Cancels the open votes of a collaboration; gives their ids. */
export async function cancelConsensus(tx: Tx, collaboration: string, at: string): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly id: string }>(
    tx,
    sql`update collaboration_consensus set state = 'cancelled', ended_at = ${at}
        where workspace_id = ${tx.workspace} and collaboration_id = ${collaboration} and state = 'open' returning id`,
  )
  return rows.map(({ id }) => id)
}

/** Finds votes whose deadline is past, over all workspaces. */
export async function findDueConsensus(
  tx: Tx,
  at: string,
): Promise<readonly { readonly workspace: string; readonly id: string }[]> {
  return rowsOf(
    tx,
    sql`select workspace_id as workspace, id from collaboration_consensus
        where state = 'open' and deadline <= ${at} order by deadline limit 100`,
  )
}

function toConsensus(row: ConsensusRow): StoredConsensus {
  return {
    id: row.id,
    collaboration: row.collaboration_id,
    topic: row.topic,
    options: row.options,
    threshold: row.threshold,
    quorum: row.quorum,
    deadline: isoOf(row.deadline),
    data: row.data,
    isGoal: row.is_goal,
    state: row.state,
    option: row.option,
    openedBy: row.opened_by,
    createdAt: isoOf(row.created_at),
    endedAt: isoOf(row.ended_at),
    electors: row.electors.map(toElector),
    votes: row.votes.map(toVote),
  }
}

function toElector({ weight, has_voted, was_called, ...member }: ElectorRow): Elector {
  const silent = was_called ? 'silent' : 'open'
  return { member: memberName(member), weight, state: has_voted ? 'voted' : silent }
}

function toVote({ weight, option, reason, at, ...member }: VoteRow): Vote {
  return { member: memberName(member), option, weight, reason, createdAt: isoOf(at) }
}
