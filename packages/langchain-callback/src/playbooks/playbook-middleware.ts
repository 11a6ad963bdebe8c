import type { ControlPlane, PlaybookUse, Principal } from '@preceptor/client'
import { type AgentMiddleware, createMiddleware } from 'langchain'
import type { AgentRuntime } from '../agent-runtime.ts'
import { createPlaybookLoader } from './load-playbook.ts'
import { withPlaybook } from './prompt-of.ts'

/** A text, or how to read it from the run. */
type FromRun<Text extends string | undefined> = Text | ((runtime: AgentRuntime) => Text)

/** Options of `playbookMiddleware`. */
export interface PlaybookMiddlewareOptions {
  /** The type of agents whose playbook is loaded, such as `engineer`. */
  readonly agentType: FromRun<string>
  /** Id of the agent; it is also the unit of canaries where `unit` is not given. */
  readonly agent: FromRun<string>
  /** Id of the user for whom it works. */
  readonly user?: FromRun<string | undefined>
  /** Name of the project in which it works. */
  readonly project?: FromRun<string | undefined>
  /** What is in a canary or is not, as a whole, such as the id of the run. */
  readonly unit?: FromRun<string | undefined>
  /** Default `default`. */
  readonly workspace?: string
  /** Who asks, from verified credentials; default: the agent itself. */
  readonly principal?: Principal
  /** Where examples stand; default `system`, in the system message; `turns` puts them before the conversation. */
  readonly examples?: 'system' | 'turns'
  /** Milliseconds for which an answer is used again, and a rolled back version at most; default 5,000. */
  readonly refreshMs?: number
  /** Milliseconds for which a model call waits for its playbook; default 2,000. */
  readonly deadlineMs?: number
  /** Told where no playbook could be had; default: a warning of the process. What it throws ends the run. */
  readonly onFault?: (error: unknown) => void
}

/**
 * Adds the playbook in use to what the model of an agent made with `createAgent` is asked: its instructions after the
 * system prompt, and its examples. It is advice and no gate: where it cannot be had the run goes on without it, and
 * `onFault` is told. It stands beside `governanceMiddleware`, in any order.
 *
 * @example
 * ```ts
 * import type { ControlPlane } from '@preceptor/client'
 * import { governanceMiddleware, playbookMiddleware } from '@preceptor/langchain-callback'
 * import { createAgent, type ReactAgent } from 'langchain'
 *
 * export const makeAgent = (governor: ControlPlane, user: string): ReactAgent =>
 *   createAgent({
 *     model: 'openai:gpt-5-mini',
 *     tools: [],
 *     middleware: [
 *       playbookMiddleware(governor, { agentType: 'support', agent: 'refund-bot', user }),
 *       governanceMiddleware(governor, { agent: 'refund-bot' }),
 *     ],
 *   })
 * ```
 */
export function playbookMiddleware(
  governor: Pick<ControlPlane, 'as'>,
  options: PlaybookMiddlewareOptions,
): AgentMiddleware {
  const { workspace = 'default', examples = 'system', refreshMs = 5_000, deadlineMs = 2_000, onFault = warn } = options
  const load = createPlaybookLoader(governor, { refreshMs, deadlineMs, onFault })
  return createMiddleware({
    name: 'playbookMiddleware',
    async wrapModelCall(request, handler) {
      const use = useOf(options, request.runtime)
      const principal = options.principal ?? { kind: 'agent', id: use.agent, roles: [] }
      const playbook = await load({ identity: { workspace, principal }, use })
      return handler(playbook === null ? request : withPlaybook(request, playbook, examples))
    },
  })
}

function useOf(
  { agentType, agent, user, project, unit }: PlaybookMiddlewareOptions,
  runtime: AgentRuntime,
): PlaybookUse & { readonly agent: string } {
  const read = <Text extends string | undefined>(value: FromRun<Text>): Text =>
    typeof value === 'function' ? value(runtime) : value
  const named = { user: read(user), project: read(project), unit: read(unit) }
  const given = Object.entries(named).filter(([, text]) => text !== undefined)
  return { agentType: read(agentType), agent: read(agent), ...Object.fromEntries(given) }
}

function warn(error: unknown): void {
  const why = error instanceof Error ? error.message : String(error)
  process.emitWarning(`The agent runs without its playbook: ${why}`, { code: 'PRECEPTOR_PLAYBOOK' })
}
