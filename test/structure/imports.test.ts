import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ROOT } from './sources.ts'

const run = promisify(execFile)

describe('imports', () => {
  it('go one way, without cycles, and adapters know the port only [STR-9]', async () => {
    const cruiser = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs')
    const result = await run(process.execPath, [cruiser, 'packages', 'examples', 'test'], { cwd: ROOT }).catch(
      (error) => error,
    )
    expect(result.stdout).toContain('no dependency violations found')
  }, 120_000)
})
