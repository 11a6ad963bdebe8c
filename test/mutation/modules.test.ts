import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

interface MutatedModule {
  readonly files: readonly string[]
  readonly tests: readonly string[]
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const { MODULES }: { readonly MODULES: Readonly<Record<string, MutatedModule>> } = await import(
  new URL('modules.mjs', import.meta.url).href
)

describe('the modules that are mutated', () => {
  it.each(Object.entries(MODULES))('%s: each of its rules is there, and is named once', (_name, { files, tests }) => {
    expect(files.filter((file) => !existsSync(`${ROOT}${file}`))).toEqual([])
    expect(new Set(files).size).toBe(files.length)
    // Of a rule without tests nothing would be noticed, so that the score tells; a folder that is gone is told here.
    const folders = tests.map((pattern) => pattern.slice(0, pattern.indexOf('{')))
    expect(folders.filter((folder) => !existsSync(`${ROOT}${folder}`))).toEqual([])
  })
})
