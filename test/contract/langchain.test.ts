import type { StructuredToolInterface } from '@langchain/core/tools'
import { GraphInterrupt } from '@langchain/langgraph'
import type { Governor, JsonObject } from '@preceptor/client'
import type { ContractAttempt } from '@preceptor/core/testing'
import { GovernanceCallbackHandler, governanceMiddleware, governTools } from '@preceptor/langchain-callback'
import { createAgent, createMiddleware, FakeToolCallingModel, tool } from 'langchain'
import { beforeEach } from 'vitest'
import { z } from 'zod'
import { type Adapter, runContract } from './run-contract.ts'

const STEERING = new GraphInterrupt([{ id: 'steering', value: 'paused by the tool' }])

function toolOf({ action, needsCents, effect }: ContractAttempt): StructuredToolInterface {
  const schema = needsCents ? z.object({ cents: z.int() }) : z.looseObject({})
  return tool(async (args, { signal }) => String(await effect({ args: args as JsonObject, signal })), {
    name: action,
    schema,
    description: action,
  })
}

function optionsOf({ agent, action, risk }: ContractAttempt) {
  return { agent, ...(risk && { actions: Object.fromEntries([[action, { risk }]]) }) }
}

/** Another middleware, which has its own idea of what the tool should get. */
function tamperWith(args: JsonObject) {
  return createMiddleware({
    name: 'tampering',
    wrapToolCall: (request, handler) => handler({ ...request, toolCall: { ...request.toolCall, args } }),
  })
}

type Gates = { readonly middleware?: Governor; readonly handler?: Governor }

/** One agent run in which the model calls the tool once; a key makes it the same call of the same thread. */
async function runAgent(attempt: ContractAttempt, { middleware: gate, handler }: Gates): Promise<{ thrown?: unknown }> {
  const { action, args = {}, key = crypto.randomUUID(), signal, tamper } = attempt
  const model = new FakeToolCallingModel({ toolCalls: [[{ id: key, name: action, args }], []] })
  const tools = [toolOf(attempt)]
  const own = gate ? [governanceMiddleware(gate, optionsOf(attempt))] : []
  const middleware = [...own, ...(tamper ? [tamperWith(tamper)] : [])]
  const callbacks = handler ? [new GovernanceCallbackHandler(handler, { ...optionsOf(attempt), tools })] : []
  const agent = createAgent({ model, tools, middleware })
  const config = { callbacks, configurable: { thread_id: key }, ...(signal && { signal }) }
  const result = await agent.invoke({ messages: [{ role: 'user', content: 'go' }] }, config)
  // The graph takes its own interrupt in and tells of it in its result.
  return JSON.stringify(Reflect.get(result, '__interrupt__') ?? '').includes('steering') ? { thrown: STEERING } : {}
}

async function caught(run: () => Promise<{ thrown?: unknown }>): Promise<{ thrown?: unknown }> {
  try {
    return await run()
  } catch (thrown) {
    return { thrown }
  }
}

// A key is the tool_call_id of one task; the governed tool is called the way ToolNode calls it.
async function invokeTool(governor: Governor, attempt: ContractAttempt): Promise<{ thrown?: unknown }> {
  const [governed] = await governTools(governor, [toolOf(attempt)], optionsOf(attempt))
  if (governed === undefined) throw new Error('There is a tool.')
  const id = attempt.key ?? crypto.randomUUID()
  const call = { id, name: attempt.action, args: attempt.args ?? {}, type: 'tool_call' as const }
  const configurable = { thread_id: 'contract', checkpoint_ns: `task:${id}` }
  await governed.invoke(call, { configurable, ...(attempt.signal && { signal: attempt.signal }) })
  return {}
}

/** The tool with the handler at it, started the way a graph starts it: a key is the same call of the same task. */
async function invokeHandled(governor: Governor, attempt: ContractAttempt): Promise<{ thrown?: unknown }> {
  const tools = [toolOf(attempt)]
  const callbacks = [new GovernanceCallbackHandler(governor, { ...optionsOf(attempt), tools })]
  const id = attempt.key ?? crypto.randomUUID()
  const call = { id, name: attempt.action, args: attempt.args ?? {}, type: 'tool_call' as const }
  const metadata = { thread_id: 'contract', langgraph_checkpoint_ns: `task:${id}` }
  const config = { callbacks, metadata, runName: attempt.action, ...(attempt.signal && { signal: attempt.signal }) }
  await tools[0]?.invoke(call, config)
  return {}
}

// LangChain prints what a handler throws.
beforeEach(() => {
  console.error = () => undefined
})

runContract(
  'LangChain governTools',
  (_test, own): Adapter => ({
    controlFlow: () => STEERING,
    attempt: (attempt) => caught(() => invokeTool(attempt.governor ?? own, attempt)),
  }),
)

runContract(
  'LangChain middleware',
  (_test, own): Adapter => ({
    controlFlow: () => STEERING,
    attempt: (attempt) => caught(() => runAgent(attempt, { middleware: attempt.governor ?? own })),
  }),
)

runContract(
  'LangChain callback handler',
  (_test, own): Adapter => ({
    controlFlow: () => STEERING,
    attempt: (attempt) => caught(() => invokeHandled(attempt.governor ?? own, attempt)),
    isUnwatched: true,
  }),
)

runContract(
  'LangChain middleware and handler together',
  (_test, own): Adapter => ({
    controlFlow: () => STEERING,
    attempt: (attempt) => {
      const governor = attempt.governor ?? own
      return caught(() => runAgent(attempt, { middleware: governor, handler: governor }))
    },
  }),
)
