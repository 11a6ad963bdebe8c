import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ERROR_CODES } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { MIGRATION_NAMES } from '@preceptor/core/testing'
import { createLearning } from '@preceptor/learning'
import { createOrchestration } from '@preceptor/orchestration'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from './commands.ts'
import { type Result, runLine } from './run-line.test.helper.ts'

// What the command line opens beside core.
const PLUGIN_MIGRATIONS = [createLearning(), createOrchestration()].flatMap(({ port, migrations }) =>
  migrations.map(({ name }) => `${port.name}/${name}`),
)

const root = mkdtempSync(join(tmpdir(), 'preceptor-cli-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const cli = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> =>
  runLine(args, { env, ended: AbortSignal.abort() })

const json = ({ printed }: Result) => JSON.parse(printed)

describe('preceptor', () => {
  it('helps with every command and names the exit codes', async () => {
    const { code, printed } = await cli(['--help'])
    expect(code).toBe(0)
    for (const name of COMMANDS.map(({ name, words }) => [name, ...words].join(' '))) {
      expect(printed).toContain(`  ${name}`)
      const { code: helped, printed: help } = await cli([
        ...name.split(' ').filter((word) => word !== word.toUpperCase()),
        '--help',
      ])
      expect(helped).toBe(0)
      expect(help).toContain(`Usage: preceptor ${name}`)
      expect(help).toContain('--json')
    }
    expect(printed).toContain('Exit codes')
    expect((await cli(['db', '--help'])).printed).not.toContain('serve  ')
    expect((await cli(['--version'])).printed).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it.each([
    [[], 'command'],
    [['launch'], 'launch'],
    [['db'], 'db'],
    [['db', 'drop'], 'db drop'],
    [['db', 'status', 'now'], 'db status'],
    [['db', 'status', '--force'], '--force'],
    [['agents', 'list', '--maturity', 'junior'], '--maturity'],
    [['agents', 'list', '--limit', '0'], '--limit'],
    [['agents', 'pause', 'bot'], '--reason'],
    [['agents', 'demote', 'bot', '--reason', 'why'], '--to'],
    [['agents', 'get'], 'ID'],
    [['keys', 'create', 'ana', '--name', 'x'], 'ana'],
    [['keys', 'create', 'user:ana', '--name', 'x', '--roles', 'king'], '--roles'],
    [['stop', 'set', '--reason', 'why'], '--workspace'],
    [['stop', 'set', '--reason', 'why', '--all', '--agent', 'bot'], 'exactly one'],
    [['journal', 'export'], '--json'],
    [['journal', 'export', '--output', 'x', '--after', '-1'], '--after'],
    [['worker', '--concurrency', '0'], '--concurrency'],
    [['explain'], 'CODE'],
    [['sessions', 'list', '--state', 'over'], '--state'],
    [['sessions', 'terminate', 'ses_1'], '--reason'],
    [['sessions', 'correct', 'ses_1'], '--guidance'],
    [['sessions', 'correct', 'ses_1', '--args', '[1]'], '--args'],
    [['sessions', 'object', 'ses_1', '--reason', 'why'], 'STEP'],
    [['sessions', 'complete', 'ses_1', '--rating', '6'], '--rating'],
    [['sessions', 'hand-over', 'ses_1'], '--to'],
    [['sessions', 'watch'], 'ID'],
    [['queue', 'cancel', 'que_1'], '--reason'],
    [['queue', 'resolve', 'que_1', '--outcome', 'done', '--reason', 'why'], '--outcome'],
    [['presence', 'busy'], 'presence busy'],
    [['mcp', 'install', '--client', 'notepad'], '--client'],
    [['mcp', 'doctor', '--timeout-seconds', '0'], '--timeout-seconds'],
    [['mcp', 'import'], 'No server'],
    [['mcp', 'import', '--upstream', 'http://127.0.0.1:1/mcp', '--', 'node'], 'Name one'],
    [['mcp', 'proxy', '--servers', 'no-such-file.json'], 'no-such-file.json'],
    [['mcp', 'proxy', '--catalogue', 'no-such-file.json', '--', 'node'], 'no-such-file.json'],
    [['serve', '--port', '70000'], '--port'],
    [['serve', '--port', ''], '--port'],
  ])('ends with 2 and names what is wrong: %j [CONF-1]', async (args, named) => {
    const result = await cli([...args, '--json'])
    expect(result.code).toBe(2)
    expect(json(result).error).toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining(named) })
    expect(result.noted).toContain('OPTION_INVALID')
  })

  it.each([
    [['agents', 'lst'], 'agents list'],
    [['jornal', 'verify'], 'journal verify'],
    [['docter'], 'doctor'],
    [['agents', 'list', '--matruity', 'intern'], '--maturity'],
    [['serve', '--prot=1'], '--port'],
    [['agents', 'list', '--lifecycle', 'activ'], 'active'],
  ])('suggests what was meant: %j', async (args, meant) => {
    const result = await cli([...args, '--json'])
    expect([result.code, json(result).error.hint]).toEqual([2, expect.stringContaining(`Did you mean ${meant}?`)])
  })
})

describe('preceptor explain', () => {
  it.each(Object.keys(ERROR_CODES))('knows %s, offline [ERR-1]', async (code) => {
    const entry = ERROR_CODES[code as keyof typeof ERROR_CODES]
    const result = await cli(['explain', code.toLowerCase(), '--json'])
    expect(result.code).toBe(0)
    expect(json(result)).toEqual({ code, ...entry })
    expect((await cli(['explain', code])).printed).toContain(entry.advice)
  })

  it.each(['constructor', 'NO_SUCH_CODE', '__proto__'])('does not know %s', async (word) => {
    const result = await cli(['explain', word, '--json'])
    expect(result.code).toBe(1)
    expect(json(result).error).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining(word) })
  })

  it('offers what is similar', async () => {
    expect(json(await cli(['explain', 'FOLDER_LOCK', '--json'])).error.details.similar).toContain('DATA_FOLDER_LOCKED')
  })
})

describe('preceptor on a folder without a database', () => {
  const folder = join(root, 'none')

  it('says so and creates nothing [DB-8]', async () => {
    const status = await cli(['db', 'status', '--data-folder', folder, '--json'])
    expect(status.code).toBe(1)
    expect(json(status)).toMatchObject({
      kind: 'pglite',
      state: 'missing',
      pending: [...MIGRATION_NAMES, ...PLUGIN_MIGRATIONS],
    })
    const plan = await cli(['db', 'plan', '--data-folder', folder, '--json'])
    expect(plan.code).toBe(0)
    expect(json(plan).pending[0].sql).toContain('create table')
    const verification = await cli(['db', 'verify', '--data-folder', folder, '--json'])
    expect(verification.code).toBe(1)
    expect(json(verification).error).toMatchObject({
      code: 'DATABASE_MISSING',
      message: expect.stringContaining(folder),
    })
    expect(statSync(folder, { throwIfNoEntry: false })).toBeUndefined()
  })
})

describe('preceptor on an embedded database', () => {
  const folder = join(root, 'data')
  const at = ['--data-folder', folder]

  beforeAll(async () => {
    expect((await cli(['db', 'apply', ...at, '--json'])).printed).toContain('core/0001-foundation')
    const governor = await createGovernor({ dataFolder: folder })
    await governor.close()
  })

  it('finds the schema current, and applying it again changes nothing [DB-5]', async () => {
    const status = await cli(['db', 'status', ...at])
    expect(status.code).toBe(0)
    expect(status.printed).toContain(folder)
    expect((await cli(['db', 'plan', ...at])).printed).toContain('nothing to apply')
    expect(json(await cli(['db', 'apply', ...at, '--json']))).toEqual({ applied: [] })
  })

  it('verifies the journal [JRN-2]', async () => {
    const result = await cli(['db', 'verify', ...at, '--json'])
    expect(result.code).toBe(0)
    expect(json(result)).toMatchObject({ ok: true, problem: null })
    expect((await cli(['db', 'verify', ...at])).printed).toContain('verified')
  })

  it('knows an unknown workspace and does not create it', async () => {
    for (const attempt of [1, 2]) {
      const result = await cli(['db', 'verify', ...at, '--workspace', 'other', '--json'])
      expect([attempt, result.code, json(result).error.code]).toEqual([attempt, 1, 'WORKSPACE_UNKNOWN'])
    }
  })

  it('names the process that has the folder open [DB-3]', async () => {
    const governor = await createGovernor({ dataFolder: folder })
    try {
      for (const words of [
        ['db', 'verify'],
        ['db', 'status'],
        ['db', 'apply'],
        ['serve', '--port', '0'],
      ]) {
        const result = await cli([...words, ...at, '--json'])
        expect(result.code).toBe(1)
        expect(json(result).error.code).toBe('DATA_FOLDER_LOCKED')
        expect(result.noted).toContain(`pid ${process.pid}`)
      }
    } finally {
      await governor.close()
    }
  })

  it('refuses to serve it in production [DB-12]', async () => {
    const result = await cli(['serve', ...at, '--json'], { NODE_ENV: 'production' })
    expect(result.code).toBe(1)
    expect(json(result).error.code).toBe('EMBEDDED_IN_PRODUCTION')
  })

  it('serves with a key for the first time, then with none, then with another one on request', async () => {
    const keys: (string | null)[] = []
    for (const more of [[], [], ['--new-key']]) {
      const result = await cli(['serve', ...at, '--port', '0', '--json', ...more])
      expect(result.code, result.noted).toBe(0)
      expect(json(result).address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      keys.push(json(result).administratorKey)
    }
    expect(keys).toEqual([expect.stringMatching(/^pcp_/), null, expect.stringMatching(/^pcp_/)])
    expect(keys[2]).not.toBe(keys[0])
  })

  it('makes a workspace with an administrator, and lists it [AUTH-9]', async () => {
    const made = await cli(['workspaces', 'create', 'north', '--name', 'North', ...at, '--json'])
    expect(json(made)).toMatchObject({ workspace: { id: 'north' }, administratorKey: expect.stringMatching(/^pcp_/) })
    expect((await cli(['workspaces', 'list', ...at])).printed).toMatch(/default[\s\S]*north .*North/)
  })
})
