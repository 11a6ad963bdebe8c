import { type ClientTool, Tool } from '@langchain/core/tools'
import type { ActionDefinition, Governor, Scope, Trigger } from '@preceptor/client'
import type { AgentRuntime, GovernanceOptions, ToolAction } from './options.ts'

/** A governor with the options of one adapter: who acts, and what the tools are registered as. */
export interface Gate {
  readonly governor: Governor
  readonly options: GovernanceOptions
}

/** The agent that acts in a run. */
export function agentOf({ options: { agent } }: Gate, runtime: AgentRuntime): string {
  return typeof agent === 'string' ? agent : agent(runtime)
}

/** The gate, bound to who acts. */
export function scopeOf({ governor, options }: Gate, agent: string): Scope {
  const { workspace = 'default', principal = { kind: 'agent', id: agent, roles: [] } } = options
  return governor.as({ workspace, principal })
}

/** What the options state about a tool. */
export function statedOf({ options: { actions = {} } }: Gate, tool: string): ToolAction {
  return (Object.hasOwn(actions, tool) && actions[tool]) || {}
}

/** Registers a tool, which is done once however often it is asked for; gives what a trigger says of its action. */
export async function actionOf(
  gate: Gate,
  scope: Scope,
  tool: ClientTool,
): Promise<Pick<Trigger, 'action' | 'digest'>> {
  const { action = tool.name, ...stated } = statedOf(gate, tool.name)
  const definition = { ...(tool.description && { description: tool.description }), ...stated, args: argsOf(tool) }
  // Entries, because a name such as `__proto__` must reach the gate as a name, to be refused there.
  const [registered] = await scope.registerActions(Object.fromEntries([[action, definition]]))
  return { action, digest: registered?.digest ?? 'unregistered' }
}

/** Registers tools before they are called. What cannot be registered is denied at its call, with the reason. */
export async function registerTools(gate: Gate, scope: Scope, tools: readonly ClientTool[] = []): Promise<void> {
  const all = [...tools, ...(gate.options.tools ?? [])]
  await Promise.allSettled(all.map((tool) => actionOf(gate, scope, tool)))
}

/** Whether the work of a tool takes a text instead of an object. */
export function takesText(tool: object): boolean {
  return tool instanceof Tool
}

function argsOf(tool: ClientTool): NonNullable<ActionDefinition['args']> {
  if (takesText(tool)) return { type: 'object', properties: { input: { type: 'string' } }, additionalProperties: false }
  // A schema of LangChain is Zod, which is a Standard Schema, or else JSON Schema.
  return tool.schema as NonNullable<ActionDefinition['args']>
}
