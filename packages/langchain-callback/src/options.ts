import type { ClientTool } from '@langchain/core/tools'
import type { ActionDefinition, Fingerprint, Principal } from '@preceptor/client'
import type { AgentRuntime } from './agent-runtime.ts'
import type { InterruptOn, ReviewerFromResume } from './approvals/interrupt-on.ts'

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
  /**
   * The option of `humanInTheLoopMiddleware`, taken as it is: `true` or a description asks a person before each call of
   * the tool, also where the agent has earned to run it. `false` loosens nothing, and nothing in a run's context does.
   */
  readonly interruptOn?: InterruptOn
  /**
   * Who answered, where the graph is resumed with a decision: verified by the host, such as what
   * `governor.authenticate` gave, and undefined where nobody answered. The decision is then recorded as that of this
   * person, on the version that the interrupt showed, and only what the store says after it counts. Without this option
   * nothing in a resume payload does.
   */
  readonly reviewerFromResume?: ReviewerFromResume
}
