import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Command, ExitCode } from './command.ts'
import { COMMANDS } from './commands.ts'
import { describeCommands } from './describe-commands.ts'
import { exampleOf } from './examples.ts'
import { EXIT_CODES } from './exit-codes.ts'
import { type Plane, startPlane } from './plane.test.helper.ts'
import { readFlags } from './read-flags.ts'
import { runLine } from './run-line.test.helper.ts'

const DOCS = fileURLToPath(new URL('../../../docs/cli.md', import.meta.url))
const SHAPES = fileURLToPath(new URL('../../../test/pins/cli-json.txt', import.meta.url))
const SCHEMA = fileURLToPath(new URL('../policy.schema.json', import.meta.url))
const empty = mkdtempSync(join(tmpdir(), 'preceptor-nothing-'))
afterAll(() => rmSync(empty, { recursive: true, force: true }))

/** What a shell makes of an example, as far as examples go. */
function wordsOf(line: string): readonly string[] {
  const [typed = ''] = line.split(/ [>|] /)
  return [...typed.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  )
}

describe('every command', () => {
  it('has an example that it takes as it stands [CLI-4]', () => {
    for (const command of COMMANDS) {
      const [program, ...args] = wordsOf(exampleOf(command.name))
      const length = command.name.split(' ').length
      expect([program, args.slice(0, length).join(' ')]).toEqual(['preceptor', command.name])
      const { words } = readFlags(command, args.slice(length))
      if (command.takesRest !== true) expect([command.name, words.length]).toEqual([command.name, command.words.length])
    }
  })

  it('is on the page of all commands, which is written from them: run this with --update [CLI-4]', async () => {
    await expect(describeCommands(COMMANDS)).toMatchFileSnapshot(DOCS)
  })

  it('ends with a documented code, and each is documented once [CLI-2]', () => {
    expect(Object.keys(EXIT_CODES)).toEqual(['0', '1', '2', '3'])
    expect(readFileSync(DOCS, 'utf8')).toContain(EXIT_CODES[3])
  })

  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    '%s: bad input ends with 2, as one JSON document, and asks nobody [CLI-2]',
    async (name, command) => {
      const words = name.split(' ')
      for (const wrong of [['--no-such-option'], [...command.words, 'one', 'too', 'many']]) {
        if (command.takesRest === true && wrong.length > 1) continue
        const { code, printed, noted } = await runLine([...words, ...wrong, '--json'], { openKeyboard: asksNobody })
        expect([name, code, JSON.parse(printed).error.code]).toEqual([name, 2, 'OPTION_INVALID'])
        expect(noted).toContain('--help')
      }
      const help = await runLine([...words, '--help'])
      expect([help.code, help.printed]).toEqual([0, expect.stringContaining(`Example: ${exampleOf(name)}`)])
    },
  )

  it.each(asking().map((command) => [command.name, command] as const))(
    '%s: ends without a server and without a terminal [CLI-2]',
    async (name, command) => {
      const file = join(empty, 'policy.yaml')
      writeFileSync(file, '{}')
      const [, ...typed] = wordsOf(exampleOf(name))
      const args = typed.map((word) => (word === 'policy.yaml' ? file : word))
      const result = await runLine([...args, '--data-folder', empty, '--json'], { openKeyboard: asksNobody })
      expect([name, result.code, JSON.parse(result.printed).error?.code]).toEqual([name, 2, 'OPTION_INVALID'])
      expect(command.flags.url).toBeDefined()
    },
  )
})

function asksNobody(): never {
  throw new Error('It asks.')
}

/** Commands that ask a server, and nothing else. */
function asking(): readonly Command[] {
  const own = ['mcp', 'doctor', 'info', 'journal verify']
  return COMMANDS.filter(
    ({ name, flags }) => flags.url !== undefined && !own.includes(name) && !name.startsWith('mcp '),
  )
}

describe('preceptor policy schema', () => {
  it('prints the schema that the package carries: run this with --update [POL-20]', async () => {
    const { code, printed } = await runLine(['policy', 'schema'])
    expect(code).toBe(0)
    await expect(`${printed}\n`).toMatchFileSnapshot(SCHEMA)
  })
})

describe('what commands print as JSON', () => {
  let plane: Plane
  beforeAll(async () => {
    plane = await startPlane()
    await plane.admin.registerActions({ 'note.write': { risk: 'high' } })
    for (const maturity of ['student', 'intern'] as const) {
      await plane.admin.agents.register({ id: maturity, maturity, ownerId: 'system' })
      const scope = await plane.agent(maturity)
      await scope.decide({ agent: maturity, action: 'note.write', args: {} })
    }
    await plane.admin.policies.put({ shadow: ['note'] }, { basedOn: 0, reason: 'a test' })
    const intern = await plane.agent('intern')
    await intern.decide({ agent: 'intern', action: 'note.write', args: {} })
  }, 120_000)
  afterAll(() => plane.close())

  it('has a stable shape [CLI-5]', async () => {
    const file = join(plane.folder, 'policy.yaml')
    writeFileSync(file, 'shadow: []\n')
    const proposal = (await plane.admin.proposals.list()).items[0]
    const course = (await plane.admin.trainingProposals.list()).items[0]?.id ?? ''
    const lines: readonly (readonly [ExitCode, ...string[]])[] = [
      [0, 'policy', 'show'],
      [0, 'policy', 'history'],
      [0, 'policy', 'diff', file],
      [0, 'policy', 'simulate', file],
      [0, 'policy', 'shadow'],
      [0, 'policy', 'apply', file, '--reason', 'a test', '--yes'],
      [0, 'policy', 'pull', file],
      [0, 'proposals', 'list'],
      [0, 'proposals', 'show', proposal?.id ?? ''],
      [0, 'simulate', 'intern', 'note.write'],
      [0, 'explain-decision', proposal?.decisionId ?? ''],
      [0, 'training', 'list'],
      [0, 'training', 'show', course],
      [0, 'training', 'approve', course],
      [0, 'training', 'sessions'],
      [0, 'playbooks', 'list'],
      [0, 'grants', 'list'],
      [0, 'alerts', 'list'],
      [0, 'journal', 'list', '--kind', 'policy.changed'],
      [0, 'info'],
      [1, 'grants', 'show', 'grt_none'],
      [1, 'grants', 'revoke', 'grt_none', '--reason', 'a test'],
      [1, 'alerts', 'acknowledge', 'alr_none'],
      [1, 'alerts', 'mute', 'alr_none', '--hours', '1'],
      [1, 'playbooks', 'show', 'pbk_none'],
      [1, 'training', 'reject', course, '--reason', 'late'],
    ]
    const shapes: string[] = []
    for (const [expected, ...line] of lines) {
      const { code, json } = await plane.ask(...line)
      const shown = line.map((word) =>
        word.startsWith(plane.folder) ? 'FILE' : word.replace(/_[0-9a-f]{8}-[0-9a-f-]{27}$/, '_ID'),
      )
      expect([shown.join(' '), code]).toEqual([shown.join(' '), expected])
      shapes.push(`${shown.join(' ')}\n${shapeOf(json).join('\n')}`)
    }
    await expect(`${shapes.join('\n\n')}\n`).toMatchFileSnapshot(SHAPES)
  })

  it('has nothing of the person in a report of a problem [CLI-6]', async () => {
    const env = {
      ...plane.env,
      DATABASE_URL: 'postgres://ana:secret-word@db.example/app',
    }
    const { code, printed } = await runLine(['info', '--json'], { env })
    expect([code, JSON.parse(printed)]).toMatchObject([
      0,
      { server: 'ready', set: ['DATABASE_URL', 'PRECEPTOR_URL', 'PRECEPTOR_TOKEN'], production: false },
    ])
    for (const secret of [
      'secret-word',
      'db.example',
      plane.env.PRECEPTOR_TOKEN,
      plane.env.PRECEPTOR_URL,
      plane.folder,
    ]) {
      expect(printed).not.toContain(secret)
    }
    const away = await runLine(['info', '--json', '--data-folder', empty])
    expect(JSON.parse(away.printed).server).toBe('OPTION_INVALID')
  })
})

describe('preceptor init', () => {
  it.each(['langchain', 'hono', 'mcp', 'bullmq'])(
    'writes a starter for %s, and overwrites nothing [CLI-7]',
    async (runtime) => {
      const folder = join(empty, runtime)
      const made = await runLine(['init', '--for', runtime, '--folder', folder, '--json'], { openKeyboard: asksNobody })
      const json = JSON.parse(made.printed)
      expect([made.code, json.kept, json.next]).toEqual([
        0,
        [],
        [expect.stringMatching(/^npm install @preceptor\/core /), expect.stringMatching(/^node governed-/)],
      ])
      for (const name of json.written) expect(existsSync(join(folder, name))).toBe(true)
      expect((await runLine(['policy', 'check', join(folder, 'policy.yaml')])).code).toBe(0)
      writeFileSync(join(folder, 'policy.yaml'), 'mine')
      const again = await runLine(['init', '--for', runtime, '--folder', folder, '--json'])
      expect(JSON.parse(again.printed)).toMatchObject({ written: [], kept: json.written })
      expect(readFileSync(join(folder, 'policy.yaml'), 'utf8')).toBe('mine')
    },
  )
})

/** The fields of a document and what each is, without what is in them; an open object is its own. */
function shapeOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) {
    const inner = [...new Set(value.flatMap((item) => shapeOf(item, `${path}[]`)))]
    return inner.length === 0 ? [`${path}[]: empty`] : inner
  }
  if (typeof value !== 'object' || value === null) return [`${path}: ${value === null ? 'null' : typeof value}`]
  if (/(document|body|args|plan|details|after|before|preview|context|schema)$/.test(path)) return [`${path}: open`]
  return Object.entries(value).flatMap(([key, item]) => shapeOf(item, path === '' ? key : `${path}.${key}`))
}
