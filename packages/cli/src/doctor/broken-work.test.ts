import { createGovernor, defineActions, type EmbeddedGovernor } from '@preceptor/core'
import { createTestDatabase, describeWithPostgres } from '@preceptor/test-setup'
import { createWorker } from '@preceptor/worker'
import pg from 'pg'
import { beforeEach, expect, it } from 'vitest'
import { loadPlugins } from '../plugins.ts'
import { runLine } from '../run-line.test.helper.ts'
import { doctor, useSetups } from './doctor.test.helper.ts'

const { closing } = useSetups()

const WORK = ['worker', 'jobs', 'stuck', 'database-clock'] as const

it('work is looked at in a database alone [OPS-12]', async () => {
  const { found } = await doctor({})
  expect(WORK.map((name) => found(name)?.state)).toEqual(WORK.map(() => 'skipped'))
})

describeWithPostgres('work that does not go on is found by the doctor [OPS-12]', () => {
  let url = ''
  let client: pg.Client

  beforeEach(async () => {
    const database = await createTestDatabase()
    closing.push(() => database.drop())
    url = database.url
    expect((await runLine(['db', 'apply'], { env: { DATABASE_URL: url } })).code).toBe(0)
    client = new pg.Client({ connectionString: url })
    await client.connect()
    closing.push(() => client.end())
  }, 60_000)

  const states = async () => {
    const { code, found } = await doctor({ DATABASE_URL: url })
    return { code, found, all: WORK.map((name) => found(name)?.state) }
  }
  async function open(): Promise<EmbeddedGovernor> {
    const governor = await createGovernor({
      database: url,
      plugins: await loadPlugins(),
      actions: defineActions({ 'refund.create': { risk: 'high', execute: () => 'done' } }),
      report: () => undefined,
    })
    closing.push(() => governor.close())
    return governor
  }

  it('nobody ever worked there, and looking makes no place for jobs', async () => {
    expect((await states()).all).toEqual(['warning', 'ok', 'ok', 'ok'])
    const { rowCount } = await client.query(`select 1 from information_schema.schemata where schema_name = 'bullmq'`)
    expect(rowCount).toBe(0)
  }, 60_000)

  it('a worker is alive, and then it is gone', async () => {
    const governor = await open()
    const worker = await createWorker(governor)
    closing.push(() => worker.close())
    await expect.poll(async () => (await states()).all, { timeout: 30_000 }).toEqual(['ok', 'ok', 'ok', 'ok'])
    await worker.close()
    await client.query(`update bullmq.scheduler set next_run_ms = next_run_ms - 3600000`)
    const { code, found } = await states()
    expect([code, found('worker')]).toMatchObject([
      1,
      { state: 'failed', message: expect.stringMatching(/for (59|60) min/), advice: expect.stringContaining('worker') },
    ])
  }, 120_000)

  it('a job fails again and again', async () => {
    const governor = await open()
    for (const id of ['a', 'b', 'c']) await governor.jobs.enqueue('nonsense', { id })
    const worker = await createWorker(governor)
    closing.push(() => worker.close())
    await expect
      .poll(async () => (await states()).found('jobs'), { timeout: 60_000, interval: 1_000 })
      .toMatchObject({ state: 'failed', message: expect.stringMatching(/nonsense \(3 times .*There is no job/) })
  }, 120_000)

  it('what was approved is run by nobody, and what lapsed is settled by nobody', async () => {
    const governor = await open()
    const as = (kind: 'user' | 'agent', id: string) =>
      governor.as({ workspace: 'default', principal: { kind, id, roles: kind === 'user' ? ['admin'] : [] } })
    await as('user', 'root').members.put('ana', { displayName: 'Ana', roles: ['admin'] })
    await as('user', 'root').agents.register({ id: 'bot', maturity: 'intern', ownerId: 'system' })
    const ids: string[] = []
    for (const key of ['approved', 'late', 'unknown', 'fine']) {
      const trigger = { agent: 'bot', action: 'refund.create', args: {}, idempotencyKey: key }
      const decision = await as('agent', 'bot').decide(trigger)
      if (decision.route !== 'proposal') throw new Error(decision.reason)
      ids.push(decision.proposal.id)
    }
    const [approved = '', late = '', unknown = ''] = ids
    const { version, actionHash } = await as('user', 'ana').proposals.get(approved)
    await as('user', 'ana').proposals.approve(approved, { version, actionHash })
    await expect.poll(async () => (await states()).found('stuck')?.state, { timeout: 30_000 }).toBe('ok')
    // As if hours had passed: no rule is asked.
    await client.query(`set session_replication_role = replica`)
    const back = `updated_at = updated_at - interval '2 hours'`
    await client.query(`update proposals set ${back}, runnable_at = runnable_at - interval '2 hours' where id = $1`, [
      approved,
    ])
    await client.query(`update proposals set expires_at = now() - interval '1 hour' where id = $1`, [late])
    await client.query(`update proposals set state = 'outcome_unknown', ${back} where id = $1`, [unknown])
    await client.query(`insert into deliveries (id, workspace_id, channel, target, event_id, sequence, kind, subject_id, payload,
        state, attempt, due_at, created_at) values ('dlv_1', 'default', 'slack', 'slack', 'e1', 1, 'alert.raised', 's', '{}',
        'pending', 4, now() - interval '1 hour', now() - interval '3 hours')`)
    const { code, found } = await states()
    expect([code, found('stuck')?.state]).toEqual([1, 'failed'])
    for (const words of [
      'no worker runs',
      'nobody expired',
      'whether they ran',
      'nobody sends',
      'three times or more',
    ]) {
      expect(found('stuck')?.message).toMatch(new RegExp(`1 [^;]*${words}[^;]*\\(default, since `))
    }
  }, 120_000)
})
