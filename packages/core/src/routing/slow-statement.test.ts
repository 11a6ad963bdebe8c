import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDatabase } from '../database/open-database.ts'
import { createTestGovernor } from '../testing/test-governor.ts'

// The deadline of a decision, and what a loaded machine may add to it.
const WITHIN_MS = 2_000 + 1_500

it('a statement of ten seconds on the embedded engine denies in time and leaves the gate free [I-1, DB-1, DB-2]', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'preceptor-slow-'))
  const database = await openDatabase({ dataFolder: join(folder, 'data'), statementDeadlineMs: 0 })
  const test = await createTestGovernor({ database: database.pool })
  try {
    await test.register('bot', 'autonomous')
    const guard = () => test.agent('bot').guard({ agent: 'bot', action: 'note.write', args: {} }, () => 'ran')
    const slow = database.pool.query('select pg_sleep(10)').catch((error: unknown) => error)
    const started = performance.now()
    const result = await guard()
    expect(performance.now() - started).toBeLessThan(WITHIN_MS)
    expect(result).toMatchObject({ status: 'withheld', decision: { route: 'denied' } })
    await slow
    await expect.poll(async () => (await guard()).status, { timeout: 20_000 }).toBe('executed')
  } finally {
    await test.close()
    await database.close()
    await rm(folder, { recursive: true, force: true })
  }
}, 60_000)
