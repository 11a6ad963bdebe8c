import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { PNPM } from '@preceptor/test-setup'
import { afterAll, describe, expect, it, type TestContext } from 'vitest'
import { verifies } from '../verifies.ts'
import { endProgram, makePlace, startProgram } from './demo-process.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MOST_BYTES_OF_CLIENT = 5_000_000
const TIMEOUT_MS = 300_000

const run = promisify(execFile)
const place = makePlace()
afterAll(() => place.remove())

/** An empty home, and of this process's environment only how npm gets at packages. */
async function environment(): Promise<NodeJS.ProcessEnv> {
  const passed = Object.entries(process.env).filter(([name]) =>
    /^(?:https?_proxy|no_proxy|node_extra_ca_certs)$/i.test(name),
  )
  const ask = async (key: string): Promise<string> => (await run('npm', ['config', 'get', key])).stdout.trim()
  return {
    ...Object.fromEntries(passed),
    PATH: process.env.PATH,
    HOME: place.home,
    npm_config_cache: await ask('cache'),
    npm_config_registry: await ask('registry'),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_prefer_offline: 'true',
    npm_config_update_notifier: 'false',
  }
}

/** Packs the packages as they are published. */
async function pack(names: readonly string[]): Promise<readonly string[]> {
  const folder = join(place.home, 'packed')
  mkdirSync(folder)
  const filters = names.flatMap((name) => ['--filter', `@preceptor/${name}`])
  await run('npx', ['--yes', PNPM, ...filters, 'pack', '--pack-destination', folder], { cwd: ROOT })
  return readdirSync(folder).map((name) => join(folder, name))
}

/** Installs tarballs where nothing is; without a way to the packages of others there is nothing to test. */
async function install(tarballs: readonly string[], env: NodeJS.ProcessEnv, context: TestContext): Promise<void> {
  try {
    await run('npm', ['install', '--ignore-scripts', ...tarballs], { cwd: place.folder, env })
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    const isUnreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/.test(text)
    if (!isUnreachable || process.env.CI === 'true') throw error
    context.skip('the packages that these depend on cannot be had: there is no network')
  }
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name)
    return sum + (entry.isDirectory() ? sizeOf(path) : statSync(path).size)
  }, 0)
}

describe('the packed packages', () => {
  it(
    verifies(['I-40', 'REACH-2'], 'are installed with scripts off into an empty folder, and serve and answer there'),
    async (context) => {
      const env = await environment()
      await install(
        await pack(['client', 'core', 'hono-middleware', 'dashboard', 'mcp-server', 'worker', 'cli']),
        env,
        context,
      )
      const modules = join(place.folder, 'node_modules')
      const preceptor = async (...args: readonly string[]) => {
        const { stdout } = await run('npx', ['--no', 'preceptor', ...args, '--json'], { cwd: place.folder, env })
        return JSON.parse(stdout)
      }
      expect(await preceptor('explain', 'STOPPED')).toMatchObject({ code: 'STOPPED' })
      const server = startProgram(place, {
        file: realpathSync(join(modules, '.bin', 'preceptor')),
        args: ['dev', '--port', '0'],
      })
      await server.waitFor(/^API\s+http:/m)
      expect(await preceptor('agents', 'register', 'bot')).toMatchObject({ id: 'bot', maturity: 'student' })
      expect(await preceptor('agents', 'list')).toMatchObject({ items: [{ id: 'bot' }], next: null })
      const { ok, checks } = await preceptor('doctor')
      expect([ok, checks.filter(({ state }: { state: string }) => state !== 'ok')]).toEqual([true, []])
      expect(await endProgram(server, 'SIGTERM')).toBe(0)
      expect(existsSync(join(place.folder, '.preceptor', 'dev.json'))).toBe(false)

      const client = join(modules, '@preceptor', 'client')
      expect(sizeOf(client)).toBeLessThan(MOST_BYTES_OF_CLIENT)
      expect(JSON.parse(readFileSync(join(client, 'package.json'), 'utf8')).dependencies ?? {}).toEqual({})
      expect(readdirSync(place.home).filter((name) => name !== 'packed')).toEqual([])
    },
    TIMEOUT_MS,
  )
})
