import type { ClientTool } from '@langchain/core/tools'
import type { ActionDefinition, Fingerprint, Principal } from '@preceptor/client'

/**
 * What the host passed to the run, to read from it who the agent is, never what it may do. A callback handler sees the
 * `metadata` of the run as `configurable`, and no `context`.
 */
export type AgentRuntime = { readonly context?: unknown; readonly configurable?: Readonly<Record<string, unknown>> }

/** What a tool is registered as, `action` (default: the name of the tool) included; everything has a strict default. */
export type ToolAction = Omit<ActionDefinition, 'args'> & { readonly action?: string }

/** Whose tool calls are gated, and what the tools are registered as. */
export interface GovernanceOptions {
  /** Id of the agent, or how to read it from the run; nothing that a model writes may decide it. */
  readonly agent: string | ((runtime: AgentRuntime) => string)
  /** Default `default`. */
  readonly workspace?: string
  /** Who acts, from verified credentials; default: the agent itself. */
  readonly principal?: Principal
  /** By name of the tool. A tool that is not named here is registered at risk `high`. */
  readonly actions?: Readonly<Record<string, ToolAction>>
  /** Further tools to register, such as those of sub-agents that have no gate of their own. */
  readonly tools?: readonly ClientTool[]
  /** What identifies the build of the agent. */
  readonly fingerprint?: Fingerprint
  /**
   * What a proposal does to the run: `interrupt` pauses the graph (it needs a checkpointer and a thread), `defer`
   * answers the model that the action waits, and the run goes on. Default: `interrupt` where the graph can, else `defer`.
   */
  readonly mode?: 'interrupt' | 'defer'
}
