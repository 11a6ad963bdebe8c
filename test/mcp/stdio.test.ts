import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { stdioCommand } from './stdio-server.ts'

const PATIENCE = { timeout: 20_000, interval: 20 }

describeWithPostgres(verifies('MCP-3', 'the server over stdio'), () => {
  const database = useTestDatabase()
  let test: TestGovernor
  beforeAll(async () => {
    test = await createTestGovernor({ database: database.url })
    await test.register('bot', 'autonomous')
  })
  afterAll(() => test.close())

  const identity = { workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } } as const
  const message = (id: number, method: string, params: object = {}): string =>
    `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`
  const initialize = message(1, 'initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'raw', version: '1' },
  })

  interface Started {
    readonly child: ChildProcessWithoutNullStreams
    readonly stdout: () => string
    readonly stderr: () => string
    readonly ended: Promise<number | NodeJS.Signals | null>
    answered(id: number): Promise<unknown>
  }

  function start(): Started {
    const child = spawn(
      process.execPath,
      stdioCommand({ database: database.url, identity, actions: { 'mail.send': {} } }),
      { env: {} },
    )
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
    const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
      child.once('close', (code, signal) => resolve(code ?? signal)),
    )
    return {
      child,
      ended,
      stdout: () => stdout,
      stderr: () => stderr,
      answered: (id) =>
        vi.waitFor(() => {
          const line = stdout.split('\n').find((text) => text.includes(`"id":${id}`))
          if (line === undefined) throw new Error(`No answer to ${id}.\n${stdout}\n${stderr}`)
          return JSON.parse(line)
        }, PATIENCE),
    }
  }

  it('prints nothing but JSON-RPC on standard output, whatever else prints there', async () => {
    const server = start()
    server.child.stdin.write(initialize)
    await server.answered(1)
    const request = { name: 'request_action', arguments: { action: 'mail.send', args: {} } }
    server.child.stdin.write(message(2, 'tools/call', request))
    expect(await server.answered(2)).toMatchObject({ result: { structuredContent: { mayRun: true } } })
    await vi.waitFor(() => {
      expect(server.stderr()).toContain('a line for the console')
      expect(server.stderr()).toContain('a line for standard output')
    }, PATIENCE)
    server.child.stdin.end()
    expect(await server.ended).toBe(0)
    expect(server.stderr()).toContain('served: closed')
    for (const line of server.stdout().trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' })
  })

  it('survives what is no message, and says which arguments are wrong', async () => {
    const server = start()
    server.child.stdin.write(`${initialize}this is no JSON\n{"jsonrpc":"1.0"}\n`)
    const wrong: readonly (readonly [object, string])[] = [
      [{ action: 'mail.send' }, 'arguments.args'],
      [{ action: 'mail.send', args: {}, source: 'manual' }, 'source'],
      [{ action: 'mail.send', args: [] }, 'arguments.args'],
      [{ action: '', args: {} }, 'arguments.action'],
      [{ action: 'mail.send', args: {}, agent: 'someone' }, 'AGENT_MISMATCH'],
    ]
    for (const [index, [args, named]] of wrong.entries()) {
      server.child.stdin.write(message(10 + index, 'tools/call', { name: 'request_action', arguments: args }))
      expect(JSON.stringify(await server.answered(10 + index))).toContain(named)
    }
    server.child.stdin.write(message(30, 'tools/call', { name: 'approve_proposal', arguments: {} }))
    expect(await server.answered(30)).toMatchObject({ error: { message: expect.stringContaining('request_action') } })
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
  })

  it('ends, with its governor closed, when a message is too large', async () => {
    const server = start()
    server.child.stdin.write(initialize)
    await server.answered(1)
    server.child.stdin.on('error', () => undefined)
    server.child.stdin.write(message(2, 'ping', { padding: 'x'.repeat(2_000_000) }))
    expect(await server.ended).toBe(0)
    expect(server.stderr()).toContain('served: closed')
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('ends on %s with what was claimed on record', async (signal) => {
    const server = start()
    server.child.stdin.write(initialize)
    const request = { name: 'request_action', arguments: { action: 'mail.send', args: {}, idempotencyKey: signal } }
    server.child.stdin.write(message(2, 'tools/call', request))
    const answer = await server.answered(2)
    server.child.kill(signal)
    expect(await server.ended).toBe(0)
    const id = JSON.stringify(answer).match(/dec_[\w-]+/)?.[0] ?? ''
    expect((await test.admin.decisions.get(id)).execution).toMatchObject({ state: 'claimed' })
  })
})
