import { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { ChatResult } from '@langchain/core/outputs'
import { governanceMiddleware } from '@preceptor/langchain-callback'
import { AIMessage, createAgent, createMiddleware, HumanMessage, type ToolMessage } from 'langchain'
import { describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { REFUND, refundTool, scripted, useGovernor } from './support.ts'

const harness = useGovernor()
const question = { messages: [new HumanMessage('what is new?')] }

/** A model whose provider has searched the web before it answered. */
class SearchingModel extends BaseChatModel {
  override _llmType(): string {
    return 'searching'
  }

  override bindTools(): this {
    return this
  }

  override async _generate(): Promise<ChatResult> {
    const message = new AIMessage({
      content: [
        { type: 'server_tool_use', id: 's1', name: 'web_search', input: { query: 'news' } },
        { type: 'web_search_tool_result', tool_use_id: 's1', content: [] },
        { type: 'text', text: 'Nothing is new.' },
      ],
      response_metadata: { model_provider: 'anthropic' },
    })
    return { generations: [{ message, text: 'Nothing is new.' }] }
  }
}

describe('tools that the provider of the model runs', () => {
  it.each([
    [{ type: 'web_search' }],
    [{ type: 'web_search_20250305', name: 'web_search' }],
    [{ googleSearch: {} }],
    [{ type: 'mcp', server_url: 'https://example.com' }],
  ])(verifies('LC-3', 'are refused: %j'), async (provided) => {
    const agent = await harness.agent('autonomous')
    const middleware = [governanceMiddleware(harness.governor, { agent })]
    const model = scripted([REFUND])
    const effects: unknown[] = []
    const run = createAgent({ model, tools: [refundTool(effects), provided], middleware }).invoke(question)
    await expect(run).rejects.toMatchObject({
      // LangChain wraps what middleware throws.
      cause: { code: 'PROVIDER_TOOL_REFUSED' },
      message: expect.stringContaining('runs at the provider of the model, where it cannot be gated'),
    })
    expect(effects).toEqual([])
  })

  it(verifies('LC-3', 'are refused when middleware before it adds them'), async () => {
    const agent = await harness.agent('autonomous')
    const adding = createMiddleware({
      name: 'adding',
      wrapModelCall: (request, handler) => handler({ ...request, tools: [...request.tools, { type: 'web_search' }] }),
    })
    const middleware = [adding, governanceMiddleware(harness.governor, { agent })]
    const run = createAgent({ model: scripted([]), tools: [], middleware }).invoke(question)
    await expect(run).rejects.toThrow('"web_search"')
  })

  it.each([[['web_search']], [['web_search_20250305']]])(
    verifies('LC-3', 'pass when %j is allowed'),
    async (allowProviderTools) => {
      const agent = await harness.agent('autonomous')
      const effects: unknown[] = []
      const middleware = [governanceMiddleware(harness.governor, { agent, allowProviderTools })]
      const tools = [refundTool(effects), { type: 'web_search_20250305', name: 'web_search' }]
      await createAgent({ model: scripted([REFUND]), tools, middleware }).invoke(question)
      expect(effects).toHaveLength(1)
    },
  )

  it('a function that is only described to the model is none of them', async () => {
    const agent = await harness.agent('autonomous')
    const described = { type: 'function', function: { name: 'later', parameters: { type: 'object', properties: {} } } }
    const middleware = [governanceMiddleware(harness.governor, { agent })]
    const model = scripted([{ name: 'later', args: {}, id: 'call-1' }])
    const result = await createAgent({ model, tools: [described], middleware }).invoke(question)
    expect((result.messages.find(({ type }) => type === 'tool') as ToolMessage).status).toBe('error')
  })

  it(verifies('LC-3', 'end the run where the answer shows that one ran all the same'), async () => {
    const agent = await harness.agent('autonomous')
    const refusing = governanceMiddleware(harness.governor, { agent })
    const run = (middleware: typeof refusing) =>
      createAgent({ model: new SearchingModel({}), tools: [], middleware: [middleware] }).invoke(question)
    await expect(run(refusing)).rejects.toThrow('"web_search"')
    const allowing = governanceMiddleware(harness.governor, { agent, allowProviderTools: ['web_search'] })
    expect((await run(allowing)).messages.at(-1)?.text).toBe('Nothing is new.')
  })
})
