import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { createLearning, learning } from '@preceptor/learning'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createFaultyPool, type Fault, type FaultyPool } from '../dependencies/faulty-pool.ts'
import { modelAt } from './models.ts'
import { loadRefunds, type RefundCase, type RuleServer, startRuleServer } from './rule-server.ts'

// Longer than anything is held.
const LEASES_MS = 3_600_000
const JOBS = ['train', 'trial', 'settle-run'] as const
const PLACES = Array.from({ length: 18 }, (_, index) => `place-${index + 1}`)

/** Fails the commit of that number: before it reached the database, or after, when nobody hears of it. */
function cutAt(number: number, isAfter: boolean): { readonly fault: Fault; readonly hasCut: () => boolean } {
  let commits = 0
  const fault: Fault = async (statement, answer) => {
    // Once it is cut off, it begins nothing any more.
    if (commits >= number && statement.startsWith('begin')) throw new Error('cut off')
    if (!/^commit/i.test(statement)) return answer()
    commits += 1
    if (commits < number) return answer()
    if (commits === number && isAfter) await answer()
    throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
  }
  return { fault, hasCut: () => commits >= number }
}

describeWithPostgres('a training run that is cut off', () => {
  const database = useTestDatabase()
  const clock = { ahead: 0, now: () => Date.now() + clock.ahead, monotonic: () => performance.now() }
  let server: RuleServer
  let cases: readonly RefundCase[]
  let faulty: FaultyPool
  let dying: EmbeddedGovernor
  let living: EmbeddedGovernor

  beforeAll(async () => {
    cases = (await loadRefunds()).REFUND_CASES
    server = await startRuleServer()
    faulty = createFaultyPool(database.url)
    const open = (source: string | FaultyPool['pool']) =>
      createGovernor({
        database: source,
        migrate: true,
        workspaces: PLACES,
        plugins: [createLearning({ improver: modelAt(server), automatic: false })],
        report: () => undefined,
        clock,
      })
    living = await open(database.url)
    dying = await open(faulty.pool)
  })
  afterAll(async () => {
    faulty?.meet(undefined)
    await dying?.close()
    await living?.close()
    await faulty?.pool.end()
    await server?.close()
  })

  const adminOf = (governor: EmbeddedGovernor, workspace: string) =>
    governor.as({ workspace, principal: { kind: 'user', id: 'ana', roles: ['admin'] } })

  async function work(governor: EmbeddedGovernor): Promise<void> {
    for (const job of JOBS) await governor.jobs.run(`learning-${job}`, {})
  }

  it('at any commit, before or after it, is finished by another process: one version, one deployment, nothing lost [LEARN-8]', async () => {
    let points = 0
    for (const [index, workspace] of PLACES.entries()) {
      const admin = adminOf(living, workspace)
      await admin.agents.register({ id: 'refund-bot', ownerId: 'system' })
      const lines = cases.flatMap(({ task, wrong, right }) =>
        [1, 2, 3, 4].map((customer) =>
          JSON.stringify({ agentType: 'generic', input: `${customer}: ${task}`, output: wrong, correction: right }),
        ),
      )
      await admin.plugin(learning).examples.import(lines.join('\n'))
      const { id } = await admin.plugin(learning).training.train('refund-bot', { deploy: true })
      const { fault, hasCut } = cutAt(index + 1, index % 2 === 1)
      faulty.meet(fault)
      await work(dying).catch(() => undefined)
      faulty.meet(undefined)
      if (hasCut()) points += 1
      // Whoever was cut off may be alive for as long as it holds something.
      clock.ahead += LEASES_MS
      await work(living)
      const run = await admin.plugin(learning).training.get(id)
      const where = `commit ${index + 1}, ${index % 2 === 1 ? 'after' : 'before'}`
      expect(run, where).toMatchObject({ state: 'completed', deployment: { deployed: true }, playbook: { version: 1 } })
      const { playbooks } = admin
      expect((await playbooks.versions(run.playbook?.id ?? '')).items, where).toHaveLength(1)
      expect((await playbooks.deployments(run.playbook?.id ?? '')).items, where).toMatchObject([{ state: 'active' }])
      const { items } = await admin.plugin(learning).examples.list({ limit: 100 })
      expect(items, where).toHaveLength(lines.length)
      const unused = items.filter(({ isHeldOut, appliedBy }) => !isHeldOut && appliedBy !== id)
      expect(unused, where).toEqual([])
      const { items: told } = await admin.journal.list({ subject: id })
      expect(told.map(({ kind }) => kind).reverse(), where).toEqual(['training_run.created', 'training_run.completed'])
    }
    // The last places are past the last commit of a run: nothing was cut there.
    expect(points).toBeGreaterThan(12)
  }, 240_000)
})
