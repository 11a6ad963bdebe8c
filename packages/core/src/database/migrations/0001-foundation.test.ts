import { type SQL, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../../testing/test-governor.ts'
import { type Database, openDatabase } from '../open-database.ts'
import { rowOf } from '../rows.ts'
import { inWorkspace } from '../transaction.ts'

const AT = '2030-01-01T00:00:00Z'
const SESSION_ENDS = ['completed', 'terminated', 'failed']

/** Which states follow which. */
const TABLES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  supervised_queue: {
    pending: ['executing', 'cancelled', 'expired'],
    executing: ['completed', 'failed', 'pending', 'outcome_unknown'],
    outcome_unknown: ['completed', 'failed'],
    ...finals('completed', 'failed', 'cancelled', 'expired'),
  },
  supervision_sessions: {
    starting: ['running', ...SESSION_ENDS],
    running: ['pausing', 'correcting', ...SESSION_ENDS],
    pausing: ['paused', 'running', ...SESSION_ENDS],
    paused: ['running', 'correcting', ...SESSION_ENDS],
    correcting: ['running', 'pausing', ...SESSION_ENDS],
    ...finals(...SESSION_ENDS),
  },
}

function finals(...states: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(states.map((state) => [state, []]))
}

let database: Database
let test: TestGovernor
let rows = 0

beforeAll(async () => {
  database = await openDatabase({ memory: true })
  test = await createTestGovernor({ database: database.pool, migrate: true })
  await test.register('bot', 'intern')
})
afterAll(async () => {
  await test.close()
  await database.close()
})

function insertOf(table: string, id: string, state: string): SQL {
  switch (table) {
    case 'supervised_queue':
      return sql`insert into supervised_queue (id, workspace_id, agent_id, decision_id, idempotency_key, action, digest,
          args, args_hash, risk, source, priority, state, expires_at, created_at, updated_at)
        values (${id}, 'default', 'bot', ${id}, ${id}, 'a', 'd', '{}', 'h', 'high', 'manual', 1, ${state}, ${AT}, ${AT},
          ${AT})`
    default:
      return sql`insert into supervision_sessions (id, workspace_id, agent_id, run, decision_id, action, args_hash, state,
          created_at) values (${id}, 'default', 'bot', ${id}, ${id}, 'a', 'h', ${state}, ${AT})`
  }
}

/** What is written with a move that needs more than a state. */
function withMove(table: string, to: string): SQL {
  if (table !== 'supervised_queue' || to !== 'executing') return sql``
  return sql`, fence = fence + 1, session_id = 'ses', started_at = ${AT}::timestamptz - interval '1 minute'`
}

const run = (...statements: readonly SQL[]): Promise<void> =>
  inWorkspace(database, { workspace: 'default' }, async (tx) => {
    for (const statement of statements) await tx.db.execute(statement)
  })

describe.each(Object.entries(TABLES))('%s', (table, follow) => {
  it.each(Object.keys(follow))('go from %s only where the domain says so [DB-13]', async (from) => {
    const allowed: string[] = []
    for (const to of Object.keys(follow)) {
      rows += 1
      const id = `row-${rows}`
      const move = sql`update ${sql.identifier(table)} set state = ${to}${withMove(table, to)} where id = ${id}`
      const moved = run(insertOf(table, id, from), move)
      const refused = await moved.then(
        () => null,
        (error: Error) => `${error.message} ${String(error.cause)}`,
      )
      if (refused === null) allowed.push(to)
      else expect(refused).toContain(`cannot go from ${from} to ${to}`)
    }
    expect(allowed.sort()).toEqual([...(follow[from] ?? []), from].sort())
  })
})

describe('executions', () => {
  const claimed = async (
    idempotent: boolean,
    then: 'claimed' | 'succeeded' | 'failed' | 'released' | 'outcome_unknown',
  ) => {
    rows += 1
    const id = `execution-${rows}`
    await run(sql`insert into executions (id, workspace_id, agent_id, idempotency_key, action, digest, args_hash,
        idempotent, decision_id, state, claimant, fence, attempt, lease_expires_at, claimed_at)
      values (${id}, 'default', 'bot', ${id}, 'a', 'd', 'h', ${idempotent}, ${id}, 'claimed', 'here', 1, 1, ${AT}, ${AT})`)
    if (then !== 'claimed') {
      await run(sql`update executions set state = ${then}, outcome = '{"is":1}', settled_at = ${AT} where id = ${id}`)
    }
    return id
  }
  const change = async (id: string, assignment: SQL) => run(sql`update executions set ${assignment} where id = ${id}`)
  const claimAgain = sql`state = 'claimed', fence = fence + 1, attempt = attempt + 1, decision_id = 'again',
    outcome = null, settled_at = null`

  it.each([
    ['args_hash', sql`args_hash = 'other'`],
    ['action', sql`action = 'other'`],
    ['idempotency key', sql`idempotency_key = 'other'`],
  ])('never change their %s, not even with the next claim [DB-13, I-4]', async (_name, assignment) => {
    for (const state of ['claimed', 'succeeded', 'released'] as const) {
      const id = await claimed(true, state)
      await expect(change(id, assignment)).rejects.toThrow(/another attempt/)
      await expect(change(id, sql`${claimAgain}, ${assignment}`)).rejects.toThrow(/another attempt/)
    }
  })

  it.each(['succeeded', 'failed', 'released', 'outcome_unknown'] as const)(
    'that are %s keep outcome and idempotent [DB-13, I-4]',
    async (state) => {
      const id = await claimed(false, state)
      await expect(change(id, sql`outcome = '{"is":2}'`)).rejects.toThrow(/stays as it is/)
      await expect(change(id, sql`idempotent = true`)).rejects.toThrow(/stays as it is/)
    },
  )

  it('take what a claim says from the next claim only [DB-13, I-4]', async () => {
    const id = await claimed(false, 'claimed')
    await expect(change(id, sql`idempotent = true`)).rejects.toThrow(/claimed as it is/)
    await expect(change(id, sql`state = 'failed', idempotent = true`)).rejects.toThrow(/claimed as it is/)
    await expect(change(id, sql`outcome = '{"is":1}'`)).rejects.toThrow(/stays as it is/)
    await change(id, sql`lease_expires_at = '2031-01-01'`)
    const unknown = await claimed(false, 'outcome_unknown')
    await change(unknown, sql`state = 'succeeded', outcome = '{"is":2}'`)
  })

  it('run again only where nothing ran or running twice does no harm [DB-13, I-4]', async () => {
    await change(await claimed(false, 'released'), claimAgain)
    for (const state of ['claimed', 'failed', 'outcome_unknown'] as const) {
      await change(await claimed(true, state), claimAgain)
      await expect(change(await claimed(false, state), claimAgain)).rejects.toThrow(/cannot be claimed again/)
      const declared = change(await claimed(false, state), sql`${claimAgain}, idempotent = true`)
      await expect(declared).rejects.toThrow(/cannot be claimed again/)
    }
    await expect(change(await claimed(true, 'succeeded'), claimAgain)).rejects.toThrow(/cannot be claimed again/)
    const sameFence = change(await claimed(true, 'failed'), sql`state = 'claimed', outcome = null`)
    await expect(sameFence).rejects.toThrow(/cannot be claimed again/)
  })
})

describe('maturity records', () => {
  const step = (from: string, to: string) =>
    run(
      sql`insert into maturity_transitions (id, workspace_id, agent_id, capability, from_maturity, to_maturity, cause,
            evidence, actor, reason, created_at)
          values (${`${from}-${to}`}, 'default', 'bot', '*', ${from}, ${to}, 'person', '[]', 'user:x', 'x', ${AT})`,
      sql`update maturity_records set maturity = ${to} where agent_id = 'bot' and capability = '*'`,
    )

  it('go up one step at a time, even with a transition, and any number down [DB-13, MAT-2]', async () => {
    await expect(step('intern', 'autonomous')).rejects.toThrow(/one step at a time/)
    await step('intern', 'supervised')
    await step('supervised', 'student')
  })

  it('start no higher than their confidence [DB-13, MAT-2]', async () => {
    const start = (maturity: string, confidence: number) =>
      run(sql`insert into maturity_records (workspace_id, agent_id, capability, maturity, confidence, maturity_since,
            updated_at) values ('default', 'bot', ${`${maturity}-${confidence}`}, ${maturity}, ${confidence}, ${AT}, ${AT})`)
    const floors = { student: 0, intern: 5_000, supervised: 7_000, autonomous: 9_000 }
    for (const [maturity, floor] of Object.entries(floors)) {
      await start(maturity, floor)
      if (floor > 0) await expect(start(maturity, floor - 1)).rejects.toThrow(/starts above its confidence/)
    }
  })
})

it('lets the system role change no execution, proposal, queue entry or session [DB-13, I-34]', async () => {
  const updatable = await inWorkspace(database, { workspace: '*', role: 'system' }, (tx) =>
    rowOf<{ readonly tables: string[] }>(
      tx,
      sql`select array_agg(relname::text order by relname) as tables from pg_class
          where relkind = 'r' and relnamespace = 'public'::regnamespace and has_any_column_privilege(oid, 'update')`,
    ),
  )
  expect(updatable?.tables).toEqual(['api_keys', 'journal_heads', 'proposal_viewers', 'rate_limits', 'stops'])
})
