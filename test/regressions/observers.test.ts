import { createTestGovernor } from '@preceptor/core/testing'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import { expect, it } from 'vitest'
import { shown } from './support.ts'

// inkeep/agents#3473: hooks that only watched failed open.
describeWithPostgres('a log of the host that throws', () => {
  const database = useTestDatabase()

  it('opens nothing, takes no approval away and ends nothing (inkeep/agents#3473) [I-1, I-2]', async () => {
    let told = 0
    const report = (): void => {
      told += 1
      throw new Error('The log is full.')
    }
    let fails = false
    const failpoint = async (name: string): Promise<void> => {
      if (fails && name === 'decide.before_commit') throw new Error('The store is gone.')
    }
    const test = await createTestGovernor({
      database: database.url,
      report,
      settings: { deadlineMs: 20_000 },
      testing: { failpoint },
    })
    await test.register('bot', 'intern')
    const trigger = { agent: 'bot', action: 'refund.create', args: {}, idempotencyKey: 'watched' }
    let ran = 0
    const attempt = (): Promise<unknown> => test.agent('bot').guard(trigger, () => (ran += 1))
    await attempt()
    const [proposal] = (await test.admin.proposals.list()).items
    if (proposal === undefined) throw new Error('Nothing was proposed.')
    fails = true
    await attempt().catch(() => undefined)
    expect(ran).toBe(0)
    // What goes wrong by itself is told as well, where nobody could catch what the log throws.
    await loseConnections(database.url, () => told)
    fails = false
    await test.user('ana', 'supervisor').proposals.approve(proposal.id, shown(proposal))
    await attempt()
    await attempt()
    expect(ran).toBe(1)
    await test.close()
  })
})

/** Cuts every connection of the governor until it says so. */
async function loseConnections(url: string, told: () => number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const before = told()
  const cut = async (): Promise<number> => {
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
    return told()
  }
  await expect.poll(cut, { timeout: 20_000, interval: 20 }).toBeGreaterThan(before)
  await client.end()
}
