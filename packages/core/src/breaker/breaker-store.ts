import { sql } from 'drizzle-orm'
import { countOf, rowOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

interface FailureCounter {
  readonly agent: string
  /** ISO 8601. */
  readonly windowStart: string
}

const NAME = 'failures'
// No id of an agent has a colon in it: no limit of the policy is counted here.
const subjectOf = ({ agent }: FailureCounter): string => `breaker:${agent}`

/** Counts one more failure in a window; gives how many that makes. Two at once wait for each other here. */
export async function addFailure(tx: Tx, counter: FailureCounter): Promise<number> {
  const row = await rowOf<{ readonly used: string }>(
    tx,
    sql`insert into limit_counters (workspace_id, subject, name, window_start, used)
        select ${tx.workspace}, ${subjectOf(counter)}, ${NAME}, ${counter.windowStart}, 1 from agents
        where workspace_id = ${tx.workspace} and id = ${counter.agent}
        on conflict (workspace_id, subject, name, window_start) do update set used = limit_counters.used + 1
        returning used`,
  )
  return Number(row?.used ?? 0)
}

/** Begins to count anew. */
export async function forgetFailures(tx: Tx, counter: FailureCounter): Promise<void> {
  await countOf(
    tx,
    sql`update limit_counters set used = 0 where workspace_id = ${tx.workspace} and subject = ${subjectOf(counter)}
          and name = ${NAME} and window_start = ${counter.windowStart}`,
  )
}
