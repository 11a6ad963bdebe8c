import { describe, expect, it } from 'vitest'
import { definitionProblems } from './check-definition.ts'
import { definitionOf, transform } from './definitions.test.helper.ts'
import { planOf } from './graph.ts'

const MOST_BYTES = 262_144

/** Processor time of this process, in ms. */
function cost(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

/** As many of these as fit into a definition. */
function many<Item>(make: (index: number) => Item, most = 100_000): readonly Item[] {
  const items: Item[] = []
  for (let bytes = 20_000; items.length < most; ) {
    const item = make(items.length)
    bytes += JSON.stringify(item).length + 1
    if (bytes > MOST_BYTES) break
    items.push(item)
  }
  return items
}

const cel = (source: string): object => ({ $cel: source })
const chain = Array.from({ length: 198 }, (_, at) => transform(`s${at}`))
const conditions = (next: (step: number, branch: number) => string): readonly object[] =>
  Array.from({ length: 200 }, (_, step) => ({
    id: `s${step}`,
    type: 'condition',
    branches: Array.from({ length: 42 }, (__, branch) => ({ when: 'true', next: next(step, branch) })),
  }))
const valued = (value: unknown): object => ({ name: 'A', agent: 'b', steps: [...chain, { ...transform('z'), value }] })

describe('a definition that is made to take long', () => {
  it.each<[string, object]>([
    ['references, each to a step far back', valued(many((at) => cel(`steps.s${at % 198}`)))],
    [
      'references ahead',
      { ...valued(0), steps: [{ ...transform('z'), value: many((at) => cel(`steps.s${at % 198}`)) }, ...chain] },
    ],
    ['different expressions', valued(many((at) => cel(`1+${at}`)))],
    ['different patterns', valued(many((at) => cel(`"a".matches("(a${at}{1,50}b?){1,5}")`)))],
    ['long expressions', valued(many((at) => cel(`[${Array(180).fill(`input.a${at}`).join(',')}]`)))],
    ['expressions that are none', valued(many((at) => cel(`((${at}`)))],
    ['one expression everywhere', valued(many(() => cel('steps.s1+steps.s2')))],
    ['ways back from everywhere', { name: 'A', agent: 'b', steps: conditions((_, branch) => `s${branch}`) }],
    [
      'ways on from everywhere',
      {
        name: 'A',
        agent: 'b',
        steps: conditions((step, branch) => (step + branch < 199 ? `s${step + branch + 1}` : 'end')),
      },
    ],
    ['targets that are not there', { name: 'A', agent: 'b', steps: conditions(() => 'none') }],
    ['ids that are none', { name: 'A', agent: 'b', steps: conditions(() => '1') }],
    ['a long list', valued(many(() => 0))],
    ['a large schema', { ...valued(0), input: { allOf: many(() => ({ type: 'string' })) } }],
    [
      'a schema of what is not known',
      { ...valued(0), input: Object.fromEntries(many((at) => [`k${at}`, 1] as const)) },
    ],
  ])('is checked within a bound of processor time: %s', (_, definition) => {
    expect(JSON.stringify(definition).length).toBeLessThanOrEqual(MOST_BYTES)
    let found: readonly unknown[] = []
    const spent = cost(() => {
      found = definitionProblems(definition)
    })
    expect(found.length).toBeLessThanOrEqual(100)
    expect(spent).toBeLessThan(1_000)
  })

  it('says that there are too many expressions, once', () => {
    const problems = definitionProblems(valued(many((at) => cel(`1+${at}`))))
    expect(problems).toEqual([
      { path: 'steps[198].value[500].$cel', code: 'malformed', message: expect.stringContaining('more than 500') },
    ])
    expect(definitionProblems(valued(Array.from({ length: 500 }, (_, at) => cel(`1+${at}`))))).toEqual([])
  })

  it('is asked for each way once', () => {
    const plan = planOf(definitionOf(chain))
    expect(plan.reachableFrom('s0')).toBe(plan.reachableFrom('s0'))
    expect(plan.edgesOf('s0')).toBe(plan.edgesOf('s0'))
  })
})
