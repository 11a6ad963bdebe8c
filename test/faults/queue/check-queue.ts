import { readFileSync } from 'node:fs'
import type pg from 'pg'
import { actionOf, POISON } from './queue-workload.ts'

/** What a fault run of the queue has shown. */
export interface QueueVerdict {
  /** How many entries ended in each state. */
  readonly states: Readonly<Record<string, number>>
  readonly effects: number
  readonly violations: readonly string[]
}

/** How often an entry is tried. */
export const MOST_ATTEMPTS = 3

// One snapshot: what was enqueued by the journal, what there is by state, and what runs by both tables.
const EQUATION = `
  select (select count(*)::int from journal where kind = 'queue_entry.created') as enqueued,
    (select count(*)::int from supervised_queue) as entries,
    (select count(*)::int from supervised_queue where state = 'executing') as executing,
    (select count(*)::int from executions where queue_entry_id is not null and state = 'claimed') as claimed,
    (select json_object_agg(state, count) from (
      select state, count(*)::int as count from supervised_queue group by state) as counted) as states`

/**
 * The conservation equation by SQL, as it stands.
 *
 * @throws Error when it does not hold.
 */
export async function checkConservation(client: pg.Pool, entries: number): Promise<string> {
  const { rows } = await client.query(EQUATION)
  const { enqueued, entries: found, executing, claimed, states } = rows[0]
  const sum = Object.values<number>(states).reduce((total, count) => total + count, 0)
  const line = `${enqueued} enqueued = ${JSON.stringify(states)}, ${claimed} claimed`
  if (enqueued !== entries || found !== entries || sum !== entries || executing !== claimed) {
    throw new Error(`The equation does not hold: ${line}; there should be ${entries}.`)
  }
  return line
}

interface EndedRow {
  readonly id: string
  readonly key: string
  readonly state: string
  readonly attempt: number
  readonly outcome: string | null
  readonly supervised: boolean
}

// A run is supervised when somebody had attached to its session by the time it was claimed.
const ENDED = `
  select q.id, q.idempotency_key as key, q.state, q.attempt, e.state as outcome,
    (e.id is null or exists (select from supervision_sessions s where s.id = e.session_id
      and s.supervisor_id is not null and s.started_at <= e.claimed_at)) as supervised
  from supervised_queue q left join executions e on e.queue_entry_id = q.id order by q.id`

/** Joins what ran, by the file that every effect was written to, with what is on record. */
export async function checkQueue(
  client: pg.Pool,
  { oracle, entries }: { readonly oracle: string; readonly entries: number },
): Promise<QueueVerdict> {
  await checkConservation(client, entries)
  const effects = readEffects(oracle)
  const { rows } = await client.query<EndedRow>(ENDED)
  const violations = rows.flatMap((row) => judge(row, effects.get(row.key) ?? 0))
  const states: Record<string, number> = {}
  for (const { state } of rows) states[state] = (states[state] ?? 0) + 1
  return { states, effects: [...effects.values()].reduce((sum, count) => sum + count, 0), violations }
}

function readEffects(oracle: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  // The last line may have been cut off by a kill.
  for (const line of readFileSync(oracle, 'utf8').split('\n').slice(0, -1)) {
    const { key } = JSON.parse(line) as { readonly key: string }
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

function judge({ key, state, attempt, outcome, supervised }: EndedRow, effects: number): readonly string[] {
  const mayRepeat = key === POISON || actionOf(Number(key.slice('entry-'.length))) === 'refund.sync'
  const found: string[] = []
  if (effects > (mayRepeat ? MOST_ATTEMPTS : 1)) found.push(`${key} ran ${effects} times`)
  if (state === 'completed' && (effects === 0 || outcome !== 'succeeded'))
    found.push(`${key} is completed and did not run`)
  if (attempt > MOST_ATTEMPTS) found.push(`${key} was tried ${attempt} times`)
  if (!['completed', 'failed', 'outcome_unknown'].includes(state)) found.push(`${key} is ${state}`)
  // One whose claim could not be renewed is told to stop, and fails where it stops before its effect.
  if (state === 'failed' && !mayRepeat && effects > 0) found.push(`${key} failed although it ran`)
  if (!supervised) found.push(`${key} ran with nobody watching`)
  return found
}
