import type { Maturity } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { createTestDatabase, describeWithPostgres, type TestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'

const DEADLINE_MS = 1_000
// What a loaded machine may add to the deadline.
const WITHIN_MS = DEADLINE_MS + 1_500

/** What follows from each route: who attempts what, and the tables that are written. */
const ROUTES = {
  training: { maturity: 'student', action: 'note.write', tables: ['training_proposals', 'blocked_triggers'] },
  proposal: { maturity: 'intern', action: 'note.write', tables: ['proposals', 'proposal_versions'] },
  queue: { maturity: 'supervised', action: 'refund.create', tables: ['supervised_queue'] },
  supervision: { maturity: 'supervised', action: 'refund.create', tables: ['supervision_sessions'] },
  execution: { maturity: 'autonomous', action: 'refund.create', tables: ['executions', 'limit_counters'] },
} as const satisfies Record<string, { maturity: Maturity; action: string; tables: readonly string[] }>

type Route = keyof typeof ROUTES
const CASES = Object.entries(ROUTES).flatMap(([route, { tables }]) =>
  [...tables, 'journal'].map((table) => [route as Route, table] as const),
)
const CONSEQUENCES = [...new Set(CASES.map(([, table]) => table))]

// Nobody but the database itself says under which transaction and at which position a row stands.
const JOURNAL_COLUMNS = '(id, workspace_id, kind, subject_id, agent_id, body, recorded_at)'

const FAULTS = {
  'cannot be written': {
    begin: (table: string) => `revoke insert on ${table} from preceptor_app`,
    end: (table: string) => `grant insert ${table === 'journal' ? JOURNAL_COLUMNS : ''} on ${table} to preceptor_app`,
  },
  'refuses every row': {
    begin: (table: string) => `create function refuse() returns trigger language plpgsql as
      'begin raise exception ''disk full'' using errcode = ''53100''; end';
      create trigger refusing before insert on ${table} for each row execute function refuse()`,
    end: () => 'drop function refuse cascade',
  },
  'is gone': {
    begin: (table: string) => `alter table ${table} rename to hidden`,
    end: (table: string) => `alter table hidden rename to ${table}`,
  },
} as const

describeWithPostgres('faults inside the store', () => {
  let database: TestDatabase
  let owner: pg.Client
  let test: TestGovernor
  let attempts = 0

  beforeAll(async () => {
    database = await createTestDatabase()
    test = await createTestGovernor({ database: database.url, settings: { deadlineMs: DEADLINE_MS } })
    for (const maturity of ['student', 'intern', 'supervised', 'autonomous'] as const) {
      await test.register(maturity, maturity)
    }
    await test.admin.members.put('sue', { displayName: 'Sue', roles: ['supervisor'] })
    const limits = [{ name: 'refunds', action: 'refund.create', per: 'day', most: 1_000 }]
    await test.admin.policies.put({ limits }, { basedOn: 0, reason: 'So that a counter is written.' })
    owner = new pg.Client(database.url)
    await owner.connect()
  })
  afterAll(async () => {
    await test.close()
    await owner.end()
    await database.drop()
  })

  /** Puts the supervisor there or not, so that a supervised run is watched or waits. */
  async function prepare(route: Route): Promise<void> {
    if (route === 'queue') await owner.query('delete from presences')
    if (route === 'supervision') await test.user('sue', 'supervisor').presence.heartbeat()
  }

  async function attempt(route: Route): Promise<{ decision: unknown; ran: boolean; took: number }> {
    const { maturity, action } = ROUTES[route]
    attempts += 1
    const trigger = { agent: maturity, action, args: {}, idempotencyKey: `attempt-${attempts}` }
    let ran = false
    const started = performance.now()
    const effect = (): void => {
      ran = true
    }
    const { decision } = await test.agent(maturity).guard(trigger, effect, { attachWithinMs: 1 })
    return { decision, ran, took: performance.now() - started }
  }

  async function rows(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {}
    for (const table of CONSEQUENCES) {
      const { rows: found } = await owner.query(`select count(*)::int as count from ${table}`)
      counts[table] = found[0].count
    }
    return counts
  }

  /** Waits until no row is on its way any more. */
  async function settledRows(): Promise<Record<string, number>> {
    await expect
      .poll(async () => {
        const { rows: open } = await owner.query(
          `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
         and xact_start is not null and query not ilike '%changes%'`,
        )
        return open.length
      })
      .toBe(0)
    return rows()
  }

  describe('what follows from a decision and cannot be written', () => {
    describe.each(Object.entries(FAULTS))(
      `${verifies(['I-1', 'I-30', 'ROUTE-9'], 'because its table')} %s`,
      (_, fault) => {
        it.each(CASES)('denies, leaves nothing of it: %s, %s', async (route, table) => {
          await prepare(route)
          const before = await settledRows()
          await owner.query(fault.begin(table))
          try {
            const { decision, ran, took } = await attempt(route)
            expect(decision).toMatchObject({ route: 'denied', code: expect.stringMatching(/^[A-Z_]+$/) })
            expect(ran).toBe(false)
            expect(took).toBeLessThan(WITHIN_MS)
          } finally {
            await owner.query(fault.end(table))
          }
          expect(await settledRows()).toEqual(before)
        })
      },
    )

    describe(verifies(['I-1', 'I-30', 'ROUTE-9'], 'because somebody else holds its table'), () => {
      it.each(CASES)('denies in time, and nothing comes after: %s, %s', async (route, table) => {
        await prepare(route)
        const before = await settledRows()
        const holder = new pg.Client(database.url)
        await holder.connect()
        await holder.query(`begin; lock table ${table} in access exclusive mode`)
        try {
          const { decision, ran, took } = await attempt(route)
          expect(decision).toMatchObject({ route: 'denied', code: 'DEADLINE_EXCEEDED' })
          expect(ran).toBe(false)
          expect(took).toBeLessThan(WITHIN_MS)
        } finally {
          await holder.query('rollback')
          await holder.end()
        }
        expect(await settledRows()).toEqual(before)
      })
    })

    it('goes through again once the store is well', async () => {
      for (const route of ['training', 'proposal', 'queue', 'execution'] as const) {
        await prepare(route)
        expect((await attempt(route)).decision).toMatchObject({ route })
      }
    })
  })

  describe('rows that were damaged in the store', () => {
    const constraints = {
      maturity_records: ['maturity_records_maturity_check', 'maturity_records_confidence_check'],
      agents: ['agents_lifecycle_check', 'agents_epoch_check'],
      stops: ['stops_target_check', 'stops_check'],
      executions: ['executions_state_check'],
    }
    beforeAll(async () => {
      for (const [table, names] of Object.entries(constraints)) {
        for (const name of names) await owner.query(`alter table ${table} drop constraint ${name}`)
      }
    })

    it.each([
      ['maturity_records', 'confidence = -1'],
      ['maturity_records', 'confidence = 10001'],
      ['maturity_records', "maturity = 'godlike'"],
      ['agents', "lifecycle = 'running'"],
      ['agents', 'epoch = 0'],
      ['agents', `fingerprint = '"text"'`],
      ['agents', `fingerprint = '{"version": 5}'`],
      ['agents', `fingerprint = '[]'`],
      ['agents', `fingerprint = '{"shoe": "5"}'`],
      ['agents', 'capabilities = array[null]::text[]'],
    ])(`${verifies('I-1', 'deny every action of the agent:')} %s %s`, async (table, assignment) => {
      attempts += 1
      const id = `damaged-${attempts}`
      await test.register(id, 'autonomous')
      await asOwnerUnguarded(
        `update ${table} set ${assignment} where ${table === 'agents' ? 'id' : 'agent_id'} = '${id}'`,
      )
      await expectReadDenied(id)
      for (const action of ['order.read', 'note.write', 'refund.create']) {
        let ran = false
        const { decision } = await test.agent(id).guard({ agent: id, action, args: {} }, () => {
          ran = true
        })
        expect([action, decision.route, 'code' in decision && decision.code]).toEqual([
          action,
          'denied',
          'FACT_INVALID',
        ])
        expect(ran).toBe(false)
      }
    })

    it(verifies('I-1', 'deny everything while a stop cannot be read'), async () => {
      await owner.query(`insert into stops (id, workspace_id, target, reason, set_by, set_at)
      values ('stp_damaged', 'default', 'nobody', 'x', 'x', now())`)
      try {
        await expectReadDenied('autonomous')
        for (const action of ['order.read', 'refund.create']) {
          const { decision } = await test
            .agent('autonomous')
            .guard({ agent: 'autonomous', action, args: {} }, () => 'ran')
          expect(decision).toMatchObject({ route: 'denied', code: 'FACT_INVALID' })
        }
      } finally {
        await owner.query(`delete from stops where id = 'stp_damaged'`)
      }
    })

    it(verifies(['I-1', 'I-4'], 'never run an attempt again whose record cannot be read'), async () => {
      const trigger = { agent: 'autonomous', action: 'refund.retry', args: {}, idempotencyKey: 'unreadable' }
      let runs = 0
      const effect = (): void => {
        runs += 1
      }
      await test.agent('autonomous').guard(trigger, effect)
      await asOwnerUnguarded(`update executions set state = 'perhaps' where idempotency_key = 'unreadable'`)
      const { decision } = await test.agent('autonomous').guard(trigger, effect)
      expect(decision.route).toBe('denied')
      expect(runs).toBe(1)
    })

    /** What is in memory of an agent is gone once the change has arrived. */
    async function expectReadDenied(agent: string): Promise<void> {
      const read = async (): Promise<string> =>
        (await test.agent(agent).decide({ agent, action: 'order.read', args: {} })).route
      await expect.poll(read, { timeout: 1_000 + 500 }).toBe('denied')
    }

    /** Past the guards of the database, but with the triggers that tell of changes. */
    async function asOwnerUnguarded(statement: string): Promise<void> {
      await owner.query(
        'alter table executions disable trigger user; alter table maturity_records disable trigger user',
      )
      await owner.query(statement)
      await owner.query('alter table executions enable trigger user; alter table maturity_records enable trigger user')
    }
  })

  describe('a journal that cannot be written behind safe runs', () => {
    it(verifies(['GUARD-4', 'I-30'], 'closes the gate to them until it can be written again'), async () => {
      const read = async () => {
        const trigger = { agent: 'autonomous', action: 'order.read', args: {} }
        const { status, decision } = await test.agent('autonomous').guard(trigger, () => 'read')
        return status === 'executed' ? status : 'code' in decision && decision.code
      }
      await expect.poll(read, { timeout: 5_000 }).toBe('executed')
      await owner.query(FAULTS['refuses every row'].begin('journal'))
      try {
        await expect.poll(read, { timeout: 5_000 }).toBe('JOURNAL_UNHEALTHY')
        expect(await test.governor.health()).toMatchObject({ ready: false, checks: { journal: { ok: false } } })
      } finally {
        await owner.query(FAULTS['refuses every row'].end())
      }
      await expect.poll(read, { timeout: 5_000 }).toBe('executed')
    })
  })
})
