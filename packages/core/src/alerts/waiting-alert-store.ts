import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { onlineSupervisors } from '../presence/presence-store.ts'
import { supervisedAttempts } from './agent-alert-store.ts'
import type { RuleMoment } from './standing-rule.ts'

const MINUTE_MS = 60_000

/** Whether the row `o` ends within so many minutes, and within the last quarter of its time. */
function endsSoon({ now, thresholds }: RuleMoment): SQL {
  const [at, until] = [isoTime(now), isoTime(now + (thresholds.minutes ?? 0) * MINUTE_MS)]
  return sql`(o.expires_at > ${at}::timestamptz and o.expires_at <= ${until}::timestamptz
    and o.expires_at - ${at}::timestamptz <= (o.expires_at - o.created_at) / 4)`
}

/** Proposals that end soon, to nobody assigned and looked at by nobody. */
export function expiringProposals(tx: Tx, moment: RuleMoment): SQL {
  return sql`select o.id as subject, o.agent_id as agent, jsonb_build_object('action', o.action) as facts
    from proposals o where o.workspace_id = ${tx.workspace} and o.state = 'pending' and o.assigned_to is null
      and o.acknowledged_by is null and ${endsSoon(moment)}`
}

/** Queue entries that end soon and are offered to nobody. */
export function expiringEntries(tx: Tx, moment: RuleMoment): SQL {
  return sql`select o.id as subject, o.agent_id as agent, jsonb_build_object('action', o.action) as facts
    from supervised_queue o where o.workspace_id = ${tx.workspace} and o.state = 'pending'
      and (o.offered_to is null or o.offered_until <= ${isoTime(moment.now)}::timestamptz) and ${endsSoon(moment)}`
}

/** The workspace itself, while nobody who may supervise is online and somebody needs that. */
export function lackOfSupervisors(tx: Tx, moment: RuleMoment): SQL {
  const { now, thresholds, presence } = moment
  const since = isoTime(now - (thresholds.minutes ?? 0) * MINUTE_MS)
  return sql`select n.* from (
      select ${tx.workspace}::text as subject, null::text as agent, jsonb_build_object(
        'waiting', (select count(*) from supervised_queue q where q.workspace_id = ${tx.workspace} and q.state = 'pending'
          and q.expires_at > ${isoTime(now)}::timestamptz and q.created_at <= ${since}::timestamptz),
        'active', exists (${supervisedAttempts(tx, moment)})) as facts
    ) as n
    where not exists (select ${onlineSupervisors(tx, presence)})
      and ((n.facts ->> 'waiting')::bigint > 0 or (n.facts -> 'active')::boolean)`
}
