import { describe, expect, it } from 'vitest'
import { describeOnEachStore, describeOnPostgres } from '../journal/each-store.test.helper.ts'
import { type Judged, judge } from '../maturity/agents.test.helper.ts'
import { insertPolicy } from '../policy/store.ts'
import {
  journalled,
  NOON,
  openContext,
  seedExecution,
  seedProposal,
  seedQueueEntry,
  seedWorkspace,
  statesOf,
  stoppedClock,
  type TestContext,
} from './jobs.test.helper.ts'
import { type JobDependencies, type JobPayload, runJob } from './jobs.ts'

const HOUR = 3_600_000

interface Enqueued {
  readonly name: string
  readonly payload: JobPayload
}

function dependenciesOf(context: TestContext): JobDependencies & { readonly enqueued: Enqueued[] } {
  const enqueued: Enqueued[] = []
  return {
    context,
    enqueued,
    pluginJobs: new Map(),
    enqueue: async (name, payload) => {
      enqueued.push({ name, payload })
      return true
    },
  }
}

const EXPIRING = [
  {
    name: 'expire-proposals',
    table: 'proposals',
    kind: 'proposal.expired',
    seed: seedProposal,
    open: ['pending', 'approved'],
    ended: ['executing', 'succeeded', 'failed', 'outcome_unknown', 'rejected', 'responded', 'expired', 'cancelled'],
  },
  {
    name: 'expire-queue',
    table: 'supervised_queue',
    kind: 'queue_entry.expired',
    seed: seedQueueEntry,
    open: ['pending'],
    ended: ['executing', 'completed', 'failed', 'cancelled', 'expired', 'outcome_unknown'],
  },
] as const

describeOnEachStore('jobs', (store) => {
  describe.each(EXPIRING)('$name', ({ name, table, kind, seed, open, ended }) => {
    it('ends exactly the open records whose time has come, each with one journal row [JOB-3]', async () => {
      const context = openContext(store, stoppedClock())
      const workspace = await seedWorkspace(store)
      const expected: Record<string, string> = {}
      const due: string[] = []
      for (const state of [...open, ...ended]) {
        for (const [when, expiresAt] of Object.entries({ past: NOON - HOUR, now: NOON, later: NOON + 1 })) {
          const id = `${workspace}-${state}-${when}`
          await seed(store, { workspace, id, state, expiresAt })
          const expires = open.some((one) => one === state) && when !== 'later'
          expected[id] = expires ? 'expired' : state
          if (expires) due.push(id)
        }
      }
      await runJob(dependenciesOf(context), name, { workspace })
      expect(await statesOf(store, table, workspace)).toEqual(expected)
      expect(await journalled(store, workspace, kind)).toEqual(due.sort())
      const [row] = await store.asOwner('select body, agent_id from journal where subject_id = $1', [due[0]])
      expect(row?.agent_id).toBe('bot')
      const body = {
        actor: 'system:jobs',
        action: 'refund.create',
        decisionId: `dec_${due[0]}`,
        was: expect.any(String),
      }
      expect(JSON.parse(String(row?.body))).toEqual(body)
    })

    it('is harmless when it runs twice, late, or for a workspace that is gone [JOB-2]', async () => {
      const context = openContext(store, stoppedClock())
      const workspace = await seedWorkspace(store)
      const id = `${workspace}-due`
      await seed(store, { workspace, id, state: 'pending', expiresAt: NOON - 30 * 24 * HOUR })
      for (const target of [workspace, workspace, 'nobody']) {
        await runJob(dependenciesOf(context), name, { workspace: target })
      }
      expect(await journalled(store, workspace, kind)).toEqual([id])
    })

    it('finds the workspaces itself, takes any number of records, and leaves the rest alone [JOB-3]', async () => {
      const context = openContext(store, stoppedClock())
      const [busy, quiet] = [await seedWorkspace(store), await seedWorkspace(store)]
      for (let row = 0; row < 205; row += 1) {
        await seed(store, { workspace: busy, id: `${busy}-${row}`, state: 'pending', expiresAt: NOON - row })
      }
      await seed(store, { workspace: quiet, id: `${quiet}-0`, state: 'pending', expiresAt: NOON + HOUR })
      await runJob(dependenciesOf(context), name, {})
      expect(new Set(Object.values(await statesOf(store, table, busy)))).toEqual(new Set(['expired']))
      expect(await journalled(store, busy, kind)).toHaveLength(205)
      expect(await statesOf(store, table, quiet)).toEqual({ [`${quiet}-0`]: 'pending' })
    })

    it('changes nothing when its journal row cannot be written [I-30]', async () => {
      const context = openContext(store, stoppedClock())
      const workspace = await seedWorkspace(store)
      await seed(store, { workspace, id: `${workspace}-due`, state: 'pending', expiresAt: NOON })
      await store.asOwner('alter table journal rename to journal_away')
      await expect(runJob(dependenciesOf(context), name, { workspace })).rejects.toThrow()
      await store.asOwner('alter table journal_away rename to journal')
      expect(await statesOf(store, table, workspace)).toEqual({ [`${workspace}-due`]: 'pending' })
    })
  })

  it('settle-lost-executions says of lapsed claims that their outcome is unknown [JOB-2]', async () => {
    const context = openContext(store, stoppedClock())
    const workspace = await seedWorkspace(store)
    for (let row = 0; row < 120; row += 1) {
      await seedExecution(store, { workspace, id: `${workspace}-lost-${row}`, state: 'claimed', expiresAt: NOON - 1 })
    }
    await seedExecution(store, { workspace, id: `${workspace}-held`, state: 'claimed', expiresAt: NOON + HOUR })
    await seedExecution(store, { workspace, id: `${workspace}-done`, state: 'succeeded', expiresAt: NOON - HOUR })
    await runJob(dependenciesOf(context), 'settle-lost-executions', {})
    const states = await statesOf(store, 'executions', workspace)
    expect(states[`${workspace}-held`]).toBe('claimed')
    expect(states[`${workspace}-done`]).toBe('succeeded')
    expect(Object.values(states).filter((state) => state === 'outcome_unknown')).toHaveLength(120)
    expect(await journalled(store, workspace, 'run.lost')).toHaveLength(120)
  })

  it('reconcile wakes what is due and has not been done, and nothing else [I-19]', async () => {
    const context = openContext(store, stoppedClock())
    const [proposals, queue, executions, quiet] = [
      await seedWorkspace(store),
      await seedWorkspace(store),
      await seedWorkspace(store),
      await seedWorkspace(store),
    ]
    await seedProposal(store, { workspace: proposals, id: `${proposals}-p`, state: 'approved', expiresAt: NOON })
    await seedQueueEntry(store, { workspace: queue, id: `${queue}-q`, state: 'pending', expiresAt: NOON })
    await seedExecution(store, { workspace: executions, id: `${executions}-e`, state: 'claimed', expiresAt: NOON - 1 })
    await seedProposal(store, { workspace: quiet, id: `${quiet}-p`, state: 'pending', expiresAt: NOON + 1 })
    const dependencies = dependenciesOf(context)
    await runJob(dependencies, 'reconcile', {})
    const seeded = [proposals, queue, executions, quiet]
    const found = dependencies.enqueued.filter(({ payload }) => seeded.includes(payload.workspace ?? ''))
    expect(found).toEqual([
      { name: 'expire-proposals', payload: { workspace: proposals } },
      { name: 'expire-queue', payload: { workspace: queue } },
      { name: 'settle-lost-executions', payload: { workspace: executions } },
    ])
    for (const { name, payload } of dependencies.enqueued) await runJob(dependencies, name, payload)
    dependencies.enqueued.length = 0
    await runJob(dependencies, 'reconcile', {})
    expect(dependencies.enqueued.filter(({ name }) => name !== 'seal-journal')).toEqual([])
  })

  it('seal-journal seals, and verify-journal tells the host of a broken chain [JRN-2]', async () => {
    const workspace = await seedWorkspace(store)
    const context = openContext(store)
    await context.journal.close()
    await store.asOwner(
      `insert into journal (id, workspace_id, kind, subject_id, body, recorded_at)
       select 'jrn_' || gen_random_uuid(), $1, 'agent.changed', 's' || n, '{"actor":"user:ana"}', '2026-01-02T03:04:05Z'
       from generate_series(1, 1200) as n`,
      [workspace],
    )
    await runJob(dependenciesOf(context), 'seal-journal', {})
    const [count] = await store.asOwner('select count(*)::int as seals from journal_seals where workspace_id = $1', [
      workspace,
    ])
    expect(count?.seals).toBe(1_200)
    await runJob(dependenciesOf(context), 'verify-journal', {})
    expect(context.reports).toEqual([])
    await store.asOwner(`update journal_heads set hash = 'x' where workspace_id = $1`, [workspace])
    await runJob(dependenciesOf(context), 'verify-journal', {})
    expect(context.reports).toEqual([
      {
        level: 'error',
        code: 'JOURNAL_BROKEN',
        message: `The journal of "${workspace}" does not verify at sequence 1200: The head is not the hash of the last row.`,
      },
    ])
  })

  it('prune removes what nothing looks at any more, and only that', async () => {
    const workspace = await seedWorkspace(store)
    const context = openContext(store, stoppedClock())
    await store.asOwner(`insert into idempotency_keys (workspace_id, principal_id, operation, key, request_hash, state,
        created_at, expires_at)
      select '${workspace}', 'user:ana', 'agents.register', n::text, 'h', 'answered', '2026-01-01T12:00:00Z',
        case when n <= 1100 then '2026-01-02T12:00:00Z'::timestamptz else '2026-01-02T12:00:01Z'::timestamptz end
      from generate_series(1, 1101) as n`)
    await store.asOwner(`insert into limit_counters values
      ('${workspace}', 'bot', 'daily', '2025-12-31T00:00:00Z', 1), ('${workspace}', 'bot', 'daily', '2026-01-01T00:00:00Z', 1)`)
    await store.asOwner(`insert into changes (workspace_id, kind, subject_id, changed_at)
      values ('${workspace}', 'agent', 'old', now() - interval '2 days'), ('${workspace}', 'agent', 'new', now())`)
    await runJob(dependenciesOf(context), 'prune', {})
    const left = await store.asOwner(
      `select (select string_agg(key, ',') from idempotency_keys where workspace_id = $1) as keys,
         (select count(*)::int from limit_counters where workspace_id = $1) as counters,
         (select string_agg(subject_id, ',' order by id) from changes where workspace_id = $1 and subject_id in ('old', 'new'))
           as changes`,
      [workspace],
    )
    expect(left).toEqual([{ keys: '1101', counters: 1, changes: 'new' }])
  })

  it('refuses a job that it does not know, and a workspace that is none [JOB-2]', async () => {
    const dependencies = dependenciesOf(openContext(store))
    for (const name of ['unknown', 'constructor', '__proto__', 'toString', '']) {
      await expect(runJob(dependencies, name, {})).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    }
    const payload = { workspace: "x'; drop table journal" }
    await expect(runJob(dependencies, 'expire-queue', payload)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })
})

describeOnPostgres('jobs on several connections', (store) => {
  const everywhere = async (): Promise<JobDependencies[]> => {
    const databases = await Promise.all(Array.from({ length: 3 }, () => store.another()))
    return databases.map((database) => dependenciesOf(openContext({ database }, stoppedClock())))
  }

  it.each(EXPIRING)(
    'end each record once when $name runs three times at once [JOB-2]',
    async ({ name, kind, seed }) => {
      const workspace = await seedWorkspace(store)
      const ids = Array.from({ length: 150 }, (_, row) => `${workspace}-${String(row).padStart(3, '0')}`)
      for (const id of ids) await seed(store, { workspace, id, state: 'pending', expiresAt: NOON - 1 })
      await Promise.all((await everywhere()).map((dependencies) => runJob(dependencies, name, { workspace })))
      // What one of them held when another looked is left to a later run.
      await runJob((await everywhere())[0] as JobDependencies, name, { workspace })
      expect(await journalled(store, workspace, kind)).toEqual(ids)
    },
  )

  it('leave a proposal alone that somebody decides on at that moment [JOB-3]', async () => {
    const workspace = await seedWorkspace(store)
    const id = `${workspace}-p`
    await seedProposal(store, { workspace, id, state: 'approved', expiresAt: NOON - 1 })
    const deciding = await store.database.pool.connect()
    await deciding.query('begin')
    await deciding.query(`update proposals set state = 'cancelled' where id = $1 and state = 'approved'`, [id])
    await runJob(dependenciesOf(openContext({ database: await store.another() }, stoppedClock())), 'expire-proposals', {
      workspace,
    })
    await deciding.query('commit')
    deciding.release()
    expect(await statesOf(store, 'proposals', workspace)).toEqual({ [id]: 'cancelled' })
    expect(await journalled(store, workspace, 'proposal.expired')).toEqual([])
  })
})

describeOnEachStore('a job of every workspace', (store) => {
  it('is done in the others where one cannot have it, and fails for that one [JOB-3]', async () => {
    const places = new Map<string, Judged>()
    for (const _ of ['one', 'two']) {
      const judged = await judge(store, { maturity: 'intern', confidence: 7_000 })
      await judged.put({ promotion: { policy: 'bands' } })
      await runJob(dependenciesOf(judged.context), 'seal-journal', { workspace: judged.workspace })
      places.set(judged.workspace, judged)
    }
    const listed = await store.asOwner(`select workspace_id from journal_heads where workspace_id <> '*'`)
    const [first, second] = listed.flatMap((row) => places.get(String(row.workspace_id)) ?? [])
    if (first === undefined || second === undefined) throw new Error('A workspace is not listed.')
    const document = { what: 'a later release wrote' }
    const policy = {
      version: 2,
      document,
      reason: 'a test',
      createdBy: 'user:dan',
      createdAt: new Date(NOON).toISOString(),
    }
    await first.in((tx) => insertPolicy(tx, policy))
    await expect(runJob(dependenciesOf(second.context), 'check-promotion', {})).rejects.toMatchObject({
      code: 'POLICY_INVALID',
    })
    expect(await first.record()).toMatchObject({ maturity: 'intern' })
    expect(await second.record()).toMatchObject({ maturity: 'supervised' })
  })
})
