import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { freePort } from '@preceptor/test-setup'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type ModelServer, startModelServer } from '../docs/model-server.ts'
import { verifies } from '../verifies.ts'
import { endProgram, makePlace, type Place, type Program, startProgram } from './demo-process.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BIN = join(ROOT, 'packages', 'cli', 'dist', 'bin.js')
const TIMEOUT_MS = 240_000
const RAN = /^refunded .*\b500\b/gm

let model: ModelServer

beforeAll(async () => {
  model = await startModelServer()
})
afterAll(() => model?.close())

/** A starter that was written, in a folder from which the packages resolve, and runs. */
interface Started {
  readonly program: Program
  readonly preceptor: (...args: readonly string[]) => Promise<ReturnType<typeof JSON.parse>>
  readonly folder: string
}

async function startStarter(runtime: string): Promise<Started> {
  const place = makePlace()
  onTestFinished(() => place.remove())
  const parent = join(ROOT, 'test', 'dist')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'starter-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  await preceptorIn(place, {})('init', '--for', runtime, '--folder', folder)
  const [name = ''] = readdirSync(folder).filter((file) => file.endsWith('.mjs'))
  const env = { PORT: String(await freePort()), OPENAI_API_KEY: 'none', OPENAI_BASE_URL: model.url }
  const program = startProgram(place, { file: join(folder, name), args: [], env })
  const [, url, token] = await program.waitFor(/^ +export PRECEPTOR_URL=(\S+) PRECEPTOR_TOKEN=(\S+)$/m)
  return { program, folder, preceptor: preceptorIn(place, { PRECEPTOR_URL: url, PRECEPTOR_TOKEN: token }) }
}

/** Runs the command line and gives its document; it must end with 0. */
function preceptorIn(place: Place, env: NodeJS.ProcessEnv): Started['preceptor'] {
  return async (...args) => {
    const command = startProgram(place, { file: BIN, args: [...args, '--json'], env })
    expect(await command.ended, `${args.join(' ')}\n${command.stdout()}${command.stderr()}`).toBe(0)
    return JSON.parse(command.stdout())
  }
}

/** Approves the one thing that waits, as a person does, and gives its id. */
async function approve({ preceptor }: Started): Promise<string> {
  const { items } = await vi.waitFor(
    async () => {
      const pending = await preceptor('proposals', 'list', '--state', 'pending')
      expect(pending.items).toHaveLength(1)
      return pending
    },
    { timeout: 60_000 },
  )
  const [{ id, actionHash }] = items
  expect(await preceptor('proposals', 'approve', id, '--action-hash', actionHash)).toMatchObject({ state: 'approved' })
  return id
}

/** Takes a line of curl that a program printed apart, and sends the same, or the same with another body. */
async function curl({ program }: Started, change = (body: string): string => body): Promise<Response> {
  const [, address, options = '', body = ''] = await program.waitFor(/curl -X POST (\S+) (.*)-d '(.*)'$/m)
  const headers = [...options.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name = '', value = '']) => [name, value])
  return fetch(`http://${address}`, { method: 'POST', headers: Object.fromEntries(headers), body: change(body) })
}

const effectsOf = ({ program }: Started): number => program.stdout().match(RAN)?.length ?? 0

async function expectState({ preceptor }: Started, id: string, state: string): Promise<void> {
  await vi.waitFor(async () => expect((await preceptor('proposals', 'show', id)).proposal.state).toBe(state), {
    timeout: 60_000,
  })
}

/** The policy that the starter comes with, in force. */
async function applyPolicy({ preceptor, folder }: Started): Promise<void> {
  const applied = await preceptor('policy', 'apply', join(folder, 'policy.yaml'), '--reason', 'to begin with', '--yes')
  expect(applied).toMatchObject({ applied: true, version: 1 })
}

describe('starters of preceptor init, run as they are written', () => {
  it(
    verifies('OPS-6', 'langchain: the call of a model waits, is approved, and runs once'),
    async () => {
      const starter = await startStarter('langchain')
      await starter.program.waitFor(/^The call waits for you\.$/m)
      expect(effectsOf(starter)).toBe(0)
      await approve(starter)
      expect(await starter.program.ended, starter.program.stderr()).toBe(0)
      expect(starter.program.stdout()).toMatch(/^The order is refunded\.$/m)
      expect(effectsOf(starter)).toBe(1)
    },
    TIMEOUT_MS,
  )

  it(
    verifies('OPS-6', 'hono: a request waits, is approved, and runs once; its policy refuses what is too much'),
    async () => {
      const starter = await startStarter('hono')
      await applyPolicy(starter)
      expect((await curl(starter)).status).toBe(202)
      const id = await approve(starter)
      expect(effectsOf(starter)).toBe(0)
      for (const _ of [1, 2]) expect(await (await curl(starter)).json()).toEqual({ refunded: true })
      expect(effectsOf(starter)).toBe(1)
      await expectState(starter, id, 'succeeded')
      const tooMuch = await curl(starter, (body) => body.replace('500', '10001'))
      expect(await tooMuch.json()).toMatchObject({ status: 403, code: 'CONDITION_FAILED' })
      expect(effectsOf(starter)).toBe(1)
      expect(await endProgram(starter.program, 'SIGTERM'), starter.program.stderr()).toBe(0)
    },
    TIMEOUT_MS,
  )

  it(
    verifies('OPS-6', 'mcp: what an assistant asks for waits, is approved, and may run once'),
    async () => {
      const starter = await startStarter('mcp')
      await applyPolicy(starter)
      const [, address = '', token] = await starter.program.waitFor(/address (\S+), and as bearer token (\S+)$/m)
      const client = new Client({ name: 'assistant', version: '1' })
      const requestInit = { headers: { authorization: `Bearer ${token}` } }
      await client.connect(new StreamableHTTPClientTransport(new URL(address), { requestInit }))
      const call = async (name: string, given: Record<string, unknown>) => {
        const { isError, structuredContent } = await client.callTool({ name, arguments: given })
        expect(isError ?? false, JSON.stringify(structuredContent)).toBe(false)
        return structuredContent as { readonly mayRun: boolean; readonly decision: { readonly id: string } }
      }
      const refund = { action: 'refund.create', args: { order: 'o-1', cents: 500 }, idempotencyKey: 'refund-o-1' }
      expect(await call('request_action', refund)).toMatchObject({ mayRun: false })
      const id = await approve(starter)
      const allowed = await call('request_action', refund)
      expect(allowed).toMatchObject({ mayRun: true, args: { order: 'o-1', cents: 500 } })
      await call('report_outcome', { decisionId: allowed.decision.id, status: 'succeeded', value: 'refunded' })
      expect(await call('request_action', refund)).toMatchObject({ mayRun: false })
      await expectState(starter, id, 'succeeded')
      const tooMuch = { ...refund, args: { order: 'o-1', cents: 10_001 }, idempotencyKey: 'too-much' }
      expect(await call('request_action', tooMuch)).toMatchObject({
        mayRun: false,
        decision: { code: 'CONDITION_FAILED' },
      })
      await client.close()
      expect(await endProgram(starter.program, 'SIGTERM'), starter.program.stderr()).toBe(0)
    },
    TIMEOUT_MS,
  )

  it(
    verifies('OPS-6', 'bullmq: what was asked for waits, is approved, and a worker runs it once'),
    async () => {
      const starter = await startStarter('bullmq')
      await applyPolicy(starter)
      expect(await (await curl(starter)).json()).toMatchObject({ route: 'proposal' })
      const id = await approve(starter)
      await expectState(starter, id, 'succeeded')
      await curl(starter)
      expect(effectsOf(starter)).toBe(1)
      const tooMuch = await curl(starter, (body) => body.replace('500', '10001').replace('refund-o-1', 'too-much'))
      expect(await tooMuch.json()).toMatchObject({ route: 'denied', code: 'CONDITION_FAILED' })
      expect(await endProgram(starter.program, 'SIGTERM'), starter.program.stderr()).toBe(0)
    },
    TIMEOUT_MS,
  )
})
