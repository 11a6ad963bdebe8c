import { describe, expect, it } from 'vitest'
import { REQUIREMENTS } from '../requirements.ts'
import { checkCitations, citationsOf, verifies } from '../verifies.ts'
import { repositoryFiles, textOf } from './sources.ts'

describe('citations', () => {
  it('name known promises, in every test file', () => {
    const unknown = repositoryFiles()
      .filter((path) => path.endsWith('.test.ts') && !path.endsWith('structure/requirements.test.ts'))
      .flatMap((path) => citationsOf(textOf(path)).map((id) => ({ path, id })))
      .filter(({ id }) => !Object.hasOwn(REQUIREMENTS, id))
    expect(unknown).toEqual([])
  })

  it('are read from titles', () => {
    expect(citationsOf('denies when the store is down [I-1]')).toEqual(['I-1'])
    expect(citationsOf('group [DB-3, I-31-ANCHOR] test [I-2]')).toEqual(['DB-3', 'I-31-ANCHOR', 'I-2'])
    expect(citationsOf('band [0, 5000) and [0, 5000] and array[1] [x]')).toEqual([])
    expect(citationsOf(verifies(['I-1', 'ROUTE-10'], 'denies'))).toEqual(['I-1', 'ROUTE-10'])
  })

  it('count only where the test passed', () => {
    const passed = Object.keys(REQUIREMENTS).map((id) => ({ fullName: `shows [${id}]`, status: 'passed' }))
    expect(checkCitations(passed)).toEqual({ uncited: [], unknown: [] })
    const failed = passed.map((test) => (test.fullName.includes('[I-1]') ? { ...test, status: 'failed' } : test))
    expect(checkCitations(failed)).toEqual({ uncited: ['I-1'], unknown: [] })
    expect(checkCitations([...passed, { fullName: 'cites [I-99]', status: 'passed' }]).unknown).toEqual(['I-99'])
  })
})

describe('requirements', () => {
  it('state a source and one sentence each', () => {
    for (const [id, { source, promise }] of Object.entries(REQUIREMENTS)) {
      expect(citationsOf(`[${id}]`), id).toEqual([id])
      expect(source, id).not.toBe('')
      expect(promise, id).toMatch(/\.$/)
    }
  })
})
