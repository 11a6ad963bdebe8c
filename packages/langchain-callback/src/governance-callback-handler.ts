import type { Governor } from '@preceptor/client'
import { agentOf } from './gate.ts'
import { descend } from './lineage.ts'
import type { GovernanceOptions } from './options.ts'
import { ToolStartHandler } from './tool-start-handler.ts'

/** Options of `GovernanceCallbackHandler`. */
export type GovernanceCallbackHandlerOptions = Omit<GovernanceOptions, 'mode'>

/**
 * Gates the tool calls of an app that can take no middleware: it lets a tool run or stops it, and reports how it
 * ended. It cannot answer in the tool's place or pause it, so whatever is not decided as execution is stopped by an
 * error that says what to do, supervision included; a tool that interrupts the graph itself does not run again on
 * resume. It sees names and args only: give it the `tools`, or register the actions at the governor. A tool whose
 * class states no name to callbacks is denied: wrap it with `governTools`.
 *
 * Beside `governanceMiddleware` it leaves each call to that.
 *
 * @throws GovernanceError from the tool call: the code of the decision, with `details.decision`.
 * @example
 * ```ts
 * import type { Governor } from '@preceptor/client'
 * import { GovernanceCallbackHandler } from '@preceptor/langchain-callback'
 * import type { ReactAgent } from 'langchain'
 *
 * export const run = (governor: Governor, agent: ReactAgent, question: string): Promise<unknown> =>
 *   agent.invoke(
 *     { messages: [{ role: 'user', content: question }] },
 *     { callbacks: [new GovernanceCallbackHandler(governor, { agent: 'refund-bot' })] },
 *   )
 * ```
 */
export class GovernanceCallbackHandler extends ToolStartHandler {
  constructor(governor: Governor, options: GovernanceCallbackHandlerOptions) {
    const gate = { governor, options }
    super('preceptor_governance', (metadata) => descend(gate, agentOf(gate, { configurable: metadata }), undefined))
  }
}
