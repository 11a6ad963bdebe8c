import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonFault } from './json-fault.ts'
import { parseScenarioFile, type ScenarioProblem } from './parse-scenario-file.ts'

const SCENARIO = {
  id: 'refund.limit',
  version: 1,
  topic: 'limits',
  capability: 'refund',
  task: 'Decide.',
  input: { cents: 9_000 },
  grader: { kind: 'exact', expected: { decision: 'ask' } },
  weight: 1,
}

const problemsOf = (value: unknown): readonly string[] => {
  const file = parseScenarioFile(typeof value === 'string' ? value : JSON.stringify(value))
  if (file.kind === 'scenarios') return []
  const where = ({ where }: ScenarioProblem): string => ('path' in where ? where.path : `${where.line}:${where.column}`)
  return file.problems.map((problem) => `${where(problem)} ${problem.code}`)
}

describe('scenarios as JSON', () => {
  it('are a list or one', () => {
    expect(parseScenarioFile(JSON.stringify(SCENARIO))).toEqual({ kind: 'scenarios', scenarios: [SCENARIO] })
    expect(problemsOf([SCENARIO, { ...SCENARIO, version: 2 }])).toEqual([])
    expect(problemsOf([])).toEqual([])
  })

  it('are refused with the place of each problem', () => {
    expect(problemsOf('[\n  {"id": }\n]')).toEqual(['2:10 syntax'])
    expect(problemsOf('"x"')).toEqual([' not_list'])
    expect(problemsOf([5])).toEqual(['[0] not_object'])
    expect(problemsOf([SCENARIO, SCENARIO])).toEqual(['[1] twice'])
    const { task: _, ...untasked } = SCENARIO
    expect(problemsOf([SCENARIO, { ...untasked, id: 'a b', version: 0, weight: 11, extra: 1 }])).toEqual([
      '[1].task missing',
      '[1].extra unknown_field',
      '[1].id id',
      '[1].version version',
      '[1].weight weight',
    ])
    expect(problemsOf({ ...SCENARIO, grader: { kind: 'guess' } })).toEqual(['[0].grader.kind grader'])
    expect(problemsOf({ ...SCENARIO, grader: { kind: 'constructor' } })).toEqual(['[0].grader.kind grader'])
    expect(problemsOf({ ...SCENARIO, grader: { kind: 'numeric', expected: '5', wrong: 1 } })).toEqual([
      '[0].grader.tolerance missing',
      '[0].grader.wrong unknown_field',
      '[0].grader.expected number',
    ])
    expect(problemsOf({ ...SCENARIO, input: [], task: '', topic: 'x'.repeat(101) })).toEqual([
      '[0].topic too_long',
      '[0].task text',
      '[0].input object',
    ])
  })

  it('stop being JSON where the parser of the engine stops taking them', () => {
    const isJson = (text: string): boolean => {
      try {
        JSON.parse(text)
        return true
      } catch {
        return false
      }
    }
    const letters = fc.string({ unit: fc.constantFrom(...'[]{}:,"\\\n 01-.eatrufl') })
    fc.assert(
      fc.property(fc.oneof(letters, fc.json()), (text) => {
        expect(jsonFault(text) === null).toBe(isJson(text))
      }),
      { numRuns: 1_000 },
    )
    expect(jsonFault('{"a": 1,}')).toEqual({ line: 1, column: 9 })
  })

  it('of any form are read or refused, never thrown over', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseScenarioFile(text)))
    fc.assert(fc.property(fc.jsonValue(), (value) => void parseScenarioFile(JSON.stringify(value))))
  })
})
