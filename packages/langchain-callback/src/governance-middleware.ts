import type { Governor } from '@preceptor/client'
import { type AgentMiddleware, createMiddleware } from 'langchain'
import type { AgentRuntime } from './agent-runtime.ts'
import { errorOfGate, messageOf } from './answer.ts'
import { runOf } from './attempt.ts'
import { actionOf, agentOf, scopeOf } from './gate.ts'
import { nestedHandler } from './governance-callback-handler.ts'
import { governTool } from './governed-tool.ts'
import { descend, type Lineage, runInside } from './lineage.ts'
import type { GovernanceOptions } from './options.ts'
import { isClientTool, refuseProviderCalls, refuseProviderTools } from './provider-tools.ts'
import { beginUnwatched, mayBeWatched } from './supervision/unwatched-runs.ts'

/** Options of `governanceMiddleware`. */
export interface GovernanceMiddlewareOptions extends GovernanceOptions {
  /** Types or names of tools that may run at the provider of the model, ungated; default none. */
  readonly allowProviderTools?: readonly string[]
}

/**
 * Gates every tool call of an agent made with `createAgent`, its retries and its sub-agents included. What may not run
 * is answered to the model in one message, and the run goes on. Name it last in the list of middleware: a tool that
 * middleware after it puts in place does not run.
 *
 * @throws GovernanceError in the run: `PROVIDER_TOOL_REFUSED` for a tool of the provider that is not allowed,
 * `OPTION_INVALID` for `mode: 'interrupt'` without a checkpointer. An error of a tool passes as it is.
 * @example
 * ```ts
 * import type { Governor } from '@preceptor/client'
 * import { governanceMiddleware } from '@preceptor/langchain-callback'
 * import { createAgent, type ReactAgent, tool } from 'langchain'
 * import { z } from 'zod'
 *
 * const refund = tool(({ cents }) => `refunded ${cents}`, { name: 'refund', schema: z.object({ cents: z.int() }) })
 *
 * export const makeAgent = (governor: Governor): ReactAgent =>
 *   createAgent({
 *     model: 'openai:gpt-5-mini',
 *     tools: [refund],
 *     middleware: [governanceMiddleware(governor, { agent: 'refund-bot', actions: { refund: { risk: 'high' } } })],
 *   })
 * ```
 */
export function governanceMiddleware(governor: Governor, options: GovernanceMiddlewareOptions): AgentMiddleware {
  const gate = { governor, options }
  const { allowProviderTools: allowed = [] } = options
  const lineageOf = ({ runtime, state }: { runtime: AgentRuntime; state: unknown }): Lineage =>
    descend(gate, agentOf(gate, runtime), runOf({ ...runtime, state }))
  return createMiddleware({
    name: 'governanceMiddleware',
    async wrapModelCall(request, handler) {
      const { agent, run } = lineageOf(request).stated
      const scope = scopeOf(gate, agent)
      beginUnwatched(gate, run, request)
      refuseProviderTools(request.tools, allowed)
      // What cannot be registered is denied when it is called, and the reason is given there.
      await Promise.allSettled(request.tools.filter(isClientTool).map((tool) => actionOf(gate, scope, tool)))
      const response = await handler(request)
      // Where the output is structured, the message of the model comes inside of it.
      const { messages } = response as typeof response & { readonly messages?: (typeof response)[] }
      for (const message of messages ?? [response]) refuseProviderCalls(message, allowed)
      const isLast = messages !== undefined || !response.tool_calls?.length
      if (!isLast || run === undefined || !mayBeWatched(gate, run)) return response
      // A session that is not finished ends by itself when it has been idle.
      await scope.finish(run, { agent, status: 'completed' }).catch(() => undefined)
      return response
    },
    async wrapToolCall(request, handler) {
      const { toolCall, tool } = request
      const lineage = { ...lineageOf(request), call: toolCall }
      try {
        const governed = isClientTool(tool) ? governTool(gate, tool) : tool
        return await runInside(lineage, nestedHandler, () => handler({ ...request, tool: governed }))
      } catch (error) {
        // Under a middleware an error ends the run; a denial must not, wherever it was thrown.
        const denial = errorOfGate(error)
        if (denial === undefined) throw error
        return messageOf(denial, toolCall.name, toolCall.id)
      }
    },
  })
}
