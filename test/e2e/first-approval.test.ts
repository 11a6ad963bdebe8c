import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '@preceptor/test-setup'
import { expect, it, onTestFinished } from 'vitest'
import { codeBlocks, pageText, sectionOf } from '../docs/pages.ts'
import { verifies } from '../verifies.ts'
import { makePlace, startCommand } from './demo-process.ts'
import { npmEnvironment, packPackages, skipWithoutNetwork, startRegistry } from './packed-packages.ts'

const run = promisify(execFile)
/** What the page promises. */
const MOST_SECONDS = 120
const TIMEOUT_MS = 400_000

/** The commands and the program of the page: nothing of them is written here. */
function readStart() {
  const section = sectionOf(pageText('README.md'), 'Two minutes')
  const commands = codeBlocks(section, 'sh').flatMap((block) => block.trim().split('\n'))
  const [program = '', ...others] = codeBlocks(section, 'ts')
  const [, file = ''] = /Save this as `([^`]+)`/.exec(section) ?? []
  return { commands, program, others, file }
}

/** What a line of a page stands for, where `…` is what only the reader sees, and the port is another one here. */
function patternOf(line: string, port: number): RegExp {
  const parts = line.replaceAll('4600', String(port)).split('…')
  return new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\S+')}$`, 'm')
}

it(
  verifies('OPS-1', 'README.md leads from an empty folder to the first approved proposal in three commands and 120 s'),
  async (context) => {
    const { commands, program, others, file } = readStart()
    expect([commands.length, others, file]).toEqual([3, [], 'start.mjs'])
    const [install = '', start = '', approve = ''] = commands
    const place = makePlace()
    onTestFinished(() => place.remove())
    const outside = dirname(place.home)
    const registry = await startRegistry(await packPackages(join(outside, 'packed')))
    onTestFinished(() => registry.close())
    // Stands for the registry of npm, where the packages are found by their names.
    const settings = join(outside, 'npmrc')
    writeFileSync(settings, `@preceptor:registry=${registry.url}\n`)
    const port = await freePort()
    const env = {
      ...(await npmEnvironment(place.home)),
      npm_config_userconfig: settings,
      PORT: String(port),
    }
    const shell = (line: string) => run('sh', ['-c', line], { cwd: place.folder, env, timeout: TIMEOUT_MS })

    const began = performance.now()
    await shell(install).catch((error: unknown) => skipWithoutNetwork(error, context))
    const installed = performance.now()
    writeFileSync(join(place.folder, file), program)
    const running = startCommand(place, { line: start, env })
    const [line] = await running.waitFor(patternOf(approve, port), MOST_SECONDS * 1_000)
    const asked = performance.now()
    expect(() => readFileSync(join(place.folder, 'refunds.txt'))).toThrow('ENOENT')
    const approved = await shell(line)
    expect(await running.ended, running.stderr()).toBe(0)
    const ended = performance.now()

    expect(approved.stdout).toContain('approved')
    expect(running.stdout()).toContain('The attempt: executed. The same again: replayed.')
    expect(readFileSync(join(place.folder, 'refunds.txt'), 'utf8')).toBe('500 cents of o-17\n')
    const seconds = [installed - began, asked - installed, ended - asked, ended - began].map((ms) => ms / 1_000)
    const [installing, asking, approving, all = Number.POSITIVE_INFINITY] = seconds
    const told = (value: number | undefined): string => `${value?.toFixed(1)} s`
    process.stderr.write(
      `first approval: ${told(all)} (install ${told(installing)}, start ${told(asking)}, approve ${told(approving)})\n`,
    )
    expect(all).toBeLessThan(MOST_SECONDS)
  },
  TIMEOUT_MS,
)
