import type { WorkflowDefinition } from '@preceptor/orchestration/client'
import { describe, expect, it } from 'vitest'
import { argChanges } from '../data/arg-changes.ts'
import { keyedDefinition } from './keyed-definition.ts'

const ask = { id: 'ask', type: 'approval', question: '?' } as const
const pay = { id: 'pay', type: 'agent', action: 'refund.create', args: { cents: 1 } } as const
const both = {
  id: 'both',
  type: 'parallel',
  branches: [
    { name: 'l', steps: [{ id: 'left', type: 'transform', value: 1 }] },
    { name: 'r', steps: [{ id: 'right', type: 'transform', value: 1 }] },
  ],
} as const

const changes = (before: WorkflowDefinition['steps'], after: WorkflowDefinition['steps']) =>
  argChanges(
    keyedDefinition({ name: 'A', agent: 'bot', steps: before }),
    keyedDefinition({ name: 'A', agent: 'bot', steps: after }),
  ).map(({ pointer, kind }) => `${kind} ${pointer}`)

describe('the difference of two versions', () => {
  it('names a step that came, and nothing of those behind it', () => {
    expect(changes([ask, pay], [ask, both, pay])).toEqual(['changed /order', 'added /steps/both'])
  })

  it('names what changed inside of a branch', () => {
    const [left, right] = both.branches
    const other = { ...right, steps: [{ ...right.steps[0], value: 2 }] }
    expect(changes([both], [{ ...both, branches: [other, left] }])).toEqual([
      'changed /steps/both/branches/r/steps/right/value',
    ])
  })
})
