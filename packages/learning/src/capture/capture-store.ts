import type { JsonObject, JsonValue, Scenario } from '@preceptor/client'
import { countOf, isThere, type PluginWork, rowOf, rowsOf, type SensitivePath, type Tx } from '@preceptor/core/plugin'
import { sql } from 'drizzle-orm'

/** What the journal says of a correction, at the place where it was made. */
export interface SourceRow {
  /** Id of the journal row. */
  readonly id: string
  readonly kind: SourceKind
  /** Id of the proposal or of the session. */
  readonly subject: string
  readonly agent: string
  readonly body: JsonObject
}

/** Events that a correction may stand behind. */
export type SourceKind =
  | 'proposal.edited'
  | 'proposal.rejected'
  | 'intervention.requested'
  | 'training_session.progressed'

const KINDS: readonly SourceKind[] = [
  'proposal.edited',
  'proposal.rejected',
  'intervention.requested',
  'training_session.progressed',
]

/** Finds the workspaces whose journal went on since it was last looked at; for the system role. */
export async function findUncaptured(tx: Tx): Promise<readonly PluginWork[]> {
  return rowsOf<PluginWork>(
    tx,
    sql`select h.workspace_id as workspace from journal_heads h
        left join learning_captures c on c.workspace_id = h.workspace_id
        where h.sequence > coalesce(c.sequence, 0) and h.workspace_id <> '*' order by 1`,
  )
}

/** The last sealed row of the journal; 0 before the first. */
export async function readHead(tx: Tx): Promise<number> {
  const row = await rowOf<{ readonly sequence: string }>(
    tx,
    sql`select sequence from journal_heads where workspace_id = ${tx.workspace}`,
  )
  return Number(row?.sequence ?? 0)
}

/** Holds the place up to which corrections were captured until the transaction ends: one process at a time goes on. */
export async function holdPlace(tx: Tx): Promise<number> {
  await countOf(
    tx,
    sql`insert into learning_captures (workspace_id, sequence) values (${tx.workspace}, 0) on conflict do nothing`,
  )
  const row = await rowOf<{ readonly sequence: string }>(
    tx,
    sql`select sequence from learning_captures where workspace_id = ${tx.workspace} for update`,
  )
  return Number(row?.sequence ?? 0)
}

/** Moves that place on. */
export async function movePlace(tx: Tx, sequence: number): Promise<void> {
  await countOf(
    tx,
    sql`update learning_captures set sequence = ${sequence} where workspace_id = ${tx.workspace}
          and sequence < ${sequence}`,
  )
}

/** Lists what may be a correction in a part of the journal, in its order. */
export async function listSources(
  tx: Tx,
  { after, to }: { readonly after: number; readonly to: number },
): Promise<readonly SourceRow[]> {
  const rows = await rowsOf<Omit<SourceRow, 'body'> & { readonly body: string }>(
    tx,
    sql`select j.id, j.kind, j.subject_id as subject, j.agent_id as agent, j.body
        from journal_seals s join journal j on j.id = s.journal_id
        where s.workspace_id = ${tx.workspace} and j.workspace_id = ${tx.workspace} and s.sequence > ${after}::bigint
          and s.sequence <= ${to}::bigint and j.kind = any(${sql.param(KINDS)}::text[]) and j.agent_id is not null
        order by s.sequence`,
  )
  // The journal is written by this product alone: every body is an object.
  return rows.map(({ body, ...row }) => ({ ...row, body: JSON.parse(body) as JsonObject }))
}

/** Whether a journal row was captured. */
export async function isCaptured(tx: Tx, source: string): Promise<boolean> {
  return isThere(tx, sql`select from learning_feedback where workspace_id = ${tx.workspace} and source_id = ${source}`)
}

/** Args with the places that their schema hides. */
export interface StoredArgs {
  readonly args: JsonObject
  readonly sensitive: readonly SensitivePath[]
}

/** A proposal, in the versions that the agent asked for and that a reviewer made or looked at. */
export interface ProposalVersions {
  readonly action: string
  readonly resource: string | null
  readonly context: JsonObject | null
  readonly asked: StoredArgs
  readonly reviewed: StoredArgs
}

/** Finds a proposal in its first version and another one. */
export async function findVersions(
  tx: Tx,
  { id, version }: { readonly id: string; readonly version: number },
): Promise<ProposalVersions | undefined> {
  const row = await rowOf<{
    readonly action: string
    readonly resource: string | null
    readonly context: JsonObject | null
    readonly asked: JsonObject
    readonly asked_sensitive: readonly SensitivePath[]
    readonly reviewed: JsonObject
    readonly reviewed_sensitive: readonly SensitivePath[]
  }>(
    tx,
    sql`select p.action, p.resource, p.context, a.args as asked, a.sensitive as asked_sensitive, r.args as reviewed,
          r.sensitive as reviewed_sensitive
        from proposals p join proposal_versions a on a.proposal_id = p.id and a.version = 1
        join proposal_versions r on r.proposal_id = p.id and r.version = ${version}::int
        where p.workspace_id = ${tx.workspace} and p.id = ${id}`,
  )
  return (
    row && {
      action: row.action,
      resource: row.resource,
      context: row.context,
      asked: { args: row.asked, sensitive: row.asked_sensitive },
      reviewed: { args: row.reviewed, sensitive: row.reviewed_sensitive },
    }
  )
}

/** What a supervisor told a run to do otherwise, with the step that it is about. */
export interface GivenCorrection {
  readonly action: string
  readonly guidance: string | null
  readonly args: JsonObject | null
  /** The step that is meant, or the last one before; null where there was none. */
  readonly step: StoredArgs | null
  readonly by: string
}

/** Finds a correction of a supervised run. */
export async function findCorrection(tx: Tx, id: string): Promise<GivenCorrection | undefined> {
  const row = await rowOf<{
    readonly action: string
    readonly guidance: string | null
    readonly args: JsonObject | null
    readonly step_args: JsonObject | null
    readonly step_sensitive: readonly SensitivePath[] | null
    readonly requested_by: string
  }>(
    tx,
    sql`select coalesce(t.action, s.action) as action, i.guidance, i.args, t.args as step_args,
          t.sensitive as step_sensitive, i.requested_by
        from interventions i join supervision_sessions s on s.id = i.session_id and s.workspace_id = i.workspace_id
        left join lateral (
          select action, args, sensitive from session_steps
          where workspace_id = i.workspace_id and session_id = i.session_id
            and (id = i.step_id or (i.step_id is null and created_at <= i.requested_at))
          order by created_at desc, id desc limit 1) t on true
        where i.workspace_id = ${tx.workspace} and i.id = ${id} and i.type = 'correct'`,
  )
  if (row === undefined) return undefined
  const { action, guidance, args, step_args: stepArgs, step_sensitive: sensitive } = row
  const step = stepArgs === null ? null : { args: stepArgs, sensitive: sensitive ?? [] }
  return { action, guidance, args, step, by: row.requested_by }
}

/** An answer in training with its score. */
export interface GradedAnswer {
  readonly scenario: Scenario
  readonly answer: JsonValue
  /** Basis points. */
  readonly score: number
  readonly feedback: string | null
  readonly by: string
}

/** Finds an answer that a person graded. */
export async function findGradedByPerson(
  tx: Tx,
  { session, scenario }: { readonly session: string; readonly scenario: string },
): Promise<GradedAnswer | undefined> {
  return rowOf<GradedAnswer>(
    tx,
    sql`select scenario, answer, score, feedback, graded_by as by from scenario_runs
        where workspace_id = ${tx.workspace} and session_id = ${session} and scenario_id = ${scenario}
          and score is not null and graded_by like 'user:%'`,
  )
}
