import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { ElicitResult } from '@modelcontextprotocol/sdk/types.js'
import type { Proposal } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { connectPerson, type Person } from './person-client.ts'
import { httpTransport, type ServedEndpoint, serveEndpoint } from './support.ts'

let test: TestGovernor
let served: ServedEndpoint
const clients: Client[] = []

beforeAll(async () => {
  test = await createTestGovernor({
    settings: { deadlineMs: 20_000 },
    actions: { 'note.write': { risk: 'medium' }, 'refund.create': { risk: 'high' } },
  })
  await test.admin.members.put('sam', { displayName: 'Sam', roles: ['supervisor'] })
  await test.admin.members.put('vera', { displayName: 'Vera', roles: ['viewer'] })
  await test.register('clerk', 'intern')
  served = await serveEndpoint(test.governor, { allowDecisions: true, dashboardUrl: 'https://preceptor.example' })
})
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
})
afterAll(async () => {
  await served.close()
  await test.close()
})

async function connect(person: Person): Promise<Client> {
  const client = await connectPerson(test, served.url, person)
  clients.push(client)
  return client
}

let attempts = 0
async function propose(
  action: 'note.write' | 'refund.create',
  args = {},
  { agent = 'clerk', ...more }: { readonly agent?: string; readonly resource?: string } = {},
): Promise<Proposal> {
  attempts += 1
  const decision = await test.agent(agent).decide({ agent, action, args, idempotencyKey: `k${attempts}`, ...more })
  if (decision.route !== 'proposal') throw new Error(`It went to ${decision.route}.`)
  return test.admin.proposals.get(decision.proposal.id)
}

const review = (client: Client, { id }: Proposal) => client.callTool({ name: 'review_proposal', arguments: { id } })

describe(verifies(['MCP-6', 'I-38'], 'the decision of a person at a client'), () => {
  it('is there for those who may decide, and for nobody else', async () => {
    const namesOf = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name)
    expect(await namesOf(await connect({}))).toContain('review_proposal')
    const viewer = await connect({ id: 'vera', roles: ['viewer'] })
    expect(await namesOf(viewer)).not.toContain('review_proposal')
    await expect(review(viewer, await propose('note.write'))).rejects.toThrow('There is no tool')
  })

  it('is asked for in a form that shows all that would run, and approves exactly that', async () => {
    const proposal = await propose('note.write', { text: 'hello \u202e there' })
    const asked: Record<string, unknown>[] = []
    const client = await connect({
      answer: (params) => {
        asked.push(params)
        return { action: 'accept', content: { decision: 'approve', reason: 'Fine.' } }
      },
    })
    const { structuredContent } = await review(client, proposal)
    expect(structuredContent).toMatchObject({ outcome: 'decided', proposal: { state: 'approved', version: 1 } })
    expect(asked).toHaveLength(1)
    expect(asked[0]?.message).toContain('clerk (intern) asks for note.write (medium risk)')
    expect(String(asked[0]?.message)).not.toContain('\u202e')
    const { reviews } = await test.admin.proposals.get(proposal.id)
    expect(reviews).toMatchObject([{ reviewer: 'user:sam', verdict: 'approve', reason: 'Fine.' }])
    const { items } = await test.admin.journal.list({ kind: 'proposal.approved', subject: proposal.id })
    expect(items).toMatchObject([{ body: { via: 'mcp' } }])
  })

  it('may be a rejection, which needs a reason', async () => {
    const proposal = await propose('note.write')
    const contents = [{ decision: 'reject' }, { decision: 'reject', reason: 'Twice.', category: 'duplicate' }]
    const client = await connect({ answer: () => ({ action: 'accept', content: contents.shift() ?? {} }) })
    expect(await review(client, proposal)).toMatchObject({ isError: true })
    expect((await test.admin.proposals.get(proposal.id)).state).toBe('pending')
    expect((await review(client, proposal)).structuredContent).toMatchObject({ proposal: { state: 'rejected' } })
  })

  it.each(['decline', 'cancel'] as const)('is none where the person says %s', async (action) => {
    const proposal = await propose('note.write')
    const client = await connect({ answer: () => ({ action }) })
    expect((await review(client, proposal)).structuredContent).toMatchObject({ outcome: 'left' })
    expect((await test.admin.proposals.get(proposal.id)).state).toBe('pending')
  })

  it('is none where the client goes away meanwhile, and is made once by who comes next', async () => {
    const proposal = await propose('note.write')
    let asked = 0
    let decideLate: (result: ElicitResult) => void = () => undefined
    const late = new Promise<ElicitResult>((resolve) => (decideLate = resolve))
    const client = await connect({
      answer: () => {
        asked += 1
        return late
      },
    })
    const reviewing = review(client, proposal).catch((error: unknown) => error)
    await vi.waitFor(() => expect(asked).toBe(1), { timeout: 10_000 })
    await client.close()
    expect(await reviewing).toBeInstanceOf(Error)
    decideLate({ action: 'accept', content: { decision: 'approve' } })
    expect(await test.admin.proposals.get(proposal.id)).toMatchObject({ state: 'pending', reviews: [] })
    const next = await connect({ answer: () => ({ action: 'accept', content: { decision: 'approve' } }) })
    expect((await review(next, proposal)).structuredContent).toMatchObject({ outcome: 'decided' })
    expect((await review(next, proposal)).structuredContent).toMatchObject({ outcome: 'left' })
    expect((await test.admin.proposals.get(proposal.id)).reviews).toHaveLength(1)
  })

  it('is made on its own page where the risk is high, or where a form cannot show all of it', async () => {
    const asked: Record<string, unknown>[] = []
    const client = await connect({
      answer: (params) => {
        asked.push(params)
        return { action: 'accept' }
      },
    })
    for (const proposal of [await propose('refund.create'), await propose('note.write', { text: 'x'.repeat(5_000) })]) {
      expect((await review(client, proposal)).structuredContent).toMatchObject({ outcome: 'opened' })
      expect(asked.at(-1)).toMatchObject({ mode: 'url', url: `https://preceptor.example/inbox/${proposal.id}` })
      expect((await test.admin.proposals.get(proposal.id)).state).toBe('pending')
    }
  })

  it('is made elsewhere where the client can ask nobody in that way', async () => {
    const formsOnly = await connect({ capabilities: { elicitation: {} } })
    const mute = await connect({ capabilities: {} })
    const refund = await propose('refund.create')
    expect(await review(formsOnly, refund)).toMatchObject({ isError: true })
    expect(await review(mute, await propose('note.write'))).toMatchObject({ isError: true })
  })

  it('cannot be made by an agent, whatever it sends', async () => {
    const { secret } = await test.admin.keys.create({
      displayName: 'clerk',
      principalKind: 'agent',
      principalId: 'clerk',
    })
    const client = new Client({ name: 'test', version: '1' }, { capabilities: { elicitation: {} } })
    await client.connect(httpTransport(served.url, secret))
    clients.push(client)
    const proposal = await propose('note.write')
    await expect(review(client, proposal)).rejects.toThrow('There is no tool')
    expect((await test.admin.proposals.get(proposal.id)).state).toBe('pending')
  })

  it('is asked for in lines that the agent cannot write', async () => {
    const resource = 'note/1\nArguments: {"text":"harmless"}\nVersion 1'
    const proposal = await propose('note.write', { text: 'a\nArguments: {}' }, { resource })
    const asked: string[] = []
    const client = await connect({
      answer: ({ message }) => {
        asked.push(String(message))
        return { action: 'cancel' }
      },
    })
    await review(client, proposal)
    const lines = asked.join('').split('\n')
    expect(lines.filter((line) => line.startsWith('Arguments:'))).toHaveLength(1)
    expect(lines.filter((line) => line.startsWith('Version'))).toHaveLength(1)
  })

  it('is of what was shown, and not of what it became meanwhile', async () => {
    const ana = test.user('ana', 'supervisor')
    const decided = await propose('note.write', { text: 'a' })
    const edited = await propose('note.write', { text: 'b' })
    const critical = { actions: { 'note.write': { requiredApprovals: 2 } } }
    const { version } = await test.admin.policies.current()
    const shown = ({ version, actionHash }: Proposal) => ({ version, actionHash })
    const client = await connect({
      async answer() {
        const { state } = await test.admin.proposals.get(decided.id)
        if (state === 'pending') {
          await ana.proposals.reject(decided.id, { ...shown(decided), category: 'other', reason: 'No.' })
        } else {
          await test.admin.policies.put(critical, { basedOn: version, reason: 'Test.' })
          await ana.proposals.approve(edited.id, { ...shown(edited), args: { text: 'other' } })
        }
        return { action: 'accept', content: { decision: 'approve' } }
      },
    })
    expect(await review(client, decided)).toMatchObject({ isError: true })
    expect((await test.admin.proposals.get(decided.id)).state).toBe('rejected')
    expect(await review(client, edited)).toMatchObject({ isError: true })
    const { reviews } = await test.admin.proposals.get(edited.id)
    expect(reviews.filter(({ reviewer }) => reviewer === 'user:sam')).toEqual([])
    const now = await test.admin.policies.current()
    await test.admin.policies.put({}, { basedOn: now.version, reason: 'Test.' })
  })

  it.each([
    {},
    { decision: 'APPROVE' },
    { decision: ['approve'] },
    { decision: 'approve', reason: 7 },
    { approved: true },
    { decision: 'reject', reason: 'No.', category: 'none' },
  ])('is none that says %j', async (content) => {
    const proposal = await propose('note.write')
    const client = await connect({ answer: () => ({ action: 'accept', content }) as ElicitResult })
    expect(await review(client, proposal)).toMatchObject({ isError: true })
    expect((await test.admin.proposals.get(proposal.id)).state).toBe('pending')
  })

  it('takes nothing else from the client than the decision and the reason', async () => {
    const proposal = await propose('note.write', { text: 'a' })
    const content = { decision: 'approve', version: 9, actionHash: 'x', args: 'y', id: 'z' }
    const client = await connect({ answer: () => ({ action: 'accept', content }) })
    expect(await review(client, proposal)).not.toMatchObject({ isError: true })
    expect(await test.admin.proposals.get(proposal.id)).toMatchObject({
      state: 'approved',
      version: 1,
      args: { text: 'a' },
    })
  })

  it('is not for the owner of the agent', async () => {
    await test.admin.agents.register({ id: 'own', maturity: 'intern', ownerId: 'sam' })
    const proposal = await propose('note.write', {}, { agent: 'own' })
    const client = await connect({ answer: () => ({ action: 'accept', content: { decision: 'approve' } }) })
    expect(await review(client, proposal)).toMatchObject({ isError: true })
    expect((await test.admin.proposals.get(proposal.id)).state).toBe('pending')
  })
})
