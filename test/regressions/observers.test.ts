import { createTestGovernor } from '@preceptor/core/testing'
import { expect, it } from 'vitest'
import { shown } from './support.ts'

// inkeep/agents#3473: hooks that only watched failed open.
it('a log of the host that throws opens nothing, and takes no approval away (inkeep/agents#3473) [I-1, I-2]', async () => {
  let told = 0
  const report = (): void => {
    told += 1
    throw new Error('The log is full.')
  }
  let fails = false
  const failpoint = async (name: string): Promise<void> => {
    if (fails && name === 'decide.before_commit') throw new Error('The store is gone.')
  }
  const test = await createTestGovernor({ report, testing: { failpoint } })
  await test.register('bot', 'intern')
  const trigger = { agent: 'bot', action: 'refund.create', args: {}, idempotencyKey: 'watched' }
  let ran = 0
  const attempt = (): Promise<unknown> => test.agent('bot').guard(trigger, () => (ran += 1))
  await attempt()
  const [proposal] = (await test.admin.proposals.list()).items
  if (proposal === undefined) throw new Error('Nothing was proposed.')
  fails = true
  await attempt().catch(() => undefined)
  expect({ ran, told: told > 0 }).toEqual({ ran: 0, told: true })
  fails = false
  await test.user('ana', 'supervisor').proposals.approve(proposal.id, shown(proposal))
  await attempt()
  await attempt()
  expect(ran).toBe(1)
  await test.close()
})
