import { expect, it } from 'vitest'
import { describeOnEachStore, type TestStore } from '../journal/each-store.test.helper.ts'
import { type Judged, judge } from './agents.test.helper.ts'
import { checkPromotion } from './check-promotion.ts'
import { decay } from './decay.ts'

const DAY = 86_400_000

/** Lets the database refuse whatever is written of `bot` while something is done. */
async function refusing<T>(store: TestStore, judged: Judged, table: string, act: () => Promise<T>): Promise<T> {
  const refused = `check (workspace_id <> '${judged.workspace}' or agent_id <> 'bot') not valid`
  await store.asOwner(`alter table ${table} add constraint refused ${refused}`)
  try {
    return await act()
  } finally {
    await store.asOwner(`alter table ${table} drop constraint refused`)
  }
}

describeOnEachStore('a job that goes through the agents of a workspace', (store) => {
  it('promotes and demotes the others where one cannot be, says so once, and tries again [MAT-16]', async () => {
    const judged = await judge(store, { maturity: 'intern', confidence: 7_000 })
    await judged.register('sound', { maturity: 'intern', confidence: 7_000 })
    await judged.put({ promotion: { policy: 'bands' } })
    const run = () => checkPromotion(judged.context, judged.workspace)
    expect(await refusing(store, judged, 'maturity_transitions', run)).toBe(1)
    expect(await judged.record()).toMatchObject({ maturity: 'intern' })
    expect(judged.context.reports.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^check-promotion .*bot/),
    ])
    expect(await run()).toBe(1)
    expect(await judged.record()).toMatchObject({ maturity: 'supervised' })
  })

  it('takes from the others what is not used, too [MAT-9]', async () => {
    const judged = await judge(store, { maturity: 'intern', confidence: 5_500 })
    await judged.register('sound', { maturity: 'intern', confidence: 5_500 })
    judged.advance(38 * DAY)
    const run = () => decay(judged.context, judged.workspace)
    expect(await refusing(store, judged, 'confidence_entries', run)).toBe(1)
    expect((await judged.record())?.confidence).toBe(5_500)
    expect(await run()).toBe(1)
    expect((await judged.record())?.confidence).toBe(5_400)
  })
})
