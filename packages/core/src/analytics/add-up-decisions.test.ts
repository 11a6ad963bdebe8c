import type { Route } from '@preceptor/client'
import { expect, it } from 'vitest'
import { inWorkspace } from '../database/transaction.ts'
import { openContext } from '../jobs/jobs.test.helper.ts'
import { sealJournal } from '../jobs/seal-journal.ts'
import { describeOnEachStore } from '../journal/each-store.test.helper.ts'
import { addUpDecisions } from './add-up-decisions.ts'
import type { Analysis } from './analysis.ts'
import { countDecisions } from './decision-count-store.ts'

const NOON = Date.UTC(2026, 0, 2, 12)
const MINUTE = 60_000
const iso = (ms: number): string => new Date(ms).toISOString()

describeOnEachStore('decisions that are added up', (store) => {
  async function open() {
    const context = openContext(store)
    const workspace = await store.workspace()
    const write = async (minutes: readonly number[], agent = 'bot', route: Route = 'execution'): Promise<void> => {
      const body = { decision: { action: 'order.read', route, source: 'manual', maturity: 'intern' }, digest: 'd' }
      const values = minutes.map(
        (minute) =>
          `('${context.ids.next('jrn')}', '${workspace}', 'decision.made', 's', '${agent}',
            '${JSON.stringify(body)}', '${iso(NOON + minute * MINUTE)}')`,
      )
      await store.asOwner(
        `insert into journal (id, workspace_id, kind, subject_id, agent_id, body, recorded_at) values ${values.join(', ')}`,
      )
    }
    const count = async (range: readonly [from: number, to: number], more: Partial<Analysis> = {}): Promise<number> => {
      const [from, to] = range.map((minute) => iso(NOON + minute * MINUTE)) as [string, string]
      const analysis: Analysis = {
        range: { from, to, bucket: 'hour' },
        agent: null,
        only: null,
        capability: null,
        ...more,
      }
      const rows = await inWorkspace(context.database, { workspace }, (tx) => countDecisions(tx, analysis))
      return rows.reduce((sum, row) => sum + row.count, 0)
    }
    return { context, workspace, write, count, seal: () => sealJournal(context, workspace) }
  }

  it('count once each, whatever was sealed or added up when they are asked for [ANL-7]', async () => {
    const { context, workspace, write, count, seal } = await open()
    const everything = [-600, 600] as const
    await write([-61, -60, -59, -1, 0, 30, 59, 60, 61])
    expect(await count(everything)).toBe(9)
    await seal()
    expect(await count(everything)).toBe(9)
    expect(await addUpDecisions(context, workspace)).toBe(9)
    expect(await count(everything)).toBe(9)
    // An hour that was added up gets more: some sealed, some not yet.
    await write([30, 31], 'other')
    expect(await count(everything)).toBe(11)
    await seal()
    await write([32])
    expect(await count(everything)).toBe(12)
    await addUpDecisions(context, workspace)
    expect(await count(everything)).toBe(12)
    expect(await count(everything, { agent: 'other' })).toBe(2)
    expect(await count(everything, { only: ['bot'] })).toBe(10)
  })

  it('count to the minute where a range begins and ends within an hour [ANL-7]', async () => {
    const { context, workspace, write, count, seal } = await open()
    await write([-61, -60, -59, -1, 0, 30, 59, 60, 61])
    await seal()
    await addUpDecisions(context, workspace)
    expect(await count([-60, 60])).toBe(6)
    expect(await count([-59, 61])).toBe(6)
    expect(await count([-1, 1])).toBe(2)
    expect(await count([10, 20])).toBe(0)
    expect(await count([30, 31])).toBe(1)
    expect(await count([-61, 30])).toBe(5)
  })

  it('are added up once, however many do it at a time [ANL-7]', async () => {
    const { context, workspace, write, count, seal } = await open()
    for (let round = 0; round < 4; round += 1) {
      await write(Array.from({ length: 700 }, (_, index) => index - 350))
      await seal()
      await Promise.all([1, 2, 3].map(() => addUpDecisions(context, workspace)))
    }
    while ((await addUpDecisions(context, workspace)) > 0);
    expect(await addUpDecisions(context, workspace)).toBe(0)
    expect(await count([-600, 600])).toBe(2_800)
    expect(await count([-600, 600], { agent: 'bot' })).toBe(2_800)
  })
})
