import { describe, expect, it } from 'vitest'
import { definitionProblems } from './check-definition.ts'
import { definitionOf, transform } from './definitions.test.helper.ts'

const NAMES = Object.getOwnPropertyNames(Object.prototype)

function messagesOf(given: unknown): readonly string[] {
  return definitionProblems(given).map(({ path, code, message }) => `${path} ${code}: ${message}`)
}

describe('a name that every object has', () => {
  it.each(NAMES)('is no id of a step and no name of a branch: %s', (name) => {
    const why = name.startsWith('_') ? 'malformed: a letter, then' : `malformed: ${JSON.stringify(name)} is a name that`
    const [ofStep] = messagesOf(definitionOf([transform(name)]))
    expect(ofStep).toContain(`steps[0].id ${why}`)
    const branches = [
      { name, steps: [transform('b')] },
      { name: 'c', steps: [transform('c')] },
    ]
    const [ofBranch] = messagesOf(definitionOf([{ id: 'a', type: 'parallel', branches }]))
    expect(ofBranch).toContain(`steps[0].branches[0].name ${why}`)
  })

  it('is told from names that only look like one', () => {
    expect(messagesOf(definitionOf([transform('constructors'), transform('tostring')]))).toEqual([])
  })
})
