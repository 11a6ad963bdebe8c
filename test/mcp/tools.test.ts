import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { Role } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callTool, connectHttp, requestAction, type ServedEndpoint, serveEndpoint } from './support.ts'

let test: TestGovernor
let served: ServedEndpoint
const clients: Client[] = []

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

describe('the tools', () => {
  it('are eleven, each with four annotations, strict schemas and a description', async () => {
    const client = await connect(await keyOf('autonomous', 'agent'))
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
})
