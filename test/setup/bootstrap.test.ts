import { execFile } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeProblem } from './bootstrap.mjs'

const run = promisify(execFile)
const here = dirname(fileURLToPath(import.meta.url))

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'preceptor-bootstrap-'))
  mkdirSync(join(root, 'test', 'setup'), { recursive: true })
  for (const file of ['bootstrap.mjs', 'build-dashboard.mjs', 'processes.mjs']) {
    cpSync(join(here, file), join(root, 'test', 'setup', file))
  }
  writeFileSync(join(root, 'pnpm-lock.yaml'), 'lockfileVersion: 9.0\n')
  writeFileSync(join(root, 'pnpm-workspace.yaml'), 'packages: []\n')
  writeFileSync(join(root, 'start.mjs'), "import { bootstrap } from './test/setup/bootstrap.mjs'\nawait bootstrap()\n")
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

/** Puts an npx into the PATH that writes what it was asked for and ends with the given code. */
function installNpx(code: number): void {
  mkdirSync(join(root, 'bin'))
  writeFileSync(
    join(root, 'bin', 'npx'),
    `#!/bin/sh\necho "$@ CI=$CI" >> ${root}/asked\necho "the network is away" >&2\nexit ${code}\n`,
  )
  chmodSync(join(root, 'bin', 'npx'), 0o755)
}

async function start(): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, PATH: [join(root, 'bin'), process.env.PATH].join(delimiter) }
  const result = await run(process.execPath, [join(root, 'start.mjs')], { env }).catch((error) => error)
  return { code: result.code ?? 0, stdout: result.stdout, stderr: result.stderr }
}

describe('bootstrap', () => {
  it.each(['18.20.4', '20.18.3', '4.0.0'])('refuses Node %s and says what to do [CMD-5]', (version) => {
    expect(nodeProblem(version)).toMatch(/too old: install Node 20\.19 or newer/)
  })

  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('takes Node %s', (version) => {
    expect(nodeProblem(version)).toBeUndefined()
  })

  it('ends with one message and no stack when the install fails, and tries again the next time [CMD-5]', async () => {
    installNpx(7)
    for (const _ of [1, 2]) {
      const { code, stdout, stderr } = await start()
      expect(code).toBe(1)
      expect(stdout).toBe('')
      expect(stderr).toContain('the network is away')
      expect(stderr).toMatch(/could not be installed.*: 7.*npm ping.*run the command again\./)
      expect(stderr).not.toMatch(/^\s+at /m)
    }
  })

  it('ends with one message when the build fails [CMD-5]', async () => {
    installNpx(0)
    const { code, stderr } = await start()
    expect(code).toBe(1)
    expect(stderr).toContain('the build failed')
  })
})
