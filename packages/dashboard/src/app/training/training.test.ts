import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCoursePlan } from './course-plan.ts'
import { readPositive, readShare } from './hours-field.ts'
import { jsonFault } from './json-fault.ts'
import { parseScenarioFile, type ScenarioProblem } from './parse-scenario-file.ts'
import { needOf, outlookOf, sessionActs } from './session-outlook.ts'

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

describe('the plan of a course', () => {
  it('is read as far as it says something', () => {
    const plan = readCoursePlan({
      template: 'Finance',
      objectives: ['one', 2],
      steps: [{ kind: 'theory', title: 'Limits', minutes: 30 }, 'x'],
      estimate: { hours: 3, range: { least: 2.1, most: 4.5 }, confidence: 0.5 },
      designedBy: 'rules',
    })
    expect(plan).toMatchObject({ template: 'Finance', objectives: ['one'], designedBy: 'rules', note: null })
    expect(plan.steps).toEqual([{ kind: 'theory', title: 'Limits', minutes: 30 }])
    expect(plan.estimate).toEqual({ hours: 3, least: 2.1, most: 4.5, confidence: 0.5 })
    const object = fc.dictionary(fc.string(), fc.jsonValue())
    fc.assert(fc.property(object, (any) => void readCoursePlan(JSON.parse(JSON.stringify(any)))))
    expect(readCoursePlan({}).estimate).toBeNull()
  })
})

describe('what a session would come to', () => {
  const pupil = { confidence: 4_500, maturity: 'student', policy: 'earned' } as const
  const run = (score: number | null, weight = 1) => ({ score, weight })

  it('is the weighted mean and what it asks for', () => {
    const scenarios = [run(0), run(1, 3)]
    expect(outlookOf({ ...pupil, scenarios })).toEqual({
      score: 0.75,
      waiting: 0,
      boost: 2_000,
      confidence: 6_500,
      enoughFor: 'intern',
    })
    expect(outlookOf({ ...pupil, scenarios: [run(0.6), run(null)] })).toMatchObject({
      boost: 0,
      waiting: 1,
      enoughFor: null,
    })
    expect(outlookOf({ ...pupil, scenarios: [run(null)] })).toMatchObject({
      score: null,
      boost: null,
      confidence: 4_500,
    })
    expect(outlookOf({ ...pupil, scenarios: [run(0.7)] }).boost).toBe(2_000)
  })

  it('follows the bands where the policy says so, and gives nothing for nothing', () => {
    const boost = (score: number) => outlookOf({ ...pupil, policy: 'bands', scenarios: [run(score)] }).boost
    expect([0, 0.29, 0.3, 0.49, 0.5, 0.69, 0.7, 1].map(boost)).toEqual([
      0, 500, 1_000, 1_000, 1_500, 1_500, 2_000, 2_000,
    ])
  })

  it('offers what its state allows', () => {
    expect(sessionActs('scheduled')).toEqual(['start', 'cancel'])
    expect(sessionActs('completed')).toEqual([])
    expect(needOf({ answeredAt: null, score: null, gradedByPerson: true })).toBe('answer')
    expect(needOf({ answeredAt: 'now', score: null, gradedByPerson: true })).toBe('person')
    expect(needOf({ answeredAt: 'now', score: 0, gradedByPerson: true })).toBe('nothing')
  })
})

describe('fields for numbers', () => {
  it('take a point or a comma within the range', () => {
    expect(readPositive('2,5', 400)).toEqual({ kind: 'number', value: 2.5 })
    for (const text of ['0', '401', '-1', '1e2', 'x']) expect(readPositive(text, 400).kind).toBe('problem')
    expect(readPositive(' ', 400).kind).toBe('empty')
    expect(readShare('0.55')).toEqual({ kind: 'number', value: 0.55 })
    for (const text of ['1.1', '2', '-0.1', 'y']) expect(readShare(text).kind).toBe('problem')
  })
})
