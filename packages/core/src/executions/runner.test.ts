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

  it('whose host cannot say whether it waits does not begin, and holds nothing', async () => {
    const signal = (): never => {
      throw new Error('There is no request any more.')
    }
    const never = (): never => {
      throw new Error('It began.')
    }
    const refused = await test.agent('bot').guard(attempt('unasked'), never, { signal })
    expect(refused).toMatchObject({ status: 'withheld', decision: { route: 'denied', code: 'INTERNAL' } })
    expect(await test.agent('bot').guard(attempt('unasked'), () => 'yes')).toMatchObject({ status: 'executed' })
  })

  it('that is safe begins without asking its host, and follows it from when it looks at its signal', async () => {
    const host = new AbortController()
    const asked: string[] = []
    const signal = (): AbortSignal => {
      asked.push('host')
      return host.signal
    }
    const safe = { agent: 'bot', action: 'order.read', args: {} }
    await test.agent('bot').guard(safe, () => 'done', { signal })
    expect(asked).toEqual([])
    const seen = test.agent('bot').guard(
      safe,
      (call) => {
        const { signal: own } = call
        host.abort(new Error('It went away.'))
        return String(own.reason)
      },
      { signal },
    )
    expect(await seen).toMatchObject({ status: 'executed', value: 'Error: It went away.' })
    expect(asked).toEqual(['host'])
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
