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
async function compile(examples: readonly Example[], name: string): Promise<string> {
  const folder = join(ROOT, 'test', 'dist', name)
  writeExamples(examples, folder)
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
  const result = await run(process.execPath, [compiler, '-p', folder], { cwd: folder }).catch((error) => error)
  rmSync(folder, { recursive: true })
  return result.stdout
}

describe('examples in the documentation', () => {
  it('compile [STR-5, DOC-4]', async () => {
    const onPage = [...documentationPages(), ...packageReadmes(), 'README.md'].flatMap(pageExamples)
    expect(onPage).not.toEqual([])
    const examples = [...documentedExamples(), ...onPage]
    const complaints = await compile(examples, 'documented-examples')
    const named = complaints.replace(/example-(\d+)\.ts/g, (file, index) => `${file} of ${examples[Number(index)]?.of}`)
    expect(named).toBe('')
  }, 120_000)

  it('are refused when they do not', async () => {
    const wrong = {
      of: 'nothing',
      code: "import { GovernanceError } from '@preceptor/client'\nnew GovernanceError('NO_SUCH_CODE')\n",
    }
    expect(await compile([wrong], 'wrong-example')).toContain('NO_SUCH_CODE')
  })
})
