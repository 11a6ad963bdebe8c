import type { Criterion, Strategy } from '../strategies/strategy.ts'

/** What every answer is rated for. */
export const COMMON_CRITERIA: readonly Criterion[] = [
  {
    name: 'correctness',
    weight: 3,
    description: 'What it says and does is right; where "expected" is given, it agrees with it.',
  },
  { name: 'relevance', weight: 2, description: 'It answers what was asked, and nothing else.' },
  { name: 'completeness', weight: 2, description: 'Nothing that was asked for is missing.' },
  { name: 'clarity', weight: 1, description: 'It is understood on first reading.' },
  { name: 'helpfulness', weight: 2, description: 'The reader can go on with it.' },
]

/** Those of every answer, then those of the strategy; where a name is the same, the strategy's stands. */
export function criteriaOf({ criteria }: Strategy): readonly Criterion[] {
  const own = new Set(criteria.map(({ name }) => name))
  return [...COMMON_CRITERIA.filter(({ name }) => !own.has(name)), ...criteria]
}
