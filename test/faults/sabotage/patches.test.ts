import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { builtFile, editText } from './copy-build.ts'
import { PATCHES } from './patches.ts'

const LEAST_PATCHES = 20

describe('the patches that take guards off', () => {
  it('are enough, and each has a name of its own', () => {
    expect(PATCHES.length).toBeGreaterThanOrEqual(LEAST_PATCHES)
    expect(new Set(PATCHES.map(({ name }) => name)).size).toBe(PATCHES.length)
  })

  it.each(PATCHES)('$name still finds its guard in what is built', ({ edits }) => {
    for (const edit of edits) {
      const text = readFileSync(builtFile(edit.file), 'utf8')
      expect(editText(text, edit)).not.toBe(text)
    }
  })

  it('is refused when what it looks for is not there exactly once', () => {
    const edit = { file: 'core/any.js', find: 'guard()', replace: '' }
    expect(() => editText('', edit)).toThrow('core/any.js has 0 places of: guard()')
    expect(() => editText('guard(); guard()', edit)).toThrow('core/any.js has 2 places')
  })
})
