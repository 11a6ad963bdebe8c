import { type ControlScope, type FollowedEnds, onQueueSettled } from '@preceptor/client'
import { describe, expect, it, vi } from 'vitest'
import { HOUR, useQueue } from './queue.test.helper.ts'

const WITHIN = { timeout: 10_000 }

describe('onQueueSettled', () => {
  const queue = useQueue()

  /** Follows, and remembers what was told. */
  async function follow(
    scope: ControlScope,
    after?: number,
  ): Promise<{ readonly told: string[]; readonly settled: FollowedEnds; end(): Promise<number> }> {
    const controller = new AbortController()
    const told: string[] = []
    const options = { signal: controller.signal, ...(after === undefined ? {} : { after }) }
    const settled = await onQueueSettled(scope, ({ id, state }) => void told.push(`${id} ${state}`), options)
    const end = async (): Promise<number> => {
      controller.abort()
      await settled.ended
      return settled.position
    }
    return { told, settled, end }
  }

  it('tells who asked without a guard of each end, after it was committed [QUEUE-2]', async () => {
    const principal = { kind: 'agent', id: 'watched', roles: [] } as const
    const agent = queue.test.governor.as({ workspace: 'default', principal })
    const { told, end } = await follow(agent)
    const ran = (await queue.enqueue()).id
    const failed = (await queue.enqueue()).id
    const cancelled = (await queue.enqueue()).id
    const expired = (await queue.enqueue({ action: 'letter.send' })).id
    await queue.comesOnline('sam')
    await queue.watch(ran)
    expect(told).not.toContain(`${failed} failed`)
    queue.execute = () => {
      throw new Error('no such order')
    }
    await queue.watch(failed)
    await agent.queue.cancel(cancelled, 'Not needed.')
    queue.clock.advance(25 * HOUR)
    await queue.test.admin.queue.expire()
    const ends = [`${ran} completed`, `${failed} failed`, `${cancelled} cancelled`, `${expired} expired`]
    await vi.waitFor(() => expect(told).toEqual(ends), WITHIN)
    await end()
  })

  it('goes on after the position where it ended, and tells again of an outcome that was found out [QUEUE-2]', async () => {
    const first = await follow(queue.test.admin)
    const { id } = await queue.enqueue()
    await queue.comesOnline('sam')
    // The claim lapses while it runs: nobody knows what came of it.
    queue.execute = async () => {
      queue.clock.advance(HOUR)
      await queue.test.governor.jobs.run('settle-lost-executions', { workspace: 'default' })
    }
    await queue.watch(id)
    await vi.waitFor(() => expect(first.told).toEqual([`${id} outcome_unknown`]), WITHIN)
    const after = await first.end()
    await queue.test.admin.queue.resolve(id, { outcome: 'succeeded', reason: 'It is in the books.' })
    const second = await follow(queue.test.admin, after)
    await vi.waitFor(() => expect(second.told).toEqual([`${id} completed`]), WITHIN)
    await second.end()
  })

  it('does not count what the handler could not handle [QUEUE-2]', async () => {
    const fault = new Error('no mail today')
    const settled = await onQueueSettled(queue.test.admin, () => Promise.reject(fault))
    const { id } = await queue.enqueue()
    await queue.test.admin.queue.cancel(id, 'Not needed.')
    await expect(settled.ended).rejects.toBe(fault)
    const again = await follow(queue.test.admin, settled.position)
    await vi.waitFor(() => expect(again.told).toEqual([`${id} cancelled`]), WITHIN)
    await again.end()
  })
})
