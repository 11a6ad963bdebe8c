import type { DefinitionProblem } from '@preceptor/orchestration/client'
import { describe, expect, it } from 'vitest'
import { inWords, shownProblems } from './shown-problems.ts'

const BEGIN = { name: '', agent: '', steps: [{ id: 'ask', type: 'approval', question: '' }] }
const problemAt = (path: string): DefinitionProblem => ({ path, code: 'malformed', message: `wrong at ${path}` })
const EMPTY = ['name', 'agent', 'steps[0].question'].map(problemAt)
const none = new Set<string>()

describe('problems of a definition that is being written', () => {
  it('are not told of what nobody wrote at yet', () => {
    expect(shownProblems(EMPTY, { definition: BEGIN, begin: BEGIN, touched: none })).toEqual([])
    const definition = { ...BEGIN, name: 'x'.repeat(200) }
    expect(shownProblems(EMPTY, { definition, begin: BEGIN, touched: none })).toEqual([problemAt('name')])
  })

  it('are told of a place that somebody wrote at and emptied again', () => {
    const touched = new Set(['agent'])
    expect(shownProblems(EMPTY, { definition: BEGIN, begin: BEGIN, touched })).toEqual([problemAt('agent')])
  })

  it('are told of what was added', () => {
    const definition = { ...BEGIN, steps: [...BEGIN.steps, { id: 'a', type: 'agent', action: '' }] }
    const added = problemAt('steps[1].action')
    expect(shownProblems([...EMPTY, added], { definition, begin: BEGIN, touched: none })).toEqual([added])
  })

  it('say in words what is missing, and leave every other message as it is', () => {
    const odd = problemAt('steps[0].id')
    const unknown = { path: 'agent', code: 'agent_unknown', message: 'No such agent.' } as unknown as DefinitionProblem
    expect(inWords([problemAt('name'), odd, unknown, problemAt('steps[0].args["a b"]')], BEGIN, 'Needed.')).toEqual([
      { ...problemAt('name'), message: 'Needed.' },
      odd,
      unknown,
      { ...problemAt('steps[0].args["a b"]'), message: 'Needed.' },
    ])
  })
})
