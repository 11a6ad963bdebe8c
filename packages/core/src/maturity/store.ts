import { type ConfidenceEntry, MATURITIES, type Maturity, type MaturityTransition } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { holdForChange } from '../database/hold.ts'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { TimePlace } from '../kernel/pagination.ts'
import type { DetectorState } from './change-detector.ts'
import { floorOf, stepUp } from './levels.ts'

/** A record by its key; `*` is the whole agent. */
export interface RecordKey {
  readonly agent: string
  readonly capability: string
}

/** What an agent has earned at a capability. */
export interface MaturityRecord extends RecordKey {
  readonly maturity: Maturity
  /** Basis points. */
  readonly confidence: number
  /** What the change detector has seen since the last transition; null when nothing. */
  readonly detector: DetectorState | null
}

interface RecordRow {
  readonly agent_id: string
  readonly capability: string
  readonly maturity: Maturity
  readonly confidence: number
  readonly detector: DetectorState | null
}

const columns = sql`agent_id, capability, maturity, confidence, detector`

function toRecord(row: RecordRow): MaturityRecord {
  const { agent_id: agent, capability, maturity, confidence, detector } = row
  return { agent, capability, maturity, confidence, detector }
}

/** Finds a record. */
export async function findRecord(
  tx: Tx,
  key: { readonly agent: string; readonly capability: string },
): Promise<MaturityRecord | undefined> {
  const row = await rowOf<RecordRow>(
    tx,
    sql`select ${columns} from maturity_records
        where workspace_id = ${tx.workspace} and agent_id = ${key.agent} and capability = ${key.capability}`,
  )
  return row && toRecord(row)
}

/** Reads a record and holds it until the transaction ends, so that no other evidence slips in between. */
export async function lockRecord(
  tx: Tx,
  key: { readonly agent: string; readonly capability: string },
): Promise<MaturityRecord | undefined> {
  const holding = holdForChange(tx, key.agent)
  // Behind the hold: it sees what was committed while that waited.
  const reading = rowOf<RecordRow>(
    tx,
    sql`select ${columns} from maturity_records
        where workspace_id = ${tx.workspace} and agent_id = ${key.agent} and capability = ${key.capability}
        for update`,
  )
  const [row] = await Promise.all([reading, holding])
  return row && toRecord(row)
}

/** A record of a capability that an agent has not shown yet, and the entry that its ledger opens with. */
export interface NewRecord {
  readonly agent: string
  readonly capability: string
  /** Basis points. */
  readonly confidence: number
  readonly entryId: string
  readonly actor: string
  readonly at: string
}

/**
 * Opens the record of a student at a capability, who is that since the agent is there: what the record is opened for counts
 * at it. False when it is there, or when there is no such agent.
 */
export async function insertRecord(tx: Tx, record: NewRecord): Promise<boolean> {
  const inserted = await countOf(
    tx,
    sql`with record as (
          insert into maturity_records (workspace_id, agent_id, capability, maturity, confidence, maturity_since,
            updated_at)
          select ${tx.workspace}, id, ${record.capability}, 'student', ${record.confidence}::int,
            created_at, ${record.at}::timestamptz
          from agents where workspace_id = ${tx.workspace} and id = ${record.agent}
          on conflict do nothing
          returning agent_id, capability
        )
        insert into confidence_entries (id, workspace_id, agent_id, capability, kind, requested, applied, confidence,
          source_type, source_id, actor, reason, created_at)
        select ${record.entryId}, ${tx.workspace}, agent_id, capability, 'registration', ${record.confidence}::int,
          ${record.confidence}::int, ${record.confidence}::int, 'registration', capability, ${record.actor},
          'First shown.', ${record.at}::timestamptz from record`,
  )
  return inserted === 1
}

/** Reads every record of an agent, that of the agent as a whole first; the caller holds the agent. */
export async function listRecords(tx: Tx, agent: string): Promise<readonly MaturityRecord[]> {
  const rows = await rowsOf<RecordRow>(
    tx,
    sql`select ${columns} from maturity_records where workspace_id = ${tx.workspace} and agent_id = ${agent}
        order by capability <> '*', capability for update`,
  )
  return rows.map(toRecord)
}

/** Lists the records in force of which the confidence is not that of their level, after a key in their order. */
export async function listOutOfBand(
  tx: Tx,
  query: {
    readonly trust: 'agent' | 'capability'
    readonly after: RecordKey
    readonly limit: number
  },
): Promise<readonly RecordKey[]> {
  const isInBand = sql.join(
    MATURITIES.map((maturity) => {
      const upper = stepUp(maturity)
      const end = upper === undefined ? 10_001 : floorOf(upper)
      return sql`(m.maturity = ${maturity} and m.confidence >= ${floorOf(maturity)} and m.confidence < ${end})`
    }),
    sql` or `,
  )
  return rowsOf(
    tx,
    sql`select m.agent_id as agent, m.capability from maturity_records m
        join agents a on a.workspace_id = m.workspace_id and a.id = m.agent_id and a.lifecycle <> 'retired'
        where m.workspace_id = ${tx.workspace} and (m.capability = '*') = ${query.trust === 'agent'}
          and (m.agent_id, m.capability) > (${query.after.agent}, ${query.after.capability}) and not (${isInBand})
        order by m.agent_id, m.capability limit ${query.limit}`,
  )
}

/** Whether somebody vouched for what an agent has shown at a capability since its last transition. */
export async function hasVouched(
  tx: Tx,
  query: { readonly agent: string; readonly capability: string; readonly by: string },
): Promise<boolean> {
  const row = await rowOf(
    tx,
    sql`select 1 from evidence e join maturity_records m on m.workspace_id = e.workspace_id and m.agent_id = e.agent_id
          and m.capability = e.capability
        where e.workspace_id = ${tx.workspace} and e.agent_id = ${query.agent} and e.capability = ${query.capability}
          and e.created_at > m.maturity_since and ${query.by} = any(e.reviewers) limit 1`,
  )
  return row !== undefined
}

/** Stores what the change detector has seen; the record is locked by the caller. */
export async function updateDetector(tx: Tx, record: MaturityRecord, detector: DetectorState): Promise<void> {
  await countOf(
    tx,
    sql`update maturity_records set detector = ${JSON.stringify(detector)}::jsonb
        where workspace_id = ${tx.workspace} and agent_id = ${record.agent} and capability = ${record.capability}`,
  )
}

/** Writes one row of the ledger; false when this source was counted before. */
export async function insertEntry(tx: Tx, entry: ConfidenceEntry): Promise<boolean> {
  const inserted = await countOf(
    tx,
    sql`insert into confidence_entries (id, workspace_id, agent_id, capability, kind, requested, applied, confidence,
          source_type, source_id, actor, reason, created_at)
        values (${entry.id}, ${tx.workspace}, ${entry.agent}, ${entry.capability}, ${entry.kind}, ${entry.requested},
          ${entry.applied}, ${entry.confidence}, ${entry.sourceType}, ${entry.sourceId}, ${entry.actor},
          ${entry.reason}, ${entry.createdAt})
        on conflict (workspace_id, agent_id, capability, source_type, source_id) do nothing`,
  )
  return inserted === 1
}

/** Writes rows of the ledger of one agent; false when a source was counted before. */
export async function insertEntries(tx: Tx, entries: readonly ConfidenceEntry[]): Promise<boolean> {
  const column = <Key extends keyof ConfidenceEntry>(key: Key): SQL => sql`${sql.param(entries.map((e) => e[key]))}`
  const inserted = await countOf(
    tx,
    sql`insert into confidence_entries (id, workspace_id, agent_id, capability, kind, requested, applied, confidence,
          source_type, source_id, actor, reason, created_at)
        select id, ${tx.workspace}, agent_id, capability, kind, requested, applied, confidence, source_type, source_id,
          actor, reason, created_at
        from unnest(${column('id')}::text[], ${column('agent')}::text[], ${column('capability')}::text[],
          ${column('kind')}::text[], ${column('requested')}::int[], ${column('applied')}::int[],
          ${column('confidence')}::int[], ${column('sourceType')}::text[], ${column('sourceId')}::text[],
          ${column('actor')}::text[], ${column('reason')}::text[], ${column('createdAt')}::timestamptz[]
        ) as new (id, agent_id, capability, kind, requested, applied, confidence, source_type, source_id, actor, reason,
          created_at)
        on conflict (workspace_id, agent_id, capability, source_type, source_id) do nothing`,
  )
  return inserted === entries.length
}

/** Stores the new sum of the ledger; the record is locked by the caller. */
export async function updateConfidence(
  tx: Tx,
  record: MaturityRecord,
  change: { readonly confidence: number; readonly at: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update maturity_records set confidence = ${change.confidence}, updated_at = ${change.at}
        where workspace_id = ${tx.workspace} and agent_id = ${record.agent} and capability = ${record.capability}
          and confidence = ${record.confidence}`,
  )
  return changed === 1
}

/**
 * Stores what some facts came to, at each of the records that they were counted at: the new sum of the ledger and what the
 * change detector has seen. The agent is held by the caller; false when one of the records is not what it was.
 */
export async function updateRecords(
  tx: Tx,
  change: {
    readonly agent: string
    readonly changes: readonly { readonly before: MaturityRecord; readonly after: MaturityRecord }[]
    readonly at: string
  },
): Promise<boolean> {
  const before = change.changes.map((one) => one.before)
  const after = change.changes.map((one) => one.after)
  const detectors = after.map(({ detector }) => (detector === null ? null : JSON.stringify(detector)))
  const changed = await countOf(
    tx,
    sql`update maturity_records m set confidence = new.confidence, detector = new.detector::jsonb,
          updated_at = ${change.at}
        from unnest(${sql.param(before.map(({ capability }) => capability))}::text[],
          ${sql.param(before.map(({ confidence }) => confidence))}::int[],
          ${sql.param(after.map(({ confidence }) => confidence))}::int[], ${sql.param(detectors)}::text[]
        ) as new (capability, confidence_before, confidence, detector)
        where m.workspace_id = ${tx.workspace} and m.agent_id = ${change.agent} and m.capability = new.capability
          and m.confidence = new.confidence_before`,
  )
  return changed === change.changes.length
}

/** Writes the transition and, guarded by the level it leaves, the new maturity. */
export async function insertTransition(
  tx: Tx,
  transition: MaturityTransition & { readonly evidence: readonly string[] },
): Promise<boolean> {
  await countOf(
    tx,
    sql`insert into maturity_transitions (id, workspace_id, agent_id, capability, from_maturity, to_maturity, cause,
          evidence, actor, reason, created_at)
        values (${transition.id}, ${tx.workspace}, ${transition.agent}, ${transition.capability}, ${transition.from},
          ${transition.to}, ${transition.cause}, ${JSON.stringify(transition.evidence)}::jsonb, ${transition.actor},
          ${transition.reason}, ${transition.createdAt})`,
  )
  const changed = await countOf(
    tx,
    sql`update maturity_records
        set maturity = ${transition.to}, detector = null, maturity_since = ${transition.createdAt}, updated_at = ${transition.createdAt}
        where workspace_id = ${tx.workspace} and agent_id = ${transition.agent}
          and capability = ${transition.capability} and maturity = ${transition.from}`,
  )
  return changed === 1
}

/** A page of what was written of an agent. */
export interface LedgerPage {
  readonly agent: string
  /** Only this one; `*` is the whole agent. */
  readonly capability?: string | undefined
  readonly before: TimePlace | null
  readonly limit: number
}

function isOfCapability({ capability }: LedgerPage): SQL {
  const only = capability ?? null
  return sql`(${only}::text is null or capability = ${only})`
}

/** Reads a page of the ledger, newest first, one more than the limit. */
export async function listEntries(tx: Tx, query: LedgerPage): Promise<readonly ConfidenceEntry[]> {
  const rows = await rowsOf<EntryRow>(
    tx,
    sql`select * from confidence_entries where workspace_id = ${tx.workspace} and agent_id = ${query.agent}
          and ${isOfCapability(query)}
          and (${query.before?.at ?? null}::timestamptz is null
            or (created_at, id) < (${query.before?.at ?? null}::timestamptz, ${query.before?.id ?? null}))
        order by created_at desc, id desc limit ${query.limit + 1}`,
  )
  return rows.map(toEntry)
}

/** Reads a page of transitions, newest first, one more than the limit. */
export async function listTransitions(tx: Tx, query: LedgerPage): Promise<readonly MaturityTransition[]> {
  const rows = await rowsOf<TransitionRow>(
    tx,
    sql`select * from maturity_transitions where workspace_id = ${tx.workspace} and agent_id = ${query.agent}
          and ${isOfCapability(query)}
          and (${query.before?.at ?? null}::timestamptz is null
            or (created_at, id) < (${query.before?.at ?? null}::timestamptz, ${query.before?.id ?? null}))
        order by created_at desc, id desc limit ${query.limit + 1}`,
  )
  return rows.map(toTransition)
}

interface EntryRow {
  readonly id: string
  readonly agent_id: string
  readonly capability: string
  readonly kind: string
  readonly requested: number
  readonly applied: number
  readonly confidence: number
  readonly source_type: string
  readonly source_id: string
  readonly actor: string
  readonly reason: string
  readonly created_at: string
}

function toEntry(row: EntryRow): ConfidenceEntry {
  return {
    id: row.id,
    agent: row.agent_id,
    capability: row.capability,
    kind: row.kind,
    requested: row.requested,
    applied: row.applied,
    confidence: row.confidence,
    sourceType: row.source_type,
    sourceId: row.source_id,
    actor: row.actor,
    reason: row.reason,
    createdAt: isoOf(row.created_at),
  }
}

interface TransitionRow {
  readonly id: string
  readonly agent_id: string
  readonly capability: string
  readonly from_maturity: Maturity
  readonly to_maturity: Maturity
  readonly cause: string
  readonly actor: string
  readonly reason: string
  readonly created_at: string
}

function toTransition(row: TransitionRow): MaturityTransition {
  return {
    id: row.id,
    agent: row.agent_id,
    capability: row.capability,
    from: row.from_maturity,
    to: row.to_maturity,
    cause: row.cause,
    actor: row.actor,
    reason: row.reason,
    createdAt: isoOf(row.created_at),
  }
}
