import { readFileSync } from 'node:fs'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Progress } from '@modelcontextprotocol/sdk/types.js'
import type { Role } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { verifies } from '../verifies.ts'
import {
  callTool,
  connectHttp,
  type RequestAnswer,
  requestAction,
  type ServedEndpoint,
  serveEndpoint,
} from './support.ts'

let test: TestGovernor
let served: ServedEndpoint
const clients: Client[] = []
const PATIENCE = { timeout: 20_000, interval: 20 }

async function keyOf(
  principalId: string,
  principalKind: 'agent' | 'user',
  roles: readonly Role[] = [],
): Promise<string> {
  return (await test.admin.keys.create({ displayName: principalId, principalId, principalKind, roles })).secret
}

async function connect(credential: string): Promise<Client> {
  const client = await connectHttp(served.url, credential)
  clients.push(client)
  return client
}

beforeAll(async () => {
  test = await createTestGovernor({ settings: { deadlineMs: 20_000 } })
  await test.admin.members.put('vera', { displayName: 'Vera', roles: ['viewer'] })
  await test.admin.members.put('sam', { displayName: 'Sam', roles: ['supervisor'] })
  for (const maturity of ['student', 'intern', 'supervised', 'autonomous'] as const)
    await test.register(maturity, maturity)
  served = await serveEndpoint(test.governor)
})
afterAll(async () => {
  for (const client of clients) await client.close()
  await served.close()
  await test.close()
})

describe(verifies('MCP-2', 'the tools'), () => {
  it('are eleven, each with four annotations, strict schemas and a description', async () => {
    const client = await connect(await keyOf('autonomous', 'agent'))
    const manifest = new URL('../../packages/mcp-server/package.json', import.meta.url)
    expect(client.getServerVersion()?.version).toBe(JSON.parse(readFileSync(manifest, 'utf8')).version)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name).sort()).toEqual([
      'check_action',
      'explain_decision',
      'get_agent_maturity',
      'get_proposal',
      'get_queue_entry',
      'get_supervision_session',
      'list_agents',
      'list_proposals',
      'list_training',
      'report_outcome',
      'request_action',
    ])
    for (const { name, title, description, annotations, inputSchema, outputSchema } of tools) {
      expect(Object.entries(annotations ?? {}).filter(([, value]) => typeof value === 'boolean').length, name).toBe(4)
      expect(inputSchema, name).toMatchObject({ type: 'object', additionalProperties: false })
      expect(outputSchema, name).toMatchObject({ type: 'object', additionalProperties: false })
      expect(title, name).toMatch(/./)
      expect(description, name).toMatch(/\.$/)
    }
  })

  it('let an autonomous agent run and report, once', async () => {
    const client = await connect(await keyOf('autonomous', 'agent'))
    const answer = await requestAction(client, { action: 'refund.create', args: { cents: 5 }, idempotencyKey: 'a' })
    expect(answer).toMatchObject({
      mayRun: true,
      args: { cents: 5 },
      idempotencyKey: 'a',
      decision: { route: 'execution' },
    })
    expect(answer.next).toContain('report_outcome')
    const again = await requestAction(client, { action: 'refund.create', args: { cents: 5 }, idempotencyKey: 'a' })
    expect(again).toMatchObject({ mayRun: false, decision: { code: 'EXECUTION_IN_PROGRESS' } })
    const report = { decisionId: answer.decision.id, status: 'succeeded', value: { refunded: 5 } }
    expect(await callTool(client, 'report_outcome', report)).toMatchObject({ recorded: true })
    expect(await callTool(client, 'report_outcome', report)).toMatchObject({ error: { code: 'EXECUTION_FENCED' } })
    const { record } = await callTool(client, 'explain_decision', { id: answer.decision.id })
    expect(record).toMatchObject({ execution: { state: 'succeeded' }, args: { cents: 5 } })
  })

  it('tell each of the others what to do instead', async () => {
    const attempt = { action: 'refund.create', args: {} }
    const student = await connect(await keyOf('student', 'agent'))
    expect(await requestAction(student, attempt)).toMatchObject({ mayRun: false, decision: { route: 'training' } })
    expect(await callTool(student, 'list_training', {})).toMatchObject({ items: [{ agent: 'student' }], cursor: null })
    const intern = await connect(await keyOf('intern', 'agent'))
    const proposed = await requestAction(intern, attempt)
    expect(proposed).toMatchObject({
      mayRun: false,
      decision: { route: 'proposal' },
      idempotencyKey: proposed.decision.id,
    })
    const id = proposed.decision.route === 'proposal' ? proposed.decision.proposal.id : ''
    expect(await callTool(intern, 'get_proposal', { id, waitSeconds: 1 })).toMatchObject({
      proposal: { id, state: 'pending' },
    })
    expect(await callTool(intern, 'list_proposals', { state: 'active' })).toMatchObject({ items: [{ id }] })
    const supervised = await connect(await keyOf('supervised', 'agent'))
    const queued = await requestAction(supervised, attempt)
    const entry = queued.decision.route === 'queue' ? queued.decision.queueEntry.id : ''
    expect(await callTool(supervised, 'get_queue_entry', { id: entry })).toMatchObject({ entry: { state: 'pending' } })
    for (const { next } of [proposed, queued]) expect(next).toContain('Do not run it')
  })

  it.each(['student', 'intern', 'supervised'])('answer the same attempt of a %s the same again', async (agent) => {
    const client = await connect(await keyOf(agent, 'agent'))
    const attempt = { action: 'refund.create', args: {}, idempotencyKey: 'again' }
    const first = await requestAction(client, attempt)
    const again = await requestAction(client, attempt)
    expect(again).toMatchObject({ mayRun: false, idempotencyKey: 'again', decision: { id: first.decision.id } })
    expect(Object.keys(again.decision).sort()).toEqual(Object.keys(first.decision).sort())
    const other = await requestAction(client, { ...attempt, args: { cents: 1 } })
    expect(other).toMatchObject({ mayRun: false, decision: { code: 'IDEMPOTENCY_KEY_REUSED' } })
  })
})

describe(verifies('MCP-5', 'a watched run'), () => {
  const attempt = { action: 'refund.create', args: { cents: 7 } }
  let supervised: Client

  /** Requests an action, and attaches a supervisor to the session that it opens. */
  async function requestWatched(idempotencyKey: string): Promise<RequestAnswer> {
    const sam = test.user('sam', 'supervisor')
    await sam.presence.heartbeat()
    const asked = requestAction(supervised, { ...attempt, idempotencyKey })
    const session = await vi.waitFor(async () => {
      const { items } = await sam.sessions.list({ state: 'active' })
      const [waiting] = items
      if (waiting === undefined) throw new Error('No session waits.')
      return waiting
    }, PATIENCE)
    await sam.sessions.attach(session.id)
    return asked
  }

  beforeAll(async () => {
    supervised = await connect(await keyOf('supervised', 'agent'))
  })

  it('runs when a supervisor watches, and is settled by its report', async () => {
    const answer = await requestWatched('watched')
    expect(answer).toMatchObject({ mayRun: true, args: { cents: 7 }, decision: { route: 'supervision' } })
    const id = answer.decision.route === 'supervision' ? answer.decision.session.id : ''
    expect(await callTool(supervised, 'get_supervision_session', { id })).toMatchObject({
      session: { state: 'running' },
    })
    const report = { decisionId: answer.decision.id, status: 'succeeded', value: 7 }
    expect(await callTool(supervised, 'report_outcome', report)).toMatchObject({ recorded: true })
    const { execution } = await test.admin.decisions.get(answer.decision.id)
    expect(execution).toMatchObject({ state: 'succeeded' })
    expect(await requestAction(supervised, { ...attempt, idempotencyKey: 'watched' })).toMatchObject({ mayRun: false })
  })

  it('is ended by a stop, and its report says so', async () => {
    const answer = await requestWatched('stopped')
    const stop = await test.admin.stops.set({ target: 'agent', agent: 'supervised', reason: 'test' })
    const failed = async (): Promise<unknown> => (await test.admin.decisions.get(answer.decision.id)).execution?.state
    await vi.waitFor(async () => expect(await failed()).toBe('failed'), PATIENCE)
    await test.admin.stops.lift(stop.id, 'test')
    const report = { decisionId: answer.decision.id, status: 'succeeded' }
    const { error } = await callTool(supervised, 'report_outcome', report)
    expect(error).toMatchObject({ code: 'STOPPED' })
  })

  it('that is never reported fails when its client leaves, and ends its session', async () => {
    const answer = await requestWatched('left')
    const transport = supervised.transport as StreamableHTTPClientTransport
    await transport.terminateSession()
    await vi.waitFor(async () => {
      const { execution } = await test.admin.decisions.get(answer.decision.id)
      expect(execution).toMatchObject({ state: 'failed' })
      const { items } = await test.admin.sessions.list({ state: 'active' })
      expect(items).toEqual([])
    }, PATIENCE)
  })
})

describe(verifies('MCP-5', 'what runs'), () => {
  it('is what was decided on, where the schema makes other args of those that were sent', async () => {
    const args = z.object({ cents: z.coerce.number().int(), note: z.string().default('none') })
    const token = z.object({ token: z.string().toLowerCase() })
    const own = await serveEndpoint(test.governor, { actions: { 'gift.send': { args }, 'gift.sign': { args: token } } })
    const client = await connectHttp(own.url, await keyOf('autonomous', 'agent'))
    expect(client.getInstructions()).toContain('gift.send (high)')
    const answer = await requestAction(client, { action: 'gift.send', args: { cents: '5', other: 1 } })
    expect(answer).toMatchObject({ mayRun: true, args: { cents: 5, note: 'none' } })
    const secret = { action: 'gift.sign', args: { token: 'ABC' } }
    const { error } = await callTool(client, 'request_action', secret)
    expect(error).toMatchObject({ code: 'ARGS_INVALID', next: expect.stringContaining('Do not run it') })
    await client.close()
    await own.close()
  })
})

describe('who calls', () => {
  it('is never a person who acts by hand', async () => {
    const client = await connect(await keyOf('sam', 'user', ['supervisor']))
    const attempt = { agent: 'student', action: 'refund.create', args: {} }
    for (const tool of ['check_action', 'request_action']) {
      expect(await callTool(client, tool, attempt)).toMatchObject({ error: { code: 'SOURCE_MISMATCH' } })
    }
    expect(await callTool(client, 'list_agents', { maturity: 'intern' })).toMatchObject({ items: [{ id: 'intern' }] })
  })

  it('may act for the agents of its credential only, and sees what the table of permissions says', async () => {
    const request = { displayName: 'service', principalKind: 'service', principalId: 'service' } as const
    const scopes = ['triggers.decide', 'triggers.check']
    const { secret } = await test.admin.keys.create({ ...request, scopes, agents: ['autonomous'] })
    const client = await connect(secret)
    const attempt = { action: 'order.read', args: {} }
    expect(await callTool(client, 'check_action', attempt)).toMatchObject({ error: { code: 'INPUT_INVALID' } })
    expect(await callTool(client, 'check_action', { ...attempt, agent: 'autonomous' })).toMatchObject({
      assessment: { route: 'execution', source: 'ai_coordinator' },
    })
    expect(await requestAction(client, { ...attempt, agent: 'intern' })).toMatchObject({ mayRun: false })
    expect(await callTool(client, 'list_agents', {})).toMatchObject({ error: { code: 'PERMISSION_DENIED' } })
  })
})

describe('a wait for a decision', () => {
  it('tells the client that it goes on, and ends when the client cancels', async () => {
    const client = await connect(await keyOf('intern', 'agent'))
    const proposed = await requestAction(client, { action: 'note.write', args: {} })
    const id = proposed.decision.route === 'proposal' ? proposed.decision.proposal.id : ''
    const told: Progress[] = []
    const canceller = new AbortController()
    const waiting = client.callTool({ name: 'get_proposal', arguments: { id, waitSeconds: 25 } }, undefined, {
      onprogress: (progress) => {
        told.push(progress)
        canceller.abort(new Error('enough'))
      },
      signal: canceller.signal,
    })
    await expect(waiting).rejects.toThrow('enough')
    expect(told).toMatchObject([{ total: 25 }])
    expect(await callTool(client, 'get_proposal', { id, waitSeconds: 26 })).toMatchObject({
      error: { code: 'INPUT_INVALID', message: expect.stringContaining('waitSeconds') },
    })
  })
})

describe('resources and prompts', () => {
  it('are agents, proposals and the policy, with ids that can be completed', async () => {
    const client = await connect(await keyOf('sam', 'user', ['supervisor']))
    const { resourceTemplates } = await client.listResourceTemplates()
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'preceptor://agents/{id}',
      'preceptor://proposals/{id}',
      'preceptor://playbooks/{id}',
    ])
    const { resources } = await client.listResources()
    expect(resources.map(({ uri }) => uri)).toEqual(
      expect.arrayContaining(['preceptor://policies/current', 'preceptor://agents/student']),
    )
    const proposal = resources.find(({ uri }) => uri.includes('proposals'))
    expect(await read(client, proposal?.uri ?? '')).toMatchObject({ state: 'pending' })
    expect(await read(client, 'preceptor://policies/current')).toMatchObject({ version: 0 })
    expect(await read(client, 'preceptor://agents/student')).toMatchObject({ agent: { maturity: 'student' } })
    await expect(read(client, 'preceptor://playbooks/pbk_none')).rejects.toThrow('NOT_FOUND')
    await expect(read(client, 'preceptor://agents/nobody')).rejects.toThrow(/NOT_FOUND|AGENT_UNKNOWN/)
    const ref = { type: 'ref/resource', uri: 'preceptor://agents/{id}' } as const
    const { completion } = await client.complete({ ref, argument: { name: 'id', value: 'su' } })
    expect(completion.values).toEqual(['supervised'])
  })

  it('are playbooks, with the newest version and what is deployed', async () => {
    const { playbooks } = test.admin
    const { playbook } = await playbooks.write({ agentType: 'support', name: 'Support', instructions: 'Be kind.' })
    await playbooks.write({ agentType: 'support', instructions: 'Be brief.' })
    const { id } = await playbooks.deploy(playbook, { version: 1, tier: 'system', force: true, reason: 'a test' })
    const client = await connect(await keyOf('sam', 'user', ['supervisor']))
    const { resources } = await client.listResources()
    expect(resources).toContainEqual(
      expect.objectContaining({ uri: `preceptor://playbooks/${playbook}`, title: 'Support' }),
    )
    expect(await read(client, `preceptor://playbooks/${playbook}`)).toMatchObject({
      playbook: { latest: 2 },
      version: { version: 2, instructions: 'Be brief.' },
      deployments: [{ id, version: 1 }],
    })
    const bot = await connect(await keyOf('student', 'agent'))
    await expect(read(bot, `preceptor://playbooks/${playbook}`)).rejects.toThrow('PERMISSION_DENIED')
  })

  it('tell an agent of nothing that is not its own', async () => {
    const client = await connect(await keyOf('student', 'agent'))
    const { resources } = await client.listResources()
    expect(resources.map(({ uri }) => uri).sort()).toEqual([
      'preceptor://agents/student',
      'preceptor://policies/current',
    ])
    await expect(read(client, 'preceptor://agents/intern')).rejects.toThrow()
    await expect(read(client, 'preceptor://policies/current')).rejects.toThrow('PERMISSION_DENIED')
  })

  it('prepare what a person asks a model for', async () => {
    const client = await connect(await keyOf('sam', 'user', ['supervisor']))
    const { prompts } = await client.listPrompts()
    expect(prompts.map(({ name }) => name)).toEqual(['explain_maturity', 'plan_training', 'review_proposal'])
    for (const [name, id, holds] of [
      ['explain_maturity', 'intern', '"maturity": "intern"'],
      ['plan_training', 'student', '"blocked"'],
    ] as const) {
      const { messages } = await client.getPrompt({ name, arguments: { id } })
      expect(JSON.stringify(messages[0]?.content)).toContain(JSON.stringify(holds).slice(1, -1))
    }
  })
})

async function read(client: Client, uri: string): Promise<unknown> {
  const { contents } = await client.readResource({ uri })
  return JSON.parse(String(Reflect.get(contents[0] ?? {}, 'text')))
}
