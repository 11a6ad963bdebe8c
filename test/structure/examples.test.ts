import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { documentationPages, packageReadmes } from '../docs/pages.ts'
import { documentedExamples, type Example, pageExamples, writeExamples } from './examples.ts'
import { ROOT } from './sources.ts'

const run = promisify(execFile)

/** Compiles examples and answers what the compiler says against them; the packages must be built. */
async function compile(examples: readonly Example[], name: string, { onPage = false } = {}): Promise<string> {
  const folder = join(ROOT, 'test', 'dist', name)
  writeExamples(examples, folder, { onPage })
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
  const result = await run(process.execPath, [compiler, '-p', folder], { cwd: folder }).catch((error) => error)
  rmSync(folder, { recursive: true })
  return result.stdout
}

const named = (complaints: string, examples: readonly Example[]): string =>
  complaints.replace(/example-(\d+)\.ts/g, (file, index) => `${file} of ${examples[Number(index)]?.of}`)

describe('examples in the documentation', () => {
  it('compile [STR-5]', async () => {
    const examples = documentedExamples()
    const complaints = await compile(examples, 'documented-examples')
    expect(named(complaints, examples)).toBe('')
  }, 120_000)

  it('compile on every page and in every README, where what the text has introduced is there [DOC-4]', async () => {
    const examples = [...documentationPages(), ...packageReadmes(), 'README.md'].flatMap(pageExamples)
    expect(examples.length).toBeGreaterThan(30)
    const complaints = await compile(examples, 'page-examples', { onPage: true })
    expect(named(complaints, examples)).toBe('')
  }, 120_000)

  it('are refused when they do not', async () => {
    const wrong = {
      of: 'nothing',
      code: "import { GovernanceError } from '@preceptor/client'\nnew GovernanceError('NO_SUCH_CODE')\n",
    }
    expect(await compile([wrong], 'wrong-example')).toContain('NO_SUCH_CODE')
  })
})
