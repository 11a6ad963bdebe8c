import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Ballot, closeVote, countBallots, decideVote, defaultQuorum, type Question } from './consensus-rules.ts'

const OPTIONS = ['yes', 'no', 'later']

const question: fc.Arbitrary<Question> = fc.record({
  options: fc.constantFrom(['yes', 'no'], OPTIONS),
  threshold: fc.oneof(fc.constant(6_700), fc.integer({ min: 5_001, max: 10_000 })),
  quorum: fc.integer({ min: 1, max: 6 }),
})
// Few and round weights, so that limits are met exactly.
const weight = fc.oneof(fc.constantFrom(0, 1, 3_300, 6_700, 10_000), fc.integer({ min: 0, max: 10_000 }))
const ballotsOf = (options: readonly string[], maxLength: number): fc.Arbitrary<Ballot[]> =>
  fc.array(fc.record({ option: fc.constantFrom(null, ...options), weight }), { maxLength })

/** Every way in which those who are left can vote, abstain or stay away. */
function* completions(options: readonly string[], [first, ...rest]: readonly number[]): Generator<readonly Ballot[]> {
  if (first === undefined) {
    yield []
    return
  }
  for (const others of completions(options, rest)) {
    yield others
    for (const option of [null, ...options]) yield [{ option, weight: first }, ...others]
  }
}

describe('a vote', () => {
  it.each([
    // Exactly 0.67 of the weight: 6,700 of 10,000.
    [6_700, 6_700, 3_300, 'decided'],
    [6_700, 6_699, 3_301, 'undecided'],
    [5_001, 5_001, 4_999, 'decided'],
    [5_001, 5_000, 5_000, 'undecided'],
    [10_000, 10_000, 0, 'decided'],
    [10_000, 10_000, 1, 'undecided'],
  ] as const)('of threshold %i with %i for and %i against is %s', (threshold, yes, no, outcome) => {
    const ballots = [
      { option: 'yes', weight: yes },
      { option: 'no', weight: no },
    ]
    expect(decideVote({ options: ['yes', 'no'], threshold, quorum: 2 }, { ballots, remaining: [] }).outcome).toBe(
      outcome,
    )
  })

  it('needs its quorum, for which who abstains counts and who stays away does not', () => {
    const asked = { options: ['yes', 'no'], threshold: 6_700, quorum: 2 }
    const yes = { option: 'yes', weight: 9_000 }
    expect(closeVote(asked, [yes])).toEqual({ outcome: 'undecided' })
    expect(closeVote(asked, [yes, { option: null, weight: 10_000 }])).toEqual({ outcome: 'decided', option: 'yes' })
    expect(decideVote(asked, { ballots: [yes], remaining: [100] })).toEqual({ outcome: 'open' })
    expect(decideVote(asked, { ballots: [yes], remaining: [] })).toEqual({ outcome: 'undecided' })
  })

  it('is undecided when everybody abstains, or when what was cast weighs nothing', () => {
    const asked = { options: ['yes', 'no'], threshold: 6_700, quorum: 1 }
    expect(closeVote(asked, [{ option: null, weight: 10_000 }])).toEqual({ outcome: 'undecided' })
    expect(closeVote(asked, [{ option: 'yes', weight: 0 }])).toEqual({ outcome: 'undecided' })
    expect(closeVote(asked, [])).toEqual({ outcome: 'undecided' })
  })

  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
  ])('of %i members has a quorum of %i', (members, quorum) => expect(defaultQuorum(members)).toBe(quorum))

  it('ends early exactly where nothing that is left could change how it ends [VOTE-1]', () => {
    fc.assert(
      fc.property(
        question.chain((asked) =>
          fc.tuple(fc.constant(asked), ballotsOf(asked.options, 4), fc.array(weight, { maxLength: 4 })),
        ),
        ([asked, ballots, remaining]) => {
          const verdict = decideVote(asked, { ballots, remaining })
          const ends = new Set<string>()
          for (const rest of completions(asked.options, remaining)) {
            ends.add(JSON.stringify(closeVote(asked, [...ballots, ...rest])))
          }
          if (verdict.outcome === 'open') expect(ends.size).toBeGreaterThan(1)
          else expect([...ends]).toEqual([JSON.stringify(verdict)])
        },
      ),
      { numRuns: 400 },
    )
  })

  it('does not depend on the order of votes [VOTE-1]', () => {
    fc.assert(
      fc.property(
        question.chain((asked) =>
          fc.tuple(
            fc.constant(asked),
            ballotsOf(asked.options, 8).chain((ballots) =>
              fc.tuple(fc.constant(ballots), fc.shuffledSubarray(ballots, { minLength: ballots.length })),
            ),
            fc.array(weight, { maxLength: 4 }),
          ),
        ),
        ([asked, [ballots, shuffled], remaining]) => {
          const one = decideVote(asked, { ballots, remaining })
          const other = decideVote(asked, { ballots: shuffled, remaining: [...remaining].reverse() })
          expect(other).toEqual(one)
          expect(countBallots(asked.options, shuffled)).toEqual(countBallots(asked.options, ballots))
        },
      ),
    )
  })

  it('is won by one option at most, and by none without the threshold of what was cast', () => {
    fc.assert(
      fc.property(
        question.chain((asked) => fc.tuple(fc.constant(asked), ballotsOf(asked.options, 8))),
        ([asked, ballots]) => {
          const end = closeVote(asked, ballots)
          const named = ballots.filter(({ option }) => option !== null)
          const share = (option: string): bigint =>
            named.filter((one) => one.option === option).reduce((sum, one) => sum + BigInt(one.weight), 0n)
          const cast = named.reduce((sum, one) => sum + BigInt(one.weight), 0n)
          const winners = asked.options.filter(
            (option) => share(option) > 0n && share(option) * 10_000n >= BigInt(asked.threshold) * cast,
          )
          const expected = ballots.length >= asked.quorum ? winners : []
          expect(end).toEqual(
            expected.length === 1 ? { outcome: 'decided', option: expected[0] } : { outcome: 'undecided' },
          )
          expect(winners.length).toBeLessThanOrEqual(1)
        },
      ),
    )
  })

  it('counts nothing twice and forgets nobody', () => {
    fc.assert(
      fc.property(ballotsOf(OPTIONS, 12), (ballots) => {
        const { options, abstained, castWeight } = countBallots(OPTIONS, ballots)
        expect(options.reduce((sum, { votes }) => sum + votes, abstained)).toBe(ballots.length)
        expect(castWeight).toBe(
          ballots.filter(({ option }) => option !== null).reduce((sum, one) => sum + one.weight, 0),
        )
      }),
    )
  })
})
