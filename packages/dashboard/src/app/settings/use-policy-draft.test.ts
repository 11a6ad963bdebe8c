import { GovernanceError } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { readJson } from './read-json.ts'
import { problemsOf, refusalsOf } from './use-policy-draft.ts'

const TEXT = '{\n  "limits": [\n    {"name": "a", "most": -1}\n  ]\n}'

describe('problems of a policy', () => {
  it('stand at the line of the field that the server names, or of what it is missing from', () => {
    const said = ['limits.0.most: Too small', 'limits.0.per: Required', 'matrix: Unknown', 'document: Odd']
    const lines = problemsOf(TEXT, readJson(TEXT), said).map(({ line, said: text }) => [line, text])
    expect(lines).toEqual([
      [3, said[0]],
      [3, said[1]],
      [1, said[2]],
      [1, said[3]],
    ])
  })

  it('are that it is no JSON before anything else', () => {
    expect(problemsOf('{', readJson('{'), ['x: y'])).toMatchObject([{ fault: 'end', line: 1, column: 2 }])
    expect(problemsOf('[]', readJson('[]'), [])).toMatchObject([{ fault: 'object' }])
  })

  it('are in the details of the error, and of no other error', () => {
    const details = { problems: ['limits.0.most: Too small'] }
    expect(refusalsOf(new GovernanceError('POLICY_INVALID', { details }))).toEqual(details.problems)
    expect(refusalsOf(new GovernanceError('CONFLICT', { details }))).toEqual([])
    expect(refusalsOf(new Error('x'))).toEqual([])
  })
})
