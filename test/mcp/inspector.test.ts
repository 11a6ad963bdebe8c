import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Decision, JsonObject, Role } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { createLearning, learning } from '@preceptor/learning'
import { learningRoutes } from '@preceptor/learning/hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Served, serve } from '../reach/serve.ts'
import { verifies } from '../verifies.ts'
import { type ServedEndpoint, serveEndpoint } from './support.ts'

const require = createRequire(import.meta.url)
const MANIFEST = require.resolve('@modelcontextprotocol/inspector/package.json')
const INSPECTOR = join(dirname(MANIFEST), 'clients/launcher/build/index.js')
const PRECEPTOR = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))
const ACTION = 'mail.send'
const FEEDBACK = {
  agent: 'intern',
  kind: 'correction',
  input: 'Greet Ana.',
  output: 'Hey.',
  correction: 'Dear Ana,',
  about: { kind: 'outside', id: 'a-test' },
}

let test: TestGovernor
let endpoint: ServedEndpoint
let api: Served
let home: string
/** By the principal. */
const keys = new Map<string, string>()
const ids = { proposal: '', session: '', entry: '' }

async function issueKey(id: string, principalKind: 'agent' | 'user', roles: readonly Role[] = []): Promise<void> {
  const { secret } = await test.admin.keys.create({ displayName: id, principalKind, principalId: id, roles })
  keys.set(id, secret)
}

async function decide(agent: string): Promise<Decision> {
  return test.agent(agent).decide({ agent, action: ACTION, args: { to: 'ana' }, idempotencyKey: crypto.randomUUID() })
}

beforeAll(async () => {
  test = await createTestGovernor({
    settings: { deadlineMs: 20_000 },
    actions: { [ACTION]: { risk: 'high' } },
    plugins: [createLearning()],
  })
  home = mkdtempSync(join(tmpdir(), 'inspector-'))
  await test.admin.members.put('sam', { displayName: 'Sam', roles: ['supervisor'] })
  for (const maturity of ['intern', 'supervised', 'autonomous'] as const) await test.register(maturity, maturity)
  await issueKey('autonomous', 'agent')
  await issueKey('sam', 'user', ['supervisor'])
  const [proposed, queued] = [await decide('intern'), await decide('supervised')]
  await test.user('sam', 'supervisor').presence.heartbeat()
  const watched = await decide('supervised')
  if (proposed.route === 'proposal') ids.proposal = proposed.proposal.id
  if (queued.route === 'queue') ids.entry = queued.queueEntry.id
  if (watched.route === 'supervision') ids.session = watched.session.id
  endpoint = await serveEndpoint(test.governor, { feedback: learning })
  api = await serve(test.governor, 0, [learningRoutes()])
})
afterAll(async () => {
  await Promise.all([endpoint.close(), api.close()])
  await test.close()
  rmSync(home, { recursive: true })
})

/** How the inspector reaches the governance tools of a principal. */
const TRANSPORTS: Readonly<Record<string, (principal: string) => readonly string[]>> = {
  'Streamable HTTP': (principal) => [
    ...[endpoint.url.href, '--transport', 'http'],
    ...['--header', `Authorization: Bearer ${keys.get(principal)}`],
  ],
  stdio: (principal) => [
    ...['-e', `PRECEPTOR_URL=${api.url}`, '-e', `PRECEPTOR_TOKEN=${keys.get(principal)}`],
    ...[process.execPath, PRECEPTOR, 'mcp'],
  ],
}

interface Answer {
  readonly isError?: boolean
  readonly structuredContent?: JsonObject
  readonly tools?: readonly { readonly name: string; readonly description?: string }[]
}

/** Runs the inspector once; it prints what the server answered. */
function inspect(target: readonly string[], method: string, options: readonly string[] = []): Promise<Answer> {
  const args = [INSPECTOR, '--cli', ...target, '--method', method, ...options]
  return new Promise((resolve, reject) => {
    // Whatever it keeps of its user stays in a folder of the test.
    execFile(process.execPath, args, { timeout: 30_000, env: { HOME: home } }, (_error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout))
      } catch {
        reject(new Error(`It answered with no JSON: ${stdout}\n${stderr}`))
      }
    })
  })
}

function callTool(target: readonly string[], name: string, args: JsonObject): Promise<Answer> {
  const pairs = Object.entries(args).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const options = pairs.length > 0 ? ['--tool-arg', ...pairs] : []
  return inspect(target, 'tools/call', ['--tool-name', name, ...options])
}

describe.each(Object.entries(TRANSPORTS))(verifies('MCP-25', 'the public inspector over %s'), (_, reach) => {
  it('lists and calls every tool', async () => {
    const [agent, person] = [reach('autonomous'), reach('sam')]
    const called = new Map<string, Answer>()
    const call = async (target: readonly string[], name: string, args: JsonObject = {}): Promise<JsonObject> => {
      const answer = await callTool(target, name, args)
      called.set(name, answer)
      return answer.structuredContent ?? {}
    }
    const attempt = { action: ACTION, args: { to: 'ben' } }
    const { decision } = await call(agent, 'request_action', attempt)
    const { id } = Object(decision) as { readonly id: string }
    const listed = inspect(person, 'tools/list')
    await Promise.all([
      call(agent, 'check_action', attempt),
      call(agent, 'report_outcome', { decisionId: id, status: 'succeeded' }),
    ])
    await Promise.all([call(agent, 'explain_decision', { id }), call(person, 'get_proposal', { id: ids.proposal })])
    await Promise.all([call(person, 'list_proposals'), call(agent, 'get_agent_maturity')])
    await Promise.all([call(person, 'list_agents'), call(person, 'list_training')])
    await Promise.all([
      call(person, 'get_supervision_session', { id: ids.session }),
      call(person, 'get_queue_entry', { id: ids.entry }),
      call(person, 'submit_feedback', FEEDBACK),
    ])
    const names = ((await listed).tools ?? []).map(({ name }) => name)
    expect([...called.keys()].toSorted()).toEqual(names.toSorted())
    // The tools of decisions are there only where the host allows them.
    expect(names).toHaveLength(12)
    expect(
      [...called].filter(([, answer]) => answer.isError === true || answer.structuredContent === undefined),
    ).toEqual([])
  }, 60_000)
})
