import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { STARTERS } from '../../packages/cli/src/init/starters.ts'
import { ROOT } from './sources.ts'

const run = promisify(execFile)

describe('starters of preceptor init', () => {
  it('compile as what they are: plain JavaScript on the public names of the packages [CLI-7]', async () => {
    const folder = join(ROOT, 'test', `.starters-${process.pid}`)
    mkdirSync(folder, { recursive: true })
    try {
      for (const { file, text } of Object.values(STARTERS)) writeFileSync(join(folder, file), text)
      const options = {
        ...{ strict: true, noEmit: true, skipLibCheck: true, allowJs: true, checkJs: true, types: ['node'] },
        ...{ target: 'es2023', module: 'nodenext', moduleResolution: 'nodenext' },
      }
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.mjs'] }))
      const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
      const result = await run(process.execPath, [compiler, '-p', folder], { cwd: folder }).catch((error) => error)
      expect(result.stdout).toBe('')
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 240_000)
})
