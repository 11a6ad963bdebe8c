import { BaseCallbackHandler } from '@langchain/core/callbacks/base'
import {
  type Decision,
  GovernanceError,
  type Governor,
  type JsonObject,
  type Scope,
  type StoredOutcome,
} from '@preceptor/client'
import { faulted, withheld, withheldError } from './answer.ts'
import { attemptKey } from './attempt.ts'
import { actionOf, scopeOf, statedOf } from './gate.ts'
import { currentLineage, isGovernedStart, type Lineage, triggerOf } from './lineage.ts'
import { encodeOutput } from './outcome.ts'

type Start = Parameters<NonNullable<BaseCallbackHandler['handleToolStart']>>
type Claim = { readonly governor: Governor; readonly scope: Scope; readonly decision: Promise<Decision> }

// One decision for one start, however many handlers see it.
const claims = new Map<string, Claim>()

const ADVICE =
  ' A callback handler can only let a tool run or stop it: to have it supervised, use governanceMiddleware.'
const REPLACED = 'Other middleware put this tool in place behind the gate. Name governanceMiddleware last in the list.'

/** Decides when a tool starts, stops it by throwing, and reports how it ended. */
export class ToolStartHandler extends BaseCallbackHandler {
  readonly name: string
  readonly #lineageOf: (metadata: Readonly<Record<string, unknown>>) => Lineage | undefined

  constructor(name: string, lineageOf: (metadata: Readonly<Record<string, unknown>>) => Lineage | undefined) {
    // As an option: set as a field it would come too late, and the tool would run.
    super({ raiseError: true })
    this.name = name
    this.#lineageOf = lineageOf
    const fixed = { raiseError: true, awaitHandlers: true, ignoreAgent: false }
    for (const [key, value] of Object.entries(fixed)) Object.defineProperty(this, key, { value, writable: false })
  }

  /** LangChain would make a copy from the options alone. */
  override copy(): this {
    return this
  }

  override async handleToolStart(...start: Start): Promise<void> {
    const [tool, , runId, , , metadata = {}, name = tool.id.at(-1) ?? '', toolCallId] = start
    if (isGovernedStart(runId)) return
    const call = currentLineage()?.call
    if (call && call.id === toolCallId) throw withheldError({ code: 'ACTION_AMBIGUOUS', text: `${name}: ${REPLACED}` })
    try {
      const lineage = this.#lineageOf(metadata)
      if (lineage === undefined) throw new GovernanceError('INTERNAL')
      const decision = await claimStart(lineage, name, start)
      if (decision.route === 'execution') return
      throw withheldError(withheld(decision, decision.route === 'supervision' ? ADVICE : ''))
    } catch (fault) {
      claims.delete(runId)
      throw withheldError(faulted(name, fault))
    }
  }

  override async handleToolEnd(output: unknown, runId: string): Promise<void> {
    await reportEnd(runId, () => ({ status: 'succeeded', value: encodeOutput(output), stored: true }))
  }

  override async handleToolError(error: unknown, runId: string): Promise<void> {
    await reportEnd(runId, () => ({ status: 'failed', message: String(error) }))
  }
}

function claimStart(lineage: Lineage, name: string, start: Start): Promise<Decision> {
  const [, input, runId, parentRunId, , metadata, , toolCallId] = start
  const { gate, agent } = lineage
  const claimed = claims.get(runId)
  if (claimed?.governor === gate.governor) return claimed.decision
  const scope = scopeOf(gate, agent)
  const decide = async (): Promise<Decision> => {
    const known = gate.options.tools?.find((tool) => tool.name === name)
    const action = known ? await actionOf(gate, scope, known) : { action: statedOf(gate, name).action ?? name }
    // What JSON.parse gives is JSON; the gate refuses what is no object.
    const args = JSON.parse(input) as JsonObject
    const step = metadata?.langgraph_checkpoint_ns ?? parentRunId
    const key = toolCallId !== undefined && attemptKey([metadata?.thread_id, step, toolCallId, name, args])
    return scope.decide(triggerOf(lineage, { ...action, args, ...key }), { claim: true })
  }
  const decision = decide()
  claims.set(runId, { governor: gate.governor, scope, decision })
  return decision
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
