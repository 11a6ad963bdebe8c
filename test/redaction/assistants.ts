import { MemorySaver } from '@langchain/langgraph'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { JsonObject } from '@preceptor/client'
import { GovernanceCallbackHandler, governanceMiddleware } from '@preceptor/langchain-callback'
import { createAgent, HumanMessage, tool } from 'langchain'
import { z } from 'zod'
import { scripted } from '../langchain/support.ts'
import { connectHttp } from '../mcp/support.ts'
import { secretArgs } from './acts.ts'
import type { Stage } from './stage.ts'

/** Agents and people ask over MCP. */
export async function askOverMcp(stage: Stage): Promise<void> {
  const { canaries } = stage
  const intern = await connectHttp(stage.mcp, stage.keys.intern ?? '')
  const request = { action: 'vault.rotate', args: secretArgs(stage, 'mcp'), idempotencyKey: 'mcp' }
  const asked = await call(stage, intern, 'request_action', request)
  await call(stage, intern, 'check_action', { action: 'vault.rotate', args: secretArgs(stage, 'mcp') })
  await call(stage, intern, 'request_action', {
    action: 'vault.strict',
    args: { pin: 884_422_113_377, word: canaries.formless('mcp-word') },
  })
  await call(stage, intern, 'request_action', { ...request, [canaries.known('mcp-field')]: 1 })
  await call(stage, intern, 'get_proposal', { id: canaries.known('mcp-id') })
  await call(stage, intern, 'get_proposal', { id: asked.decision?.proposal?.id ?? '' })
  await intern.close()
  const free = await connectHttp(stage.mcp, stage.keys.chief ?? '')
  const allowed = await call(stage, free, 'request_action', {
    action: 'vault.pay',
    args: secretArgs(stage, 'mcp-free'),
    idempotencyKey: 'mcp-free',
  })
  const message = `It failed with ${canaries.known('mcp-error')}`
  await call(stage, free, 'report_outcome', { decisionId: allowed.decision?.id ?? '', status: 'failed', message })
  await free.close()
  for (const as of ['sue', 'vic']) {
    const client = await connectHttp(stage.mcp, stage.keys[as] ?? '')
    await call(stage, client, 'explain_decision', { id: asked.decision?.id ?? '' }, as)
    await call(stage, client, 'list_proposals', {}, as)
    await call(stage, client, 'list_training', {}, as)
    await call(stage, client, 'list_agents', {}, as)
    const { resources } = await client.listResources()
    for (const { uri } of resources) stage.sinks.add(`MCP results of ${as}`, await client.readResource({ uri }))
    await client.close()
  }
}

interface McpAnswer {
  readonly decision?: { readonly id: string; readonly proposal?: { readonly id: string } }
}

async function call(stage: Stage, client: Client, name: string, args: JsonObject, as = 'agents'): Promise<McpAnswer> {
  const result = await client
    .callTool({ name, arguments: { ...args } })
    .catch((error: unknown) => ({ error: String(error) }))
  stage.sinks.add(`MCP results of ${as}`, result)
  return ('structuredContent' in result ? result.structuredContent : {}) as McpAnswer
}

/** An agent of LangChain calls a tool whose schema hides an argument. */
export async function runLangChain(stage: Stage): Promise<void> {
  const { canaries } = stage
  const schema = z.object({
    account: z.string(),
    token: z.string().meta({ sensitive: true }),
    note: z.string().optional(),
  })
  const spend = tool(
    async ({ token }) => {
      throw new Error(`The bank refused ${token}`)
    },
    { name: 'spend', description: 'Spends.', schema },
  )
  const run = async (agent: string, place: string, callbacks: boolean): Promise<unknown> => {
    const { account = '', token = '', note = '' } = secretArgs(stage, place)
    const model = scripted([{ name: 'spend', args: { account, token, note }, id: `call-${place}` }])
    const governed = callbacks ? {} : { middleware: [governanceMiddleware(stage.governor, { agent })] }
    const handler = { callbacks: [new GovernanceCallbackHandler(stage.governor, { agent, tools: [spend] })] }
    return createAgent({ model, tools: [spend], checkpointer: new MemorySaver(), ...governed })
      .invoke(
        { messages: [new HumanMessage('Spend it.')] },
        { configurable: { thread_id: place }, ...(callbacks ? handler : {}) },
      )
      .catch((error: unknown) => ({ thrown: String(error) }))
  }
  for (const [agent, place] of [
    ['intern', 'chain-intern'],
    ['pupil', 'chain-pupil'],
    ['chief', 'chain-free'],
  ] as const) {
    stage.sinks.add('LangChain', answersOf(await run(agent, place, false)))
    stage.sinks.add('LangChain', answersOf(await run(agent, `${place}-callback`, true)))
  }
  const [waiting] = (await stage.as('sue').proposals.list({ agent: 'intern', state: 'pending' })).items.filter(
    ({ action }) => action.includes('spend'),
  )
  if (waiting === undefined) throw new Error('Nothing was proposed.')
  const { id, version, actionHash } = waiting
  const args = { account: 'acme', token: canaries.formless('chain-edit.token') }
  await stage.ask('sue', 'POST', `/maturity/proposals/${id}/approve`, { body: { version, actionHash, args } })
}

/** What the gate told the model: its own call is no news to it. */
function answersOf(result: unknown): unknown {
  const messages: unknown = Reflect.get(Object(result), 'messages')
  const told = Array.isArray(messages) ? messages.filter((message) => message.getType?.() === 'tool') : []
  return {
    told,
    interrupts: Reflect.get(Object(result), '__interrupt__'),
    thrown: Reflect.get(Object(result), 'thrown'),
  }
}
