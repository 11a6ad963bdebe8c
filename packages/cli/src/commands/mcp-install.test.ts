import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { runLine } from '../run-line.test.helper.ts'

const root = mkdtempSync(join(tmpdir(), 'preceptor-install-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let folder: string
let count = 0
beforeEach(() => {
  count += 1
  folder = join(root, String(count))
  mkdirSync(folder)
})

const SECRET = 'pcp_secret_of_the_environment'
const URL_OF = ['--url', 'https://governor.example/api']
const FILES = {
  'claude-code': '.mcp.json',
  'claude-desktop': '.config/Claude/claude_desktop_config.json',
  cursor: '.cursor/mcp.json',
  vscode: '.vscode/mcp.json',
} as const

async function install(client: keyof typeof FILES, ...more: readonly string[]) {
  const args = ['mcp', 'install', '--client', client, '--folder', folder, ...more, '--json']
  const result = await runLine(args, { env: { HOME: folder, PRECEPTOR_TOKEN: SECRET } })
  const file = join(folder, FILES[client])
  return { ...result, json: JSON.parse(result.printed), file, read: () => JSON.parse(readFileSync(file, 'utf8')) }
}

const onLinux = process.platform === 'linux'

describe.runIf(onLinux)('preceptor mcp install [MCP-21]', () => {
  it.each(Object.keys(FILES) as (keyof typeof FILES)[])('tells %s how to start the tools', async (client) => {
    const { code, json, file, read } = await install(client)
    expect([code, json]).toMatchObject([0, { file, outcome: 'made', written: true }])
    const entry = {
      command: process.execPath,
      args: [process.argv[1], 'mcp', '--data-folder', join(folder, '.preceptor')],
    }
    expect(read()).toEqual(
      client === 'vscode'
        ? { servers: { preceptor: { type: 'stdio', ...entry } } }
        : { mcpServers: { preceptor: entry } },
    )
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(dirname(file))).toEqual([file.slice(dirname(file).length + 1)])
  })

  it.each([
    ['claude-code', `\${PRECEPTOR_TOKEN}`],
    ['cursor', `\${env:PRECEPTOR_TOKEN}`],
    ['vscode', `\${input:preceptor-token}`],
  ] as const)('writes a reference for %s in the place of the key', async (client, reference) => {
    const { file, json, printed } = await install(client, ...URL_OF)
    expect(json.servers.preceptor.env).toEqual({ PRECEPTOR_URL: URL_OF[1], PRECEPTOR_TOKEN: reference })
    expect(readFileSync(file, 'utf8') + printed).not.toContain(SECRET)
  })

  it('writes no key where no reference can be', async () => {
    const { code, json, file } = await install('claude-desktop', ...URL_OF)
    expect([code, json.error.code, existsSync(file)]).toEqual([2, 'OPTION_INVALID', false])
  })

  it('changes nothing the second time', async () => {
    const { file } = await install('vscode', ...URL_OF)
    const before = [readFileSync(file, 'utf8'), statSync(file).ino]
    expect((await install('vscode', ...URL_OF)).json).toMatchObject({ outcome: 'unchanged', written: false })
    expect([readFileSync(file, 'utf8'), statSync(file).ino]).toEqual(before)
  })

  it('leaves what else stands in the file, its form, and who may read it', async () => {
    const file = join(folder, '.mcp.json')
    const before = { mcpServers: { files: { command: 'x' }, preceptor: { command: 'old' } }, other: [1, { a: null }] }
    writeFileSync(file, `\uFEFF${JSON.stringify(before, null, '\t')}`)
    chmodSync(file, 0o640)
    const { read } = await install('claude-code')
    const { mcpServers, ...rest } = read()
    expect([mcpServers.files, rest]).toEqual([{ command: 'x' }, { other: [1, { a: null }] }])
    expect(mcpServers.preceptor.command).toBe(process.execPath)
    expect(Object.keys(read())).toEqual(['mcpServers', 'other'])
    expect(readFileSync(file, 'utf8')).toMatch(/^\{\n\t"mcpServers"/)
    expect(statSync(file).mode & 0o777).toBe(0o640)
  })

  it('leaves a link a link', async () => {
    writeFileSync(join(folder, 'kept.json'), '{}')
    symlinkSync(join(folder, 'kept.json'), join(folder, '.mcp.json'))
    await install('claude-code')
    expect(JSON.parse(readFileSync(join(folder, 'kept.json'), 'utf8'))).toHaveProperty('mcpServers.preceptor')
  })

  it.each(['// mine\n{ "servers": {} }', '{ "servers": {', '[]', 'null', '{ "servers": [] }', '{ "servers": "x" }'])(
    'leaves a file as it is that holds %j, and says what to put into it',
    async (text) => {
      const file = join(folder, '.vscode', 'mcp.json')
      mkdirSync(dirname(file))
      writeFileSync(file, text)
      const { code, json } = await install('vscode')
      expect([code, json.error.code, readFileSync(file, 'utf8')]).toEqual([2, 'OPTION_INVALID', text])
      expect(json.error.hint).toContain('"preceptor":{"type":"stdio"')
      expect(readdirSync(dirname(file))).toEqual(['mcp.json'])
    },
  )

  it('prints and writes nothing with --dry-run', async () => {
    const { json, printed, file } = await install('cursor', '--dry-run')
    expect([json.written, existsSync(dirname(file))]).toEqual([false, false])
    expect(printed).toContain(process.execPath)
  })
})
