import { describe, expect, it } from 'vitest'
import { type ExampleFolder, exampleFolders, faultsOf, runsExample } from './example-folders.ts'

describe('examples', () => {
  it('are run by a test each, with what they check [OPS-8]', () => {
    const examples = exampleFolders()
    expect(examples.length).toBeGreaterThan(8)
    expect(examples.flatMap(faultsOf)).toEqual([])
  })

  it('that nobody runs, or whose check nobody uses, are told', () => {
    const text = "const runExample = useExample('new')\nconst { document } = await runExample()\nimport(CHECK) // check"
    const whole: ExampleFolder = {
      name: 'new',
      files: ['README.md', 'check.ts', 'main.ts', 'start.mjs'],
      tests: [text],
      readme: 'Run `node examples/new/start.mjs`.',
    }
    expect(faultsOf(whole)).toEqual([])
    expect(faultsOf({ ...whole, tests: [] })).toEqual([
      'new is run by no test of test/e2e',
      'new has a check.ts that no test uses',
    ])
    expect(faultsOf({ ...whole, tests: [text.replaceAll(/check/gi, '')] })).toEqual([
      'new has a check.ts that no test uses',
    ])
    expect(faultsOf({ ...whole, files: [], readme: '' })).toHaveLength(4)
  })

  it('are run where they are, and not only named', () => {
    expect(runsExample('new', "const run = useExample('new')\nawait run()")).toBe(true)
    expect(runsExample('new', "const run = useExample('new')")).toBe(false)
    expect(runsExample('new', "// like useExample('new')\nawait run()")).toBe(false)
    expect(runsExample('demo', 'const program = startDemo(place, [])')).toBe(true)
  })
})
