import { type ClientTool, Tool } from '@langchain/core/tools'
import type { ActionDefinition, Governor, Scope, Trigger } from '@preceptor/client'
import type { AgentRuntime } from './agent-runtime.ts'
import { reviewedDefinition } from './approvals/interrupt-on.ts'
import type { GovernanceOptions } from './options.ts'

/** A governor with the options of one adapter: who acts, and what the tools are registered as. */
export type Gate = { readonly governor: Governor; readonly options: GovernanceOptions }

/** What a trigger says of its action. */
type Action = Pick<Trigger, 'action' | 'digest'>

/** The agent that acts in a run. */
export const agentOf = ({ options: { agent } }: Gate, runtime: AgentRuntime): string =>
  typeof agent === 'string' ? agent : agent(runtime)

// Hosts name few agents; one that makes up a new one for each run must not fill the memory.
const MOST_SCOPES = 256
const scopes = new WeakMap<Gate, Map<string, Scope>>()

/** The gate, bound to who acts; bound once, as every tool call comes through here. */
export function scopeOf(gate: Gate, agent: string): Scope {
  const bound = scopes.get(gate) ?? new Map<string, Scope>()
  const known = bound.get(agent)
  if (known !== undefined) return known
  const { workspace = 'default', principal = { kind: 'agent', id: agent, roles: [] } } = gate.options
  const scope = gate.governor.as({ workspace, principal })
  if (bound.size >= MOST_SCOPES) bound.clear()
  scopes.set(gate, bound.set(agent, scope))
  return scope
}

/** What a trigger says of the action of a tool; registers the tool, which the governor does once. */
export async function actionOf(gate: Gate, scope: Scope, tool: ClientTool, isReviewed?: boolean): Promise<Action> {
  const { action, definition: stated } = statedOf(gate, tool.name)
  const definition = reviewedDefinition(stated, { interruptOn: gate.options.interruptOn, tool: tool.name, isReviewed })
  const described = { ...(tool.description && { description: tool.description }), ...definition, args: argsOf(tool) }
  // Entries, because a name such as `__proto__` must reach the gate as a name, to be refused there.
  const [registered] = await scope.registerActions(Object.fromEntries([[action, described]]))
  return { action, digest: registered?.digest ?? 'unregistered' }
}

/** The same of a tool of which only the name is known. */
export async function actionNamed(gate: Gate, scope: Scope, name: string): Promise<Action> {
  const known = gate.options.tools?.find((tool) => tool.name === name)
  return known === undefined ? { action: statedOf(gate, name).action } : actionOf(gate, scope, known)
}

/** Whether the work of a tool takes a text instead of an object. */
export const takesText = (tool: object): boolean => tool instanceof Tool

function statedOf({ options: { actions = {} } }: Gate, tool: string): { action: string; definition: ActionDefinition } {
  const { action = tool, ...definition } = (Object.hasOwn(actions, tool) && actions[tool]) || {}
  return { action, definition }
}

function argsOf(tool: ClientTool): NonNullable<ActionDefinition['args']> {
  if (takesText(tool)) return { type: 'object', properties: { input: { type: 'string' } }, additionalProperties: false }
  // A schema of LangChain is Zod, which is a Standard Schema, or else JSON Schema.
  return tool.schema as NonNullable<ActionDefinition['args']>
}
