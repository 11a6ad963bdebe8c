import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ROOT } from './sources.ts'

const run = promisify(execFile)
const BIN = join(ROOT, 'packages', 'cli', 'dist', 'bin.js')
const RUNTIMES = ['langchain', 'hono', 'mcp', 'bullmq']

describe('starters of preceptor init', () => {
  it('compile as what they are: plain JavaScript on the public names of the packages [CLI-7]', async () => {
    const folder = join(ROOT, 'test', `.starters-${process.pid}`)
    mkdirSync(folder, { recursive: true })
    try {
      for (const runtime of RUNTIMES) await run(process.execPath, [BIN, 'init', '--for', runtime, '--folder', folder])
      expect(readdirSync(folder).filter((name) => name.endsWith('.mjs'))).toHaveLength(RUNTIMES.length)
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
