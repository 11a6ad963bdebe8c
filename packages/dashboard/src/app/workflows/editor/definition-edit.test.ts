import type { JsonObject } from '@preceptor/client'
import { STEP_TYPES } from '@preceptor/orchestration/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addBranch,
  addStep,
  moveStep,
  pathOf,
  pathText,
  removeStep,
  renameStep,
  stepsAt,
  valueAt,
  withoutItem,
  withValue,
} from './definition-edit.ts'

const EMPTY: JsonObject = { name: 'A', agent: 'bot', steps: [] }
const LIST = ['steps'] as const

const linked: JsonObject = {
  name: 'A',
  steps: [
    { id: 'a', type: 'transform', value: 1, next: 'b' },
    { id: 'look', type: 'condition', branches: [{ when: 'true', next: 'b' }], otherwise: 'a' },
    { id: 'b', type: 'approval', question: '?', onReject: 'a', onExpire: 'b' },
  ],
}

describe('editing a definition', () => {
  it('reads a path that the server wrote as what it was written from', () => {
    const name = fc.stringMatching(/^[A-Za-z_$][\w$-]{0,8}$/)
    fc.assert(
      fc.property(name, fc.array(fc.oneof(fc.nat(200), name), { maxLength: 5 }), (first, rest) => {
        expect(pathOf(pathText([first, ...rest]))).toEqual([first, ...rest])
      }),
    )
    expect(pathOf('steps[0].args["a. b\\"]"].c')).toEqual(['steps', 0, 'args', 'a. b"]', 'c'])
    expect(pathOf('')).toEqual([])
  })

  it('gives every step that is added a name of its own, in every list', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STEP_TYPES), { maxLength: 12 }), (types) => {
        const made = types.reduce((definition, type) => addStep(definition, LIST, type), EMPTY)
        const text = JSON.stringify(made)
        const ids = [...text.matchAll(/"id":"([^"]*)"/g)].map(([, id]) => id)
        expect(new Set(ids).size).toBe(ids.length)
        expect(stepsAt(made, LIST).map(({ type }) => type)).toEqual(types)
      }),
    )
  })

  it('has ways follow a new name, and leads those of a step that went on by default', () => {
    expect(renameStep(linked, LIST, 2, 'pay')).toEqual({
      name: 'A',
      steps: [
        { id: 'a', type: 'transform', value: 1, next: 'pay' },
        { id: 'look', type: 'condition', branches: [{ when: 'true', next: 'pay' }], otherwise: 'a' },
        { id: 'pay', type: 'approval', question: '?', onReject: 'a', onExpire: 'pay' },
      ],
    })
    expect(stepsAt(removeStep(linked, LIST, 2), LIST)).toEqual([
      { id: 'a', type: 'transform', value: 1 },
      { id: 'look', type: 'condition', branches: [{ when: 'true', next: 'end' }], otherwise: 'a' },
    ])
  })

  it('moves within a list, and nowhere else', () => {
    const ids = (definition: JsonObject) => stepsAt(definition, LIST).map(({ id }) => id)
    expect(ids(moveStep(linked, LIST, 2, -1))).toEqual(['a', 'b', 'look'])
    expect(moveStep(linked, LIST, 0, -1)).toEqual(linked)
    expect(moveStep(linked, LIST, 2, 1)).toEqual(linked)
  })

  it('changes what stands at a path, inside of branches too', () => {
    const made = addBranch(addStep(EMPTY, LIST, 'parallel'), ['steps', 0])
    const name = ['steps', 0, 'branches', 2, 'name'] as const
    expect(valueAt(made, name)).toBe('branch_3')
    expect(valueAt(withValue(made, name, 'third'), name)).toBe('third')
    expect(valueAt(withValue(made, name, undefined), name)).toBeUndefined()
    expect(withoutItem(made, ['steps', 0, 'branches'], 2)).toEqual(addStep(EMPTY, LIST, 'parallel'))
    expect(pathText(name)).toBe('steps[0].branches[2].name')
    const inner = addStep(made, ['steps', 0, 'branches', 1, 'steps'], 'approval')
    expect(stepsAt(inner, ['steps', 0, 'branches', 1, 'steps'])).toHaveLength(2)
  })
})
