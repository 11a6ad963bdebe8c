import { type SQL, sql } from 'drizzle-orm'
import { beforeAll, expect, it } from 'vitest'
import { rowsOf } from '../database/rows.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { createPorts, describeOnPostgres } from '../journal/each-store.test.helper.ts'
import { sealWorkspace } from '../journal/seal.ts'
import { isoTime } from '../kernel/clock.ts'
import { ALERT_CATALOGUE } from './alert-catalogue.ts'
import { type Findings, listCauses, listGoneCauses, listNewCauses } from './cause-store.ts'
import { unsealedJournal } from './journal-alert-store.ts'
import type { RuleMoment } from './standing-rule.ts'
import { QUICK_RULES, SLOW_RULES } from './standing-rules.ts'
import { listHourlyCounts } from './unusual-alert-store.ts'

const HOUR = 3_600_000
const ROWS = 100_000
const PART = 5_000
/** Tables that grow with what agents do. */
const LARGE = [
  'alerts',
  'blocked_triggers',
  'confidence_entries',
  'decision_counts',
  'executions',
  'journal',
  'journal_seals',
  'proposals',
  'supervised_queue',
  'training_proposals',
] as const

const SETUP = `
alter table confidence_entries disable trigger all; alter table blocked_triggers disable trigger all;
alter table training_proposals disable trigger all; alter table proposals disable trigger all;
alter table executions disable trigger all; alter table supervised_queue disable trigger all;
insert into agents (workspace_id, id, display_name, owner_id, created_at, updated_at)
  select $W, 'bot-' || n, 'b', 'o', now(), now() from generate_series(1, 200) n;
insert into maturity_records (workspace_id, agent_id, maturity, confidence, maturity_since, updated_at)
  select $W, 'bot-' || n, 'supervised', 7500, now(), now() from generate_series(1, 200) n;
`

// Written in parts, none of which takes long.
const FILL = `
insert into confidence_entries (id, workspace_id, agent_id, capability, kind, requested, applied, confidence, source_type,
    source_id, actor, reason, created_at)
  select 'c' || n, $W, 'bot-' || (n % 200 + 1), '*', 'run', 25, 25, 7500, 'run', 'c' || n, 'a', 'r',
    now() - n * interval '1 minute' from generate_series($A, $B) n;
insert into training_proposals (id, workspace_id, agent_id, capability, gaps, gap_key, title, plan, state, created_at, updated_at)
  select 't' || n, $W, 'bot-' || (n % 200 + 1), 'refund', '{}', 'k' || n, 't', '{}',
    case when n % 500 = 0 then 'proposed' else 'approved' end, now() - n * interval '1 minute', now()
  from generate_series($A, $B) n;
insert into blocked_triggers (id, workspace_id, agent_id, decision_id, idempotency_key, source, action, args_hash, args, maturity,
    confidence, route, training_proposal_id, resolved_at, created_at)
  select 'b' || n, $W, 'bot-' || (n % 200 + 1), 'd', 'b' || n, 's', 'a', 'h', '{}', 'student', 3000, 'training', 't1',
    case when n % 100 = 0 then null else now() end, now() - n * interval '1 minute' from generate_series($A, $B) n;
insert into proposals (id, workspace_id, agent_id, decision_id, idempotency_key, action, digest, risk, maturity, source, executor,
    required_approvals, state, proposed_by, requested_hash, expires_at, created_at, updated_at)
  select 'p' || n, $W, 'bot-' || (n % 200 + 1), 'd', 'p' || n, 'a', 'd', 'high', 'intern', 's', 'registered', 1,
    case when n % 500 = 0 then 'pending' else 'succeeded' end, 'agent:bot', 'h', now() + interval '1 day' - n * interval '1 minute',
    now() - n * interval '1 minute', now() from generate_series($A, $B) n;
insert into supervised_queue (id, workspace_id, agent_id, decision_id, idempotency_key, action, digest, args, args_hash, risk, source,
    priority, state, expires_at, created_at, updated_at)
  select 'q' || n, $W, 'bot-' || (n % 200 + 1), 'd', 'q' || n, 'a', 'd', '{}', 'h', 'high', 's', 1,
    case when n % 1000 = 0 then 'pending' else 'completed' end, now() + interval '1 day' - n * interval '1 minute',
    now() - n * interval '1 minute', now() from generate_series($A, $B) n;
insert into executions (id, workspace_id, agent_id, idempotency_key, action, digest, args_hash, idempotent, decision_id, state, claimant,
    fence, attempt, lease_expires_at, claimed_at, settled_at)
  select 'e' || n, $W, 'bot-' || (n % 200 + 1), 'e' || n, 'a', 'd', 'h', false, 'd', case n % 1000 when 0 then 'outcome_unknown'
    when 1 then 'failed' else 'succeeded' end, 'c', 1, 1, now(), now(), now() - n * interval '1 minute' from generate_series($A, $B) n;
insert into decision_counts
  select $W, date_trunc('hour', now()) - (n / 200) * interval '1 hour', 'bot-' || (n % 200 + 1), 'a', 'd', 'execution', 's', false,
    false, 30 from generate_series($A, $B) n;
insert into alerts (id, workspace_id, code, subject_id, message, raised_at, cleared_at)
  select 'l' || n, $W, 'NO_EXECUTOR', 's' || n, 'm', now() - n * interval '1 minute', case when n > 50 then now() end
  from generate_series($A, $B) n;
insert into journal (id, workspace_id, kind, subject_id, agent_id, body, recorded_at)
  select 'j' || n, $W, 'agent.changed', 's' || n, 'bot-1', '{}', now() - n * interval '1 second' from generate_series($A, $B) n;
`

describeOnPostgres('what the rules of alerts look for', (store) => {
  let workspace = ''
  const inIt = <Result>(use: (tx: Tx) => Promise<Result>): Promise<Result> =>
    inWorkspace(store.database, { workspace }, use)

  function momentOf(code: keyof typeof ALERT_CATALOGUE): RuleMoment {
    const now = Date.now()
    const thresholds = Object.fromEntries(
      Object.entries(ALERT_CATALOGUE[code].thresholds).map(([name, { default: usual }]) => [name, usual]),
    )
    const at = isoTime(now)
    const presence = { at, awayBefore: at, offlineBefore: at, awayAfterMs: 300_000, offlineAfterMs: 900_000 }
    return { now, thresholds, separationOfDuties: true, presence }
  }

  async function seal(): Promise<void> {
    for (;;) {
      const result = await sealWorkspace(createPorts(store.database), workspace)
      if (result.outcome === 'sealed' && !result.more) return
    }
  }

  /** The large tables that statements read from one end to the other. */
  async function scanned(run: (tx: Tx) => Promise<unknown>): Promise<readonly string[]> {
    const plans: string[] = []
    await inIt(async (tx) => {
      const explained = Object.create(tx.db, {
        execute: {
          value: async (statement: SQL) => {
            const { rows } = await tx.db.execute(sql`explain ${statement}`)
            plans.push(...rows.map((row) => String(Object.values(row)[0])))
            return tx.db.execute(statement)
          },
        },
      }) as Tx['db']
      await run({ ...tx, db: explained })
    })
    expect(plans.length).toBeGreaterThan(0)
    return LARGE.filter((table) => plans.some((line) => new RegExp(`Seq Scan on ${table}\\b`).test(line)))
  }

  beforeAll(async () => {
    workspace = await store.workspace()
    await store.asOwner(SETUP.replaceAll('$W', `'${workspace}'`))
    for (let from = 1; from <= ROWS; from += PART) {
      const [first, last] = [String(from), String(from + PART - 1)]
      for (const statement of FILL.split(';\n').filter((text) => text.trim() !== '')) {
        const values = { $W: `'${workspace}'`, $A: first, $B: last }
        await store.asOwner(statement.replaceAll(/\$[WAB]/g, (name) => values[name as keyof typeof values]))
      }
    }
    await seal()
    for (const table of [...LARGE, 'agents', 'maturity_records']) await store.asOwner(`analyze ${table}`)
  }, 300_000)

  it.each([...QUICK_RULES, ...SLOW_RULES].map((rule) => [rule.code, rule] as const))(
    'of %s is found by indexes among 100,000 rows [ALERT-11]',
    async (code, rule) => {
      const at = isoTime(Date.now())
      const findings = (tx: Tx): Findings => ({ code, causes: rule.causes(tx, momentOf(code)) })
      expect(await scanned((tx) => listNewCauses(tx, { ...findings(tx), at, limit: 100 }))).toEqual([])
      expect(await scanned((tx) => listGoneCauses(tx, findings(tx)))).toEqual([])
    },
  )

  it('of AGENT_UNUSUAL is found by indexes among 100,000 rows [ALERT-11]', async () => {
    const present = Math.floor(Date.now() / HOUR) * HOUR
    const span = { from: isoTime(present - 673 * HOUR), recent: isoTime(present - HOUR), least: 20 }
    expect(await scanned((tx) => listHourlyCounts(tx, { ...span, least: 1_000_000 }))).toEqual([])
  })

  it('of JOURNAL_UNSEALED is a row that has waited for 5 minutes, until it is sealed [ALERT-8]', async () => {
    const write = (id: string, at: number) =>
      store.asOwner(
        `insert into journal (id, workspace_id, kind, subject_id, agent_id, body, recorded_at)
         values ($1, $2, 'agent.changed', 's', 'bot-1', '{}', $3)`,
        [id, workspace, isoTime(at)],
      )
    const moment = momentOf('JOURNAL_UNSEALED')
    const found = () => inIt(async (tx) => (await listCauses(tx, unsealedJournal(tx, moment), 10)).length)
    expect(await found()).toBe(0)
    await write('late-1', moment.now - 5 * 60_000 + 1)
    expect(await found()).toBe(0)
    await write('late-2', moment.now - 5 * 60_000)
    expect(await found()).toBe(1)
    await seal()
    expect(await found()).toBe(0)
    expect(await inIt((tx) => rowsOf(tx, sql`select 1 from journal limit 1`))).toHaveLength(1)
  })
})
