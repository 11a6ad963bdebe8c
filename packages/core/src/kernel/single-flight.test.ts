import { describe, expect, it } from 'vitest'
import { createSingleFlight } from './single-flight.ts'

describe('single flight', () => {
  it('runs one piece of work for all who ask while it runs', async () => {
    const flights = createSingleFlight<number>()
    let runs = 0
    const work = async (): Promise<number> => {
      runs += 1
      await Promise.resolve()
      return runs
    }
    const answers = await Promise.all([flights.run('a', work), flights.run('a', work), flights.run('b', work)])
    expect(answers).toEqual([2, 2, 2])
    expect(runs).toBe(2)
  })

  it('starts anew afterwards, also after a failure or a throw', async () => {
    const flights = createSingleFlight<number>()
    const error = new Error('no')
    const fail = (): Promise<number> => Promise.reject(error)
    const both = await Promise.allSettled([flights.run('a', fail), flights.run('a', fail)])
    expect(both).toEqual([
      { status: 'rejected', reason: error },
      { status: 'rejected', reason: error },
    ])
    await expect(
      flights.run('a', () => {
        throw error
      }),
    ).rejects.toBe(error)
    await expect(flights.run('a', async () => 1)).resolves.toBe(1)
  })

  it('does not join, nor end, what was started before it was told to forget', async () => {
    const flights = createSingleFlight<string>()
    const release: (() => void)[] = []
    const wait = (value: string) => (): Promise<string> => new Promise((resolve) => release.push(() => resolve(value)))
    const first = flights.run('a', wait('old'))
    flights.forget('a')
    const second = flights.run('a', wait('new'))
    await Promise.resolve()
    release[0]?.()
    await expect(first).resolves.toBe('old')
    const third = flights.run('a', wait('never'))
    release[1]?.()
    await expect(Promise.all([second, third])).resolves.toEqual(['new', 'new'])
  })
})
