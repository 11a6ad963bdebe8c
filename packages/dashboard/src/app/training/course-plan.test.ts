import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCoursePlan } from './course-plan.ts'

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
