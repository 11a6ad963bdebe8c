import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ERROR_CODES } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { filesIn } from '../files-in.ts'
import { verifies } from '../verifies.ts'
import { errorsPage } from './errors-page.ts'

describe('docs/errors.md', () => {
  it(verifies('ERR-2', 'is what the table of codes says'), async () => {
    await expect(errorsPage()).toMatchFileSnapshot('../../docs/errors.md')
  })

  it(verifies('ERR-3', 'explains no code that no test has seen'), () => {
    const seen = new Set(testTexts().flatMap((text) => text.match(QUOTED_CODE) ?? []))
    expect(Object.keys(ERROR_CODES).filter((code) => !seen.has(`'${code}'`))).toEqual([])
  })
})

const QUOTED_CODE = /'[A-Z]+(?:_[A-Z]+)*'/g
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The sources of all tests, and of what they share. */
function testTexts(): readonly string[] {
  const tests = filesIn(join(ROOT, 'packages')).filter((path) => /\.test(?:\.helper)?\.ts$/.test(path))
  const shared = filesIn(join(ROOT, 'test')).filter((path) => path.endsWith('.ts') && !path.includes('/dist/'))
  return [...tests, ...shared].map((path) => readFileSync(path, 'utf8'))
}
