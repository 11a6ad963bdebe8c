import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './sources.ts'

/** An example, and what the repository says of it. */
export interface ExampleFolder {
  readonly name: string
  /** Names of its files. */
  readonly files: readonly string[]
  /** The tests of test/e2e that run it to its end, as text. */
  readonly tests: readonly string[]
  /** The text of README.md. */
  readonly readme: string
}

// The demo is what `npm start` runs; its tests drive it in more than one way.
const DEMO = { name: 'demo', runs: /\bstartDemo\(/, start: 'npm start' }
const NO_EXAMPLES = new Set(['dist', 'node_modules'])

/** Every folder of examples. */
export function exampleFolders(): readonly ExampleFolder[] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const folder = join(ROOT, 'test', 'e2e')
  const tests = readdirSync(folder).filter((name) => name.endsWith('.test.ts'))
  const texts = tests.map((name) => readFileSync(join(folder, name), 'utf8'))
  return readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NO_EXAMPLES.has(entry.name))
    .map(({ name }) => ({
      name,
      files: readdirSync(join(ROOT, 'examples', name)),
      tests: texts.filter((text) => runsExample(name, text)),
      readme,
    }))
}

/** Whether a test runs an example, rather than names it. */
export function runsExample(name: string, test: string): boolean {
  if (name === DEMO.name) return DEMO.runs.test(test)
  const [, run] = new RegExp(`const (\\w+) = useExample\\('${name}'\\)`).exec(test) ?? []
  return run !== undefined && new RegExp(`await ${run}\\(\\)`).test(test)
}

/** What an example lacks. */
export function faultsOf({ name, files, tests, readme }: ExampleFolder): readonly string[] {
  const start = name === DEMO.name ? DEMO.start : `node examples/${name}/start.mjs`
  const faults = [
    [files.includes('main.ts'), 'has no main.ts'],
    [files.includes('README.md'), 'has no README.md'],
    [name === DEMO.name || files.includes('start.mjs'), 'has no start.mjs'],
    [tests.length > 0, 'is run by no test of test/e2e'],
    // A check that nothing runs holds always. That of the demo is a program, which `verify` runs.
    [
      !files.includes('check.ts') || name === DEMO.name || tests.some((text) => /\bcheck\b/.test(text)),
      'has a check.ts that no test uses',
    ],
    [readme.includes(start), `is not in README.md as "${start}"`],
  ] as const
  return faults.flatMap(([holds, fault]) => (holds ? [] : [`${name} ${fault}`]))
}
