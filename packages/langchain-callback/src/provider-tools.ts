import type { AIMessage } from '@langchain/core/messages'
import { Runnable } from '@langchain/core/runnables'
import type { ClientTool } from '@langchain/core/tools'
import { GovernanceError } from '@preceptor/client'

/** Whether a tool runs in this process. */
export const isClientTool = (tool: unknown): tool is ClientTool => Runnable.isRunnable(tool)

/**
 * Refuses tools that the provider of the model would run, where no gate can be.
 *
 * @throws GovernanceError `PROVIDER_TOOL_REFUSED` naming the tool.
 */
export function refuseProviderTools(tools: readonly object[], allowed: readonly string[]): void {
  for (const tool of tools) {
    if (isClientTool(tool) || isDeclaration(tool)) continue
    // Some providers name the kind of the tool, some the tool, and some a single key.
    const stated = [Reflect.get(tool, 'type'), Reflect.get(tool, 'name')].filter((name) => typeof name === 'string')
    refuse(stated.length > 0 ? stated : Object.keys(tool), allowed)
  }
}

/**
 * Refuses an answer in which the provider has run a tool all the same.
 *
 * @throws GovernanceError `PROVIDER_TOOL_REFUSED` naming the tool.
 */
export function refuseProviderCalls(message: AIMessage, allowed: readonly string[]): void {
  for (const block of message.contentBlocks)
    if (block.type === 'server_tool_call') refuse([String(block.name)], allowed)
}

// A function that is only described to the model is called by nobody but the host.
function isDeclaration(tool: object): boolean {
  const type: unknown = Reflect.get(tool, 'type')
  return type === 'function' || type === 'custom' || (type === undefined && 'input_schema' in tool)
}

function refuse(names: readonly string[], allowed: readonly string[]): void {
  if (names.some((name) => allowed.includes(name))) return
  const message = `The tool "${names.join(' ')}" runs at the provider of the model, where it cannot be gated.`
  throw new GovernanceError('PROVIDER_TOOL_REFUSED', { message })
}
