import { describe, expect, it } from 'vitest'
import { CURRICULUM_TEMPLATES, planCurriculum } from './curriculum.ts'

describe('curriculum', () => {
  it('is theory, one practice for each gap, and an assessment; the hours are their sum', () => {
    expect(planCurriculum({ category: 'Finance', gaps: ['refund', 'financial_analysis'] })).toEqual({
      title: 'Finance Fundamentals: refund',
      template: 'Finance Fundamentals',
      objectives: [
        'Perform refund within the policy, shown in scenarios.',
        'Perform financial analysis within the policy, shown in scenarios.',
      ],
      steps: [
        { kind: 'theory', title: 'Policy, limits and when to ask', minutes: 30, capability: null },
        {
          kind: 'theory',
          title: 'Finance Fundamentals: reconciliation, financial analysis, categorization, report generation',
          minutes: 45,
          capability: null,
        },
        { kind: 'practice', title: 'Practice: refund', minutes: 60, capability: 'refund' },
        { kind: 'practice', title: 'Practice: financial analysis', minutes: 60, capability: 'financial_analysis' },
        { kind: 'assessment', title: 'Assessment', minutes: 90, capability: null },
      ],
      hours: 4.75,
    })
  })

  it('practises five gaps at most', () => {
    const { steps, objectives, hours } = planCurriculum({ category: null, gaps: ['a', 'b', 'c', 'd', 'e', 'f'] })
    expect(steps.filter(({ kind }) => kind === 'practice').map(({ capability }) => capability)).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
    ])
    expect(objectives).toHaveLength(6)
    expect(hours).toBe(7.75)
  })

  it.each([
    ['finance', 'Finance Fundamentals'],
    ['Sales', 'Sales Operations'],
    ['OPERATIONS', 'Process Automation'],
    ['HR', 'HR Management'],
    ['Support', 'Customer Support'],
    ['Legal', 'General Operations'],
    ['constructor', 'General Operations'],
    [null, 'General Operations'],
  ])('of the category %s follows the template %s', (category, template) => {
    expect(planCurriculum({ category, gaps: ['refund'] }).template).toBe(template)
  })

  it('takes further templates, and needs none', () => {
    const legal = { name: 'Contract Review', category: 'legal', topics: ['clauses'] }
    const templates = [legal, ...CURRICULUM_TEMPLATES]
    expect(planCurriculum({ category: 'Legal', gaps: ['sign'], templates }).title).toBe('Contract Review: sign')
    expect(planCurriculum({ category: 'Legal', gaps: [], templates: [] }).title).toBe('General Operations')
  })
})
