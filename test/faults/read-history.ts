import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import type {
  AgentRow,
  Answer,
  Control,
  DeliveryRow,
  Effect,
  ExecutionRow,
  History,
  Interference,
  JournalRow,
  OnceAnswer,
  ProposalRow,
  RecordRow,
  Review,
  Told,
  VersionRow,
  Watch,
  Work,
} from './history.ts'
import { parse } from './processes.ts'

/** Reads a file of lines; the last one may have been cut off by a kill. */
function readLines(folder: string, file: string): readonly Record<string, unknown>[] {
  const path = join(folder, file)
  if (!existsSync(path)) return []
  const values = readFileSync(path, 'utf8').split('\n').map(parse)
  return values.filter((value) => typeof value === 'object' && value !== null) as Record<string, unknown>[]
}

/** What the files of a round tell: the Oracle, and every client. They are this run's own, so their shape is trusted. */
export function readFiles(
  folder: string,
): Pick<
  History,
  | 'effects'
  | 'works'
  | 'answers'
  | 'onceAnswers'
  | 'reviews'
  | 'controls'
  | 'interferences'
  | 'watches'
  | 'told'
  | 'reports'
> {
  const files = readdirSync(folder).filter((file) => /^(?:process-.*|steward)\.jsonl$/.test(file))
  const lines = files.flatMap((file) => readLines(folder, file))
  // The answer comes after the question and replaces it.
  const asked = (kind: string): readonly unknown[] => {
    const byId = new Map(lines.filter(({ line }) => line === kind).map((line) => [line.id, line]))
    return [...byId.values()]
  }
  return {
    effects: readLines(folder, 'oracle.jsonl') as unknown as Effect[],
    works: readLines(folder, 'works.jsonl') as unknown as Work[],
    answers: lines.filter(({ line }) => line === 'answer') as unknown as Answer[],
    onceAnswers: lines.filter(({ line }) => line === 'once') as unknown as OnceAnswer[],
    reviews: lines.filter(({ line }) => line === 'review') as unknown as Review[],
    controls: asked('control') as readonly Control[],
    interferences: asked('interference') as readonly Interference[],
    watches: asked('watch') as readonly Watch[],
    told: lines.filter(({ line }) => line === 'told') as unknown as Told[],
    reports: lines.filter(({ line }) => line === 'report').map(({ message }) => String(message)),
  }
}

/** What the database tells of the workspaces of a round. */
export async function readDatabase(
  client: pg.Client,
  workspaces: readonly string[],
): Promise<Pick<History, 'journal' | 'executions' | 'records' | 'proposals' | 'versions' | 'agents' | 'deliveries'>> {
  const ask = async <Row>(text: string): Promise<readonly Row[]> => (await client.query(text, [workspaces])).rows
  return {
    journal: await readJournal(client, [...workspaces, '*']),
    executions:
      await ask<ExecutionRow>(`select id, workspace_id as workspace, agent_id as agent, idempotency_key as key, action,
        args_hash as "argsHash", idempotent, decision_id as decision, state, fence::int, attempt,
        outcome -> 'value' ->> 'nonce' as nonce from executions where workspace_id = any($1)`),
    records: await ask<RecordRow>(`
      select 'proposals' as table, workspace_id as workspace, id, state from proposals where workspace_id = any($1)
      union all select 'blocked_triggers', workspace_id, id, training_proposal_id from blocked_triggers
        where workspace_id = any($1)
      union all select 'training_proposals', workspace_id, id, state from training_proposals where workspace_id = any($1)
      union all select 'supervision_sessions', workspace_id, id, state from supervision_sessions
        where workspace_id = any($1)
      union all select 'supervised_queue', workspace_id, id, state from supervised_queue where workspace_id = any($1)
      union all select 'maturity_transitions', workspace_id, id, to_maturity from maturity_transitions
        where workspace_id = any($1)
      union all select 'confidence_entries', workspace_id, id, source_type from confidence_entries
        where workspace_id = any($1)
      union all select 'stops', workspace_id, id, case when lifted_at is null then 'set' else 'lifted' end from stops
        where workspace_id = any($1)`),
    proposals: await ask<ProposalRow>(`
      select id, workspace_id as workspace, agent_id as agent, idempotency_key as key, action, executor, state, version
      from proposals where workspace_id = any($1)`),
    versions: await ask<VersionRow>(`
      select proposal_id as proposal, version, (extract(epoch from expires_at) * 1000)::float8 as "expiresAt"
      from proposal_versions where workspace_id = any($1)`),
    deliveries: await ask<DeliveryRow>(`
      select id, workspace_id as workspace, event_id as event, state from deliveries where workspace_id = any($1)`),
    agents: await ask<AgentRow>(`
      select a.workspace_id as workspace, a.id, a.lifecycle, a.epoch::int, m.maturity, m.confidence,
        (select coalesce(sum(applied), 0)::int from confidence_entries e where e.workspace_id = a.workspace_id
          and e.agent_id = a.id and e.capability = m.capability) as ledger
      from agents a join maturity_records m on m.workspace_id = a.workspace_id and m.agent_id = a.id
      where a.workspace_id = any($1)`),
  }
}

async function readJournal(client: pg.Client, workspaces: readonly string[]): Promise<readonly JournalRow[]> {
  const { rows } = await client.query<{ track_commit_timestamp: string }>('show track_commit_timestamp')
  const isTracked = rows[0]?.track_commit_timestamp === 'on'
  const committed = isTracked
    ? `(extract(epoch from pg_xact_commit_timestamp(j.xid::xid)) * 1000)::float8`
    : 'null::float8'
  const journal = await client.query<Omit<JournalRow, 'body'> & { readonly body: string }>(
    `select j.id, j.workspace_id as workspace, j.position::int, s.sequence::int, j.kind, j.subject_id as subject,
      j.agent_id as agent, j.body, ${committed} as "committedAt"
     from journal j left join journal_seals s on s.journal_id = j.id
     where j.workspace_id = any($1) order by j.position`,
    [workspaces],
  )
  return journal.rows.map((row) => ({ ...row, body: JSON.parse(row.body) }))
}
