import { describe, expect, it } from 'vitest'
// @ts-expect-error plain JavaScript, as all of the benchmarks
import { exponential, logNormal, seeded, simulate } from './simulate.mjs'

const ARRIVALS = 200_000
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The mean wait of a line with several servers (Erlang C); A. K. Erlang, 1917. */
function erlangWait(perSecond: number, service: number, servers: number): number {
  const load = perSecond * service
  let sum = 0
  let term = 1
  for (let index = 0; index < servers; index += 1) {
    sum += term
    term *= load / (index + 1)
  }
  const waits = (term * servers) / (servers - load)
  const chance = waits / (sum + waits)
  return (chance * service) / (servers - load)
}

describe('the simulation of a line', () => {
  it.each([
    [1, 0.5],
    [1, 0.8],
    [4, 3],
    [12, 9],
  ])('waits as theory has it, with %i servers and a load of %f [BENCH-2]', (servers, load) => {
    const model = {
      stations: [{ name: 'desk', servers }],
      kinds: [{ share: 1, service: { desk: exponential(1) } }],
      perSecond: load,
      arrivals: ARRIVALS,
      seed: 7,
    }
    const { busy, waited } = simulate(model).desk
    expect(busy).toBeCloseTo(load / servers, 1)
    const expected = erlangWait(load, 1, servers)
    expect(mean(waited)).toBeGreaterThan(expected * 0.9)
    expect(mean(waited)).toBeLessThan(expected * 1.1)
  })

  it('gives the same for the same seed, and something else for another [BENCH-2]', () => {
    const run = (seed: number) =>
      simulate({
        stations: [
          { name: 'first', servers: 2 },
          { name: 'second', servers: 1 },
        ],
        kinds: [
          { share: 0.7, service: { first: exponential(0.1) } },
          { share: 0.3, service: { first: exponential(0.2), second: logNormal(0.3, 0.8) } },
        ],
        perSecond: 5,
        arrivals: 5_000,
        seed,
      })
    expect(run(1)).toEqual(run(1))
    expect(run(1)).not.toEqual(run(2))
    expect(run(1).second.waited.length).toBeLessThan(run(1).first.waited.length)
  })

  it('draws what people take around its median [BENCH-2]', () => {
    const random = seeded(3)
    const drawn = Array.from({ length: ARRIVALS }, () => logNormal(60, 1)(random)).toSorted(
      (one: number, other: number) => one - other,
    )
    expect(drawn[ARRIVALS / 2]).toBeGreaterThan(58)
    expect(drawn[ARRIVALS / 2]).toBeLessThan(62)
  })
})
