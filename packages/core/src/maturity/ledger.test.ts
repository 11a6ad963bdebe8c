import { expect, it } from 'vitest'
import { insertAgent } from '../agents/store.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { openContext } from '../jobs/jobs.test.helper.ts'
import { describeOnEachStore } from '../journal/each-store.test.helper.ts'
import { insertPolicy } from '../policy/store.ts'
import { earn } from './earn.ts'
import { recordEvidence } from './record-evidence.ts'
import { listEntries, lockRecord } from './store.ts'

const AT = '2026-01-02T12:00:00.000Z'

async function newAgent(tx: Tx, id: string, confidence: number): Promise<void> {
  const described = { id, displayName: id, category: null, specialty: null, ownerId: 'system' }
  const earned = { maturity: 'student', confidence, capabilities: [], fingerprint: {} } as const
  await insertAgent(tx, { ...described, ...earned, entryId: `cfe_${id}`, actor: 'system:test', at: AT })
}

describeOnEachStore('the confidence ledger', (store) => {
  it('counts every source once, whoever writes at the same time, and equals the stored sum [I-11, MAT-3]', async () => {
    const context = openContext(store)
    const { database } = context
    const workspace = await store.workspace()
    await inWorkspace(database, { workspace }, (tx) => newAgent(tx, 'busy', 3_000))
    // Every fifth source comes twice.
    const sources = Array.from({ length: 100 }, (_, index) => index).flatMap((index) =>
      index % 5 === 0 ? [index, index] : [index],
    )
    const write = (index: number): Promise<unknown> =>
      inWorkspace(database, { workspace, retry: true }, (tx) =>
        recordEvidence(context, tx, {
          agent: 'busy',
          capability: '*',
          kind: 'run',
          requested: index % 2 === 0 ? 25 : -10,
          sourceType: 'run',
          sourceId: `run-${index}`,
          actor: 'system:test',
          reason: 'test',
        }),
      )
    const queue = [...sources]
    const writer = async (): Promise<void> => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) await write(next)
    }
    await Promise.all(Array.from({ length: 6 }, writer))
    const { record, entries } = await inWorkspace(database, { workspace }, async (tx) => ({
      record: await lockRecord(tx, { agent: 'busy', capability: '*' }),
      entries: await listEntries(tx, { agent: 'busy', before: null, limit: 500 }),
    }))
    expect(entries).toHaveLength(101)
    expect(record?.confidence).toBe(3_000 + 50 * 25 - 50 * 10)
    expect(entries.reduce((sum, { applied }) => sum + applied, 0)).toBe(record?.confidence)
  }, 60_000)

  it('under `bands` promotes at once when training crosses a band, and counts the session once [MAT-5, MAT-4]', async () => {
    const context = openContext(store)
    const workspace = await store.workspace()
    const score = {
      agent: 'pupil',
      capability: '*',
      evidence: { kind: 'training', score: 8_000 },
      actor: 'user:ana',
      reason: 'passed',
    } as const
    const document = { promotion: { policy: 'bands' } } as const
    const policy = { version: 1, document, reason: 'a test', createdBy: 'system:test', createdAt: AT }
    await inWorkspace(context.database, { workspace }, (tx) => insertPolicy(tx, policy))
    await inWorkspace(context.database, { workspace }, (tx) => newAgent(tx, 'pupil', 3_000))
    const earned = (sourceId: string) =>
      inWorkspace(context.database, { workspace }, (tx) => earn(context, tx, { ...score, sourceId }))
    expect(await earned('session-1')).toMatchObject({ maturity: 'intern', confidence: 5_000 })
    expect(await earned('session-1')).toMatchObject({ maturity: 'intern', confidence: 5_000 })
    expect(await earned('session-2')).toMatchObject({ maturity: 'supervised', confidence: 7_000 })
  })
})
