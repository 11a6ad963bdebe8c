import type { ExecutionRow, History, JournalRow, RecordRow } from '../history.ts'
import type { DecisionRow } from './decision-rows.ts'
import { type Findings, groupBy, groupOf } from './verdict.ts'

const PROPOSAL_ENDS = ['succeeded', 'failed', 'rejected', 'responded', 'expired', 'cancelled']
const SESSION_ENDS = ['completed', 'failed', 'terminated']

/** The kinds of journal rows that a record must have, each exactly once. */
const REPORTED: Readonly<Record<string, (state: string) => readonly string[]>> = {
  proposals: (state) => ['proposal.created', ...(PROPOSAL_ENDS.includes(state) ? [`proposal.${state}`] : [])],
  training_proposals: () => ['training_proposal.created'],
  supervision_sessions: (state) => [
    'supervision_session.started',
    ...(SESSION_ENDS.includes(state) ? [`supervision_session.${state}`] : []),
  ],
  supervised_queue: () => ['queue_entry.created'],
  confidence_entries: (source) => (source === 'registration' ? [] : ['confidence.changed']),
  stops: (state) => (state === 'lifted' ? ['stop.set', 'stop.lifted'] : ['stop.set']),
}

/** Kinds of rows that speak of a record, by its table. */
const KINDS: Readonly<Record<string, string>> = {
  'proposal.created': 'proposals',
  'proposal.approved': 'proposals',
  'permit.redeemed': 'proposals',
  'training_proposal.created': 'training_proposals',
  'supervision_session.started': 'supervision_sessions',
  'supervision_session.completed': 'supervision_sessions',
  'supervision_session.failed': 'supervision_sessions',
  'queue_entry.created': 'supervised_queue',
  'agent.promoted': 'maturity_transitions',
  'agent.demoted': 'maturity_transitions',
  'confidence.changed': 'confidence_entries',
  'stop.set': 'stops',
  'stop.lifted': 'stops',
}

/** Every change of state has its journal row, and every row its change. */
export function checkRecordsAreJournalled(
  history: History,
  decisions: readonly DecisionRow[],
  findings: Findings,
): void {
  const { records, journal } = history
  const rows = groupBy(journal, ({ kind, subject }) => [kind, subject])
  for (const record of records) {
    for (const kind of kindsOf(record)) {
      const count = groupOf(rows, kind, record.id).length
      if (count === 1) continue
      findings.violate('record-without-row', `A record has ${count} rows of ${kind}.`, record)
    }
  }
  const known = new Set(records.map(({ table, id }) => `${table}/${id}`))
  for (const row of journal) {
    const table = row.workspace === '*' ? undefined : KINDS[row.kind]
    if (table !== undefined && !known.has(`${table}/${row.subject}`)) {
      findings.violate('row-without-record', `A row of ${row.kind} has no record.`, row)
    }
  }
  checkBlocks(records, decisions, findings)
  const byExecution = groupBy(
    journal.filter(({ kind }) => kind.startsWith('run.') && kind !== 'run.started'),
    ({ subject }) => [subject],
  )
  for (const execution of history.executions) checkExecution(execution, groupOf(byExecution, execution.id), findings)
}

function kindsOf({ table, state }: RecordRow): readonly string[] {
  // A transition is reported by either of two kinds; the direction is checked where the journal is replayed.
  return REPORTED[table]?.(state) ?? []
}

function checkBlocks(records: readonly RecordRow[], decisions: readonly DecisionRow[], findings: Findings): void {
  const blocks = new Set(records.filter(({ table }) => table === 'blocked_triggers').map(({ id }) => id))
  const decided = decisions.flatMap(({ blockedTrigger }) => blockedTrigger ?? [])
  for (const id of decided) {
    if (!blocks.delete(id))
      findings.violate('row-without-record', 'A decision names no blocked trigger of its own.', { id })
  }
  for (const id of blocks) findings.violate('record-without-row', 'A blocked trigger has no decision.', { id })
}

const ENDS: Readonly<Record<string, string>> = {
  succeeded: 'run.completed',
  failed: 'run.failed',
  released: 'run.released',
  outcome_unknown: 'run.lost',
}

/** Each claim was settled by one row; the fence counts claims and losses, the attempt claims alone. */
function checkExecution(execution: ExecutionRow, rows: readonly JournalRow[], findings: Findings): void {
  const { state, attempt, fence, idempotent, decision } = execution
  const last = rows.at(-1)
  if (state !== 'claimed' && last?.kind !== ENDS[state]) {
    findings.violate('record-without-row', 'The end of an execution has no journal row.', { execution, rows })
  }
  if (last !== undefined && last.kind !== 'run.lost' && last.kind === ENDS[state]) {
    // Whoever settled must have held the claim that stands there.
    const { fence: held, decisionId } = last.body
    if (held !== fence || decisionId !== decision) {
      findings.violate('stale-claim-settled', 'An execution was settled by a claim that was lost.', { execution, rows })
    }
  }
  const lost = rows.filter(({ kind }) => kind === 'run.lost').length
  if (lost !== fence - attempt) {
    findings.violate('record-without-row', 'Losses and fence of an execution differ.', { execution, rows })
  }
  const settled = attempt - (state === 'claimed' ? 1 : 0)
  // An idempotent action may be claimed anew once its lease has lapsed, without a loss in between.
  const fits = idempotent ? rows.length <= settled : rows.length === settled
  if (!fits) {
    findings.violate('record-without-row', `An execution was settled ${settled} times.`, { execution, rows })
  }
}

/** A transition has exactly one row, and they agree. */
export function checkTransitions({ records, journal }: History, findings: Findings): void {
  const rows = groupBy(
    journal.filter(({ kind }) => kind === 'agent.promoted' || kind === 'agent.demoted'),
    ({ subject }) => [subject],
  )
  for (const record of records.filter(({ table }) => table === 'maturity_transitions')) {
    const found = groupOf(rows, record.id)
    if (found.length !== 1 || found[0]?.body.to !== record.state) {
      findings.violate('record-without-row', 'A transition and its journal row differ.', { record, found })
    }
  }
}
