import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { writeToolServer } from '../mcp/tool-server.test.helper.ts'
import { runLine } from '../run-line.test.helper.ts'

const root = mkdtempSync(join(tmpdir(), 'preceptor-doctor-'))
const good = writeToolServer(root, 'good')
let folder: string
let count = 0
let refusing: Server
let address: string
let free: string

beforeAll(async () => {
  refusing = createServer((_, response) => void response.writeHead(401).end('{}'))
  const gone = createServer()
  ;[address, free] = await Promise.all([addressOf(refusing), addressOf(gone)])
  await new Promise((resolve) => gone.close(resolve))
})
afterAll(async () => {
  rmSync(root, { recursive: true, force: true })
  await new Promise((resolve) => refusing.close(resolve))
})
beforeEach(() => {
  count += 1
  folder = join(root, String(count))
  mkdirSync(join(folder, '.vscode'), { recursive: true })
})

function addressOf(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
}

const program = (code: string) => ({ command: process.execPath, args: ['-e', code] })
const configure = (name: string, text: string): void => writeFileSync(join(folder, name), text)
const servers = (entries: object): string => JSON.stringify({ mcpServers: entries })

async function doctor(env: Readonly<Record<string, string>> = {}, ...more: readonly string[]) {
  const args = ['mcp', 'doctor', '--folder', folder, ...more]
  const { code, printed } = await runLine([...args, '--json'], { env: { HOME: folder, ...env } })
  const { ok, checks } = JSON.parse(printed)
  const found = Object.fromEntries(checks.map((check: { server: string }) => [check.server, check]))
  return { code, ok, checks, found }
}

describe('preceptor mcp doctor [MCP-22]', () => {
  it('has nothing to say where no assistant is told of a server', async () => {
    expect(await doctor()).toMatchObject({ code: 0, ok: true, checks: [] })
  })

  it('starts a server and lists its tools, and says that nothing is in front of it', async () => {
    configure('.mcp.json', servers({ good, also: { ...good, env: { KEY: `\${KEY}` } } }))
    configure('.vscode/mcp.json', `{ // mine\n "servers": { "asks": { "command": "x", "args": ["\${input:key}"] }, } }`)
    const { code, found } = await doctor({ KEY: 'k' })
    expect(found).toMatchObject({
      good: { client: 'claude-code', state: 'warning', message: 'good 1.2.3, 1 tool, not behind the gate' },
      also: { state: 'warning' },
      asks: { client: 'vscode', state: 'skipped', message: expect.stringContaining('key') },
    })
    expect(code).toBe(0)
    expect((await doctor({}, '--client', 'vscode')).checks).toHaveLength(1)
  })

  it('says what is wrong with each', async () => {
    configure(
      '.mcp.json',
      servers({
        missing: { command: 'no-such-command-here' },
        chatty: writeToolServer(root, 'chatty', 'console.log("Hello, I am up")'),
        dying: program('console.error("No licence. token=pcp_abcdefghijklmnopqrstuvwxyz0123456789"); process.exit(3)'),
        variable: { ...good, env: { KEY: `\${NO_SUCH_KEY}` } },
        refused: { url: address, headers: { authorization: 'Bearer wrong' } },
        nobody: { url: `${free}/mcp?key=secret` },
        nothing: {},
        good,
      }),
    )
    const { code, ok, found } = await doctor()
    expect([code, ok]).toEqual([1, false])
    const failed = (text: string) => ({ state: 'failed', message: expect.stringContaining(text) })
    expect(found).toMatchObject({
      missing: { ...failed('no command "no-such-command-here"'), code: 'UPSTREAM_UNAVAILABLE' },
      chatty: { ...failed('Hello, I am up'), advice: expect.stringContaining('standard error') },
      dying: failed('No licence.'),
      variable: failed('NO_SUCH_KEY'),
      refused: failed('401'),
      nobody: failed('ECONNREFUSED'),
      nothing: failed('nothing'),
      good: { state: 'warning' },
    })
    expect(found.nobody.message).not.toContain('secret')
    expect(found.dying.message).not.toContain('pcp_abcdefghijklmnopqrstuvwxyz0123456789')
  })

  it('waits no longer than it is told', async () => {
    configure('.mcp.json', servers({ silent: program('process.stdin.resume()') }))
    const { code, found } = await doctor({}, '--timeout-seconds', '1')
    expect([code, found.silent]).toMatchObject([1, { state: 'failed', message: expect.stringContaining('in time') }])
  })

  it('says of a file of an assistant that it cannot be read', async () => {
    configure('.mcp.json', '{ // no comments here\n}')
    const { code, checks } = await doctor()
    expect([code, checks]).toMatchObject([1, [{ client: 'claude-code', server: null, state: 'failed' }]])
  })

  it.skipIf(process.platform === 'win32')('names a Node that is too old for this program', async () => {
    const node = join(folder, 'node')
    writeFileSync(node, '#!/bin/sh\necho v18.20.0\n')
    chmodSync(node, 0o755)
    configure('.mcp.json', servers({ preceptor: { command: node, args: ['/opt/preceptor/cli/dist/bin.js', 'mcp'] } }))
    expect((await doctor()).found.preceptor).toMatchObject({
      state: 'failed',
      message: 'Node 18.20.0 is too old.',
      advice: expect.stringContaining('20.19'),
    })
  })
})
