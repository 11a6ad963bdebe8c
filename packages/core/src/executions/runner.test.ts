import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

let test: TestGovernor
let failing: string | undefined
const attempt = (idempotencyKey: string) => ({ agent: 'bot', action: 'refund.create', args: {}, idempotencyKey })

beforeAll(async () => {
  const failpoint = async (name: string): Promise<void> => {
    if (name !== failing) return
    failing = undefined
    throw new Error('The answer was lost.')
  }
  test = await createTestGovernor({ testing: { failpoint } })
  await test.register('bot', 'autonomous')
})
afterAll(() => test.close())

describe('a guarded run', () => {
  it('that was aborted before it began is released, so that it can be made again', async () => {
    const signal = AbortSignal.abort(new Error('Changed my mind.'))
    let runs = 0
    const run = () => {
      runs += 1
    }
    await expect(test.agent('bot').guard(attempt('early'), run, { signal })).rejects.toThrow('Changed my mind.')
    expect(runs).toBe(0)
    expect(await test.agent('bot').guard(attempt('early'), run)).toMatchObject({ status: 'executed' })
  })

  it('keeps its own error, and its outcome on record, when the host cannot tell control flow', async () => {
    const isControlFlow = (): never => {
      throw new Error('Broken question.')
    }
    const run = (): never => {
      throw new Error('The tool broke.')
    }
    const running = test.agent('bot').guard(attempt('question'), run, { isControlFlow })
    await expect(running).rejects.toThrow('The tool broke.')
    const again = await test.agent('bot').guard(attempt('question'), () => 'no')
    expect(again).toMatchObject({ status: 'replayed', outcome: { status: 'failed', message: 'The tool broke.' } })
  })

  it('is on record when only the answer to the commit was lost', async () => {
    const result = await test.agent('bot').guard(attempt('lost'), () => {
      failing = 'record.after_commit'
    })
    expect(failing).toBeUndefined()
    expect(result).toMatchObject({ status: 'executed', recorded: true })
  })
})
