import type { ClientTool, StructuredToolInterface } from '@langchain/core/tools'
import type { Governor } from '@preceptor/client'
import { governTool } from './governed-tool.ts'
import type { GovernanceOptions } from './options.ts'

/**
 * Gives tools like the given ones whose calls are gated, for a `ToolNode` in a graph of your own or for
 * `tool.invoke()`. Called by a model, a tool that may not run answers with one message; called with plain args it throws.
 *
 * @throws GovernanceError from a call with plain args: the code of the decision, with `details.decision`.
 * @example
 * ```ts
 * import { ToolNode } from '@langchain/langgraph/prebuilt'
 * import type { Governor } from '@preceptor/client'
 * import { governTools } from '@preceptor/langchain-callback'
 * import { tool } from 'langchain'
 * import { z } from 'zod'
 *
 * const refund = tool(({ cents }) => `refunded ${cents}`, { name: 'refund', schema: z.object({ cents: z.int() }) })
 *
 * export const makeToolNode = (governor: Governor): ToolNode =>
 *   new ToolNode(governTools(governor, [refund], { agent: 'refund-bot' }))
 * ```
 */
export function governTools(
  governor: Governor,
  tools: readonly ClientTool[],
  options: GovernanceOptions,
): StructuredToolInterface[] {
  return tools.map((tool) => governTool({ governor, options }, tool))
}
