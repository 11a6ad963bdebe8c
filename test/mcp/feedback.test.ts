import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { GovernanceError, type PluginPort, type Principal } from '@preceptor/client'
import type { GovernorPlugin } from '@preceptor/core/plugin'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { learning } from '@preceptor/learning/client'
import type { FeedbackTaker, SubmittedFeedback } from '@preceptor/mcp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { callTool, connectHttp, type ServedEndpoint, serveEndpoint } from './support.ts'

let test: TestGovernor
let served: ServedEndpoint
let without: ServedEndpoint
const clients: Client[] = []
const taken: { readonly principal: Principal; readonly request: SubmittedFeedback }[] = []

/** Takes feedback under the name of the plugin that does so in the product, and refuses praise. */
const taker: GovernorPlugin<FeedbackTaker> = {
  port: { name: 'learning', connect: () => ({ feedback: { give: () => Promise.reject(new Error('not remote')) } }) },
  permissions: {},
  migrations: [],
  open: () => ({
    scope: ({ principal }) => ({
      feedback: {
        async give(request) {
          if (request.kind === 'positive') throw new GovernanceError('PERMISSION_DENIED')
          taken.push({ principal, request })
          return { id: 'fbk_1', exampleId: request.kind === 'correction' ? 'exm_1' : null }
        },
      },
    }),
    jobs: {},
  }),
}

async function connect(url: URL): Promise<Client> {
  const key = { displayName: 'bot', principalKind: 'agent', principalId: 'bot' } as const
  const client = await connectHttp(url, (await test.admin.keys.create(key)).secret)
  clients.push(client)
  return client
}

beforeAll(async () => {
  test = await createTestGovernor({ plugins: [taker] })
  await test.register('bot', 'intern')
  served = await serveEndpoint(test.governor, { feedback: taker.port })
  without = await serveEndpoint(test.governor)
})
afterAll(async () => {
  for (const client of clients) await client.close()
  await served.close()
  await without.close()
  await test.close()
})

const said = {
  agent: 'helper',
  kind: 'correction',
  input: 'Find the invoice.',
  output: 'There is none.',
  correction: 'It is in the archive.',
  tags: ['search'],
  about: { kind: 'subagent', id: 'run-1', task: 'Find the invoice.' },
} as const

describe(verifies('MCP-2', 'submit_feedback'), () => {
  it('is there where the host takes feedback, and nowhere else', async () => {
    const names = async (url: URL) => (await (await connect(url)).listTools()).tools.map(({ name }) => name)
    const [listed, others] = [await names(served.url), await names(without.url)]
    expect(listed).toHaveLength(12)
    expect(listed.filter((name) => !others.includes(name))).toEqual(['submit_feedback'])
    const client = clients[1]
    if (client === undefined) throw new Error('There are two clients.')
    await expect(client.callTool({ name: 'submit_feedback', arguments: said })).rejects.toThrow('There is no tool')
  })

  it('has four annotations and strict schemas', async () => {
    const { tools } = await (await connect(served.url)).listTools()
    expect(tools.find(({ name }) => name === 'submit_feedback')).toMatchObject({
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
      inputSchema: { type: 'object', additionalProperties: false },
      outputSchema: { type: 'object', additionalProperties: false },
    })
  })

  it('hands over what was said, as whom the credential is, and tells what came of it', async () => {
    const client = await connect(served.url)
    expect(await callTool(client, 'submit_feedback', said)).toMatchObject({
      id: 'fbk_1',
      exampleId: 'exm_1',
      next: expect.stringContaining('example'),
    })
    expect(taken).toMatchObject([{ principal: { kind: 'agent', id: 'bot' }, request: said }])
  })

  it('answers with what stands in the way', async () => {
    const client = await connect(served.url)
    const { correction: _, ...praise } = said
    expect(await callTool(client, 'submit_feedback', { ...praise, kind: 'positive' })).toMatchObject({
      error: { code: 'PERMISSION_DENIED' },
    })
    for (const wrong of [{ ...said, workspace: 'other' }, { ...said, about: { kind: 'moon', id: 'x' } }, {}]) {
      expect(await callTool(client, 'submit_feedback', wrong)).toMatchObject({ error: { code: 'INPUT_INVALID' } })
    }
    expect(taken).toHaveLength(1)
  })

  it('takes the plugin learning as it is', () => {
    const port: PluginPort<FeedbackTaker> = learning
    expect(port.name).toBe('learning')
  })
})
