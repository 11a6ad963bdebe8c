import { expect, it, vi } from 'vitest'
import { createTestGovernor } from './testing/test-governor.ts'

it('answers GOVERNOR_CLOSED after its end, and each call of close waits for that end', async () => {
  const test = await createTestGovernor()
  await test.register('bot', 'autonomous')
  let ended = false
  let begin = (): void => undefined
  const inside = new Promise<void>((resolve) => {
    begin = resolve
  })
  const running = test.agent('bot').guard({ agent: 'bot', action: 'refund.create', args: {} }, async () => {
    begin()
    await new Promise((resolve) => setTimeout(resolve, 150))
    ended = true
  })
  await inside
  const first = test.governor.close()
  await test.governor.close()
  expect(ended).toBe(true)
  await Promise.all([first, running])
  await expect(test.admin.registerActions({ 'late.one': {} })).rejects.toMatchObject({ code: 'GOVERNOR_CLOSED' })
})

it('takes its time from the database, so that a machine whose clock is wrong agrees with the others [I-17]', async () => {
  const now = Date.now
  const wrong = vi.spyOn(Date, 'now').mockImplementation(() => now() + 3_600_000)
  try {
    const test = await createTestGovernor()
    await test.register('bot', 'autonomous')
    const decision = await test.agent('bot').decide({ agent: 'bot', action: 'refund.create', args: {} })
    await test.governor.close()
    expect(Math.abs(Date.parse(decision.decidedAt) - now())).toBeLessThan(60_000)
  } finally {
    wrong.mockRestore()
  }
})
