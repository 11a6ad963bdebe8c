import { describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { errorsPage } from './errors-page.ts'

describe('docs/errors.md', () => {
  it(verifies('ERR-2', 'is what the table of codes says'), async () => {
    await expect(errorsPage()).toMatchFileSnapshot('../../docs/errors.md')
  })
})
