import type { JsonObject, Risk } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** How often the run of an entry is claimed at most. */
export const MOST_ATTEMPTS = 3

/** An entry that a worker runs, with all that its attempt is made of. */
export interface RunnableEntry {
  readonly id: string
  readonly agent: string
  readonly ownerId: string
  readonly action: string
  readonly digest: string
  readonly args: JsonObject
  readonly argsHash: string
  readonly risk: Risk
  readonly idempotencyKey: string
  readonly source: string
  readonly type: string | null
  readonly resource: string | null
  readonly delegation: readonly string[]
  readonly askedBy: string
  readonly sessionId: string | null
  /** The step of that session: id of the decision of its run. */
  readonly stepId: string | null
  readonly attempt: number
  readonly expiresAt: string
}

interface RunnableRow {
  readonly id: string
  readonly agent_id: string
  readonly owner_id: string
  readonly action: string
  readonly digest: string
  readonly args: JsonObject
  readonly args_hash: string
  readonly risk: Risk
  readonly idempotency_key: string
  readonly source: string
  readonly type: string | null
  readonly resource: string | null
  readonly delegation: readonly string[]
  readonly asked_by: string | null
  readonly session_id: string | null
  readonly step_id: string | null
  readonly attempt: number
  readonly expires_at: string
}

/** Entries that a worker with some actions may care for. */
export interface RunnableQuery {
  readonly digests: readonly string[]
  /** ISO 8601, UTC. */
  readonly at: string
  readonly limit: number
}

const COLUMNS: SQL = sql.raw(`q.id, q.agent_id, a.owner_id, q.action, q.digest, q.args, q.args_hash, q.idempotency_key,
  q.risk, q.source, q.type, q.resource, q.delegation, q.asked_by, q.session_id, q.step_id, q.attempt, q.expires_at`)

/** Entries that may run at all, of the actions that are asked about. */
const runnable = (tx: Tx, { digests, at }: Omit<RunnableQuery, 'limit'>): SQL => sql`
  q.workspace_id = ${tx.workspace} and q.state = 'pending' and q.executor = 'registered'
  and q.expires_at > ${at}::timestamptz and q.attempt < ${MOST_ATTEMPTS}
  and q.digest = any(${sql.param(digests)}::text[])`

/** Entries that nobody has been asked to watch yet. */
const unoffered = (at: string): SQL =>
  sql`q.session_id is null and (q.not_before is null or q.not_before <= ${at}::timestamptz)`

/** Whether the session `s` is watched. */
const watched = (at: string): SQL =>
  sql`s.state in ('running', 'correcting') and s.supervisor_lease_expires_at > ${at}::timestamptz`

/** Whether who watches did not let the run `q` begin. */
const WITHHELD: SQL = sql.raw(`exists (select from session_steps t where t.id = q.step_id and t.state = 'withheld')`)

/** Entries whose offer came to nothing: nobody attached in time, the session has ended, or somebody objected. */
const lapsed = (tx: Tx, at: string): SQL => sql`
  q.workspace_id = ${tx.workspace} and q.state = 'pending' and q.session_id is not null
  and (s.ended_at is not null or ${WITHHELD} or (q.offered_until <= ${at}::timestamptz
    and (s.supervisor_lease_expires_at is null or s.supervisor_lease_expires_at <= ${at}::timestamptz)))`

/** What there is to do for a worker: who could be asked, what could be withdrawn, and what is watched and can run. */
export async function lookAtQueue(
  tx: Tx,
  query: RunnableQuery,
): Promise<{ readonly offers: boolean; readonly withdrawals: boolean; readonly ready: readonly RunnableEntry[] }> {
  const { at, limit } = query
  const rows = await rowsOf<RunnableRow>(
    tx,
    sql`select ${COLUMNS} from supervised_queue q
        join agents a on a.workspace_id = q.workspace_id and a.id = q.agent_id
        join supervision_sessions s on s.id = q.session_id
        where ${runnable(tx, query)} and q.session_id is not null and ${watched(at)}
        order by q.priority desc, q.created_at, q.id limit ${limit}`,
  )
  const rest = await rowOf<{ readonly offers: boolean; readonly withdrawals: boolean }>(
    tx,
    sql`select exists (select from supervised_queue q where ${runnable(tx, query)} and ${unoffered(at)}) as offers,
          exists (select from supervised_queue q join supervision_sessions s on s.id = q.session_id
            where ${lapsed(tx, at)}) as withdrawals`,
  )
  return { offers: rest?.offers === true, withdrawals: rest?.withdrawals === true, ready: rows.map(toRunnable) }
}

/** Lets one process at a time offer entries of the workspace, until the transaction ends. */
export async function holdOffers(tx: Tx): Promise<void> {
  const name = JSON.stringify(['preceptor', tx.workspace, 'queue'])
  await rowsOf(tx, sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))::text`)
}

/** Entries that may be offered to one of some users, or to reviewers because to none of them, by priority and then by age. */
export async function listOfferable(
  tx: Tx,
  query: RunnableQuery & {
    readonly users: readonly string[]
    readonly separationOfDuties: boolean
    readonly to: 'users' | 'reviewers'
  },
): Promise<readonly RunnableEntry[]> {
  const { users, separationOfDuties, to } = query
  const allowed = sql`exists (select from unnest(${sql.param(users)}::text[]) as free (id)
    where not ${separationOfDuties}::boolean or free.id <> a.owner_id)`
  const rows = await rowsOf<RunnableRow>(
    tx,
    sql`select ${COLUMNS} from supervised_queue q
        join agents a on a.workspace_id = q.workspace_id and a.id = q.agent_id
        where ${runnable(tx, query)} and ${unoffered(query.at)}
          and ${to === 'users' ? allowed : sql`q.risk in ('safe', 'medium') and not ${allowed}`}
        order by q.priority desc, q.created_at, q.id limit ${query.limit}`,
  )
  return rows.map(toRunnable)
}

/** Notes to whom the session of an entry is offered; false when the entry is not free any more. */
export async function writeOffer(
  tx: Tx,
  offer: {
    readonly id: string
    /** Null for whichever reviewer comes. */
    readonly to: string | null
    readonly sessionId: string
    readonly stepId: string
    readonly until: string
  },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update supervised_queue set session_id = ${offer.sessionId}, step_id = ${offer.stepId}, offered_to = ${offer.to},
          offered_until = ${offer.until}, reason = null
        where workspace_id = ${tx.workspace} and id = ${offer.id} and state = 'pending' and session_id is null`,
  )
  return changed === 1
}

/** Puts an entry aside for a while; its session, if it had one, is its no more. */
export async function setAside(
  tx: Tx,
  aside: { readonly id: string; readonly until: string; readonly reason: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update supervised_queue set session_id = null, step_id = null, offered_to = null, offered_until = null,
          not_before = ${aside.until}, reason = ${aside.reason}
        where workspace_id = ${tx.workspace} and id = ${aside.id} and state = 'pending'`,
  )
  return changed === 1
}

/** An offer that came to nothing. */
export interface LapsedOffer {
  readonly id: string
  readonly agent: string
  readonly sessionId: string
  /** Whether who watched ended the run, or objected to it, before it began. */
  readonly isRefused: boolean
}

/** Holds offers that came to nothing; what another transaction holds is left. */
export async function lockLapsed(
  tx: Tx,
  { at, limit }: { readonly at: string; readonly limit: number },
): Promise<readonly LapsedOffer[]> {
  const rows = await rowsOf<{
    readonly id: string
    readonly agent_id: string
    readonly session_id: string
    readonly is_refused: boolean
  }>(
    tx,
    sql`select q.id, q.agent_id, q.session_id, s.state = 'terminated' or ${WITHHELD} as is_refused
        from supervised_queue q
        join supervision_sessions s on s.id = q.session_id
        where ${lapsed(tx, at)} order by q.offered_until limit ${limit} for update of q skip locked`,
  )
  return rows.map(({ id, agent_id: agent, session_id: sessionId, is_refused: isRefused }) => ({
    id,
    agent,
    sessionId,
    isRefused,
  }))
}

/** Finds the workspaces with offers that may have come to nothing. */
export async function findOffers(tx: Tx, at: string): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly workspace_id: string }>(
    tx,
    sql`select distinct workspace_id from supervised_queue
        where state = 'pending' and session_id is not null and offered_until <= ${at}::timestamptz`,
  )
  return rows.map((row) => row.workspace_id)
}

function toRunnable(row: RunnableRow): RunnableEntry {
  return {
    id: row.id,
    agent: row.agent_id,
    ownerId: row.owner_id,
    action: row.action,
    digest: row.digest,
    args: row.args,
    argsHash: row.args_hash,
    risk: row.risk,
    idempotencyKey: row.idempotency_key,
    source: row.source,
    type: row.type,
    resource: row.resource,
    delegation: row.delegation,
    askedBy: row.asked_by ?? `agent:${row.agent_id}`,
    sessionId: row.session_id,
    stepId: row.step_id,
    attempt: row.attempt,
    expiresAt: isoOf(row.expires_at),
  }
}
