import { BaseCallbackHandler } from '@langchain/core/callbacks/base'
import { type Decision, GovernanceError, type Governor, type JsonObject, type StoredOutcome } from '@preceptor/client'
import { errorOfGate, faulted, withheld } from './answer.ts'
import { attemptKey } from './attempt.ts'
import { actionNamed, agentOf, type Gate, scopeOf } from './gate.ts'
import { currentLineage, descend, isGovernedStart, type Lineage } from './lineage.ts'
import type { GovernanceOptions } from './options.ts'
import { encodeOutput } from './outcome.ts'
import { watchFor } from './supervision/unwatched-runs.ts'

/** Options of `GovernanceCallbackHandler`. */
export type GovernanceCallbackHandlerOptions = Omit<GovernanceOptions, 'mode'>

type Metadata = Readonly<Record<string, unknown>>
type Start = Parameters<NonNullable<BaseCallbackHandler['handleToolStart']>>
type Claim = { readonly gate: Gate; readonly scope: ReturnType<typeof scopeOf>; readonly decision: Promise<Decision> }

// One decision for one start, however many handlers see it.
const claims = new Map<string, Claim>()

const ADVICE = ' A callback handler can only let a tool run or stop it: for supervision use governanceMiddleware.'
const REPLACED = { message: 'Middleware behind the gate replaced it.', hint: 'Name governanceMiddleware last.' }

/** Decides when a tool starts, stops it by throwing, and reports how it ended. */
class ToolStartHandler extends BaseCallbackHandler {
  readonly name: string
  readonly #lineageOf: (metadata: Metadata) => Lineage | undefined

  constructor(name: string, lineageOf: (metadata: Metadata) => Lineage | undefined) {
    // As an option: set as a field it would come too late, and the tool would run.
    super({ raiseError: true })
    this.name = name
    this.#lineageOf = lineageOf
    const fixed = { raiseError: true, awaitHandlers: true, ignoreAgent: false }
    for (const [key, value] of Object.entries(fixed)) Object.defineProperty(this, key, { value, writable: false })
  }

  override async handleToolStart(...start: Start): Promise<void> {
    const [tool, , runId, , , metadata = {}, name = tool.id.at(-1) ?? '', toolCallId] = start
    if (isGovernedStart(runId)) return
    try {
      const call = currentLineage()?.call
      if (call && call.id === toolCallId) throw faulted(call.name, new GovernanceError('ACTION_AMBIGUOUS', REPLACED))
      const lineage = this.#lineageOf(metadata)
      if (lineage === undefined) throw new GovernanceError('INTERNAL')
      const decision = await claimStart(lineage, name, start)
      if (decision.route !== 'execution') throw withheld(decision, decision.route === 'supervision' ? ADVICE : '')
    } catch (fault) {
      claims.delete(runId)
      throw errorOfGate(fault) ?? faulted(name, fault)
    }
  }

  override async handleToolEnd(output: unknown, runId: string): Promise<void> {
    await reportEnd(runId, () => ({ status: 'succeeded', value: encodeOutput(output), stored: true }))
  }

  override async handleToolError(error: unknown, runId: string): Promise<void> {
    await reportEnd(runId, () => ({ status: 'failed', message: String(error) }))
  }
}

/** Takes the gate of the lineage; what meets every tool inside of a gate. */
export const nestedHandler: BaseCallbackHandler = new ToolStartHandler('preceptor_nested', currentLineage)

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
    super('preceptor_governance', (metadata) => descend(gate, agentOf(gate, { configurable: metadata })))
  }
}

function claimStart({ gate, stated }: Lineage, name: string, start: Start): Promise<Decision> {
  const [, input, runId, parentRunId, , metadata, , toolCallId] = start
  const claimed = claims.get(runId)
  if (claimed?.gate.governor === gate.governor) return claimed.decision
  const scope = scopeOf(gate, stated.agent)
  const decide = async (): Promise<Decision> => {
    // What JSON.parse gives is JSON; the gate refuses what is no object.
    const args = JSON.parse(input) as JsonObject
    const task = metadata?.langgraph_checkpoint_ns ?? parentRunId
    const key = toolCallId !== undefined && attemptKey([metadata?.thread_id, task, toolCallId, name, args])
    const action = await actionNamed(gate, scope, name)
    const asked = (): Promise<Decision> => scope.decide({ ...stated, ...action, args, ...key }, { claim: true })
    return watchFor(gate, stated.run, { decide: asked, of: (decision) => decision })
  }
  const claim = { gate, scope, decision: decide() }
  claims.set(runId, claim)
  return claim.decision
}

async function reportEnd(runId: string, outcome: () => StoredOutcome): Promise<void> {
  const claim = claims.get(runId)
  claims.delete(runId)
  try {
    if (claim !== undefined) await claim.scope.report((await claim.decision).id, outcome())
  } catch {
    // The tool has run, and failing it now would say otherwise. What is never reported becomes outcome_unknown.
  }
}
