import { expect, it } from 'vitest'
import { describeOnEachStore } from '../journal/each-store.test.helper.ts'
import { judge } from '../maturity/agents.test.helper.ts'
import { insertPolicy, newestPolicy } from './store.ts'

describeOnEachStore('a policy that this release cannot read', (store) => {
  it.each([{ what: 'a later release wrote' }, { promotion: { trust: 'nobody' } }, { promotion: 'none' }])(
    'is replaced by one that it can: %j [POL-1]',
    async (document) => {
      const judged = await judge(store, { maturity: 'intern', confidence: 5_000 })
      const createdAt = new Date(judged.context.clock.now()).toISOString()
      const row = { version: 1, document, reason: 'a test', createdBy: 'user:dan', createdAt }
      await judged.in((tx) => insertPolicy(tx, row))
      await expect(judged.put({ surprise: true })).rejects.toMatchObject({ code: 'POLICY_INVALID' })
      await judged.put({ separationOfDuties: true })
      expect(await judged.in(newestPolicy)).toMatchObject({ version: 2, document: { separationOfDuties: true } })
    },
  )
})
