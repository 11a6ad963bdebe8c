import type { CallbackManagerForToolRun } from '@langchain/core/callbacks/manager'
import type { ClientTool, StructuredToolInterface, ToolRunnableConfig } from '@langchain/core/tools'
import { isGraphBubbleUp } from '@langchain/langgraph'
import { GovernanceError, type GuardCall, type GuardResult, type JsonObject } from '@preceptor/client'
import { faulted, messageOf, withheld } from './answer.ts'
import { type Approval, beginApproval } from './approvals/approval.ts'
import { tellModel } from './approvals/tell-model.ts'
import { callKey, runOf } from './attempt.ts'
import { actionOf, agentOf, type Gate, scopeOf, takesText } from './gate.ts'
import { nestedHandler } from './governance-callback-handler.ts'
import { descend, runInside, startGoverned } from './lineage.ts'
import { encodeOutput, replayOutput } from './outcome.ts'
import { workFor } from './supervision/guarded-call.ts'
import { watchFor } from './supervision/unwatched-runs.ts'

type Config = ToolRunnableConfig & { readonly state?: unknown }
type Work = (args: unknown, runManager?: CallbackManagerForToolRun, config?: Config) => unknown
/** A tool with the method that does its work once LangChain has parsed the args. */
type WorkingTool = StructuredToolInterface & { readonly responseFormat?: string; readonly _call: Work }

const OUT_OF_REACH = { message: 'The gate cannot reach its work.', hint: 'Make it with tool() of langchain.' }
const governed = new WeakSet<object>()

/**
 * Gives a tool like the given one whose own work is behind the gate, whichever way it is called. It inherits from the
 * tool, so that name, schema, description, response format and all else stay as they are.
 */
export function governTool(gate: Gate, tool: ClientTool): StructuredToolInterface {
  if (!isWorking(tool)) throw faulted(tool.name, new GovernanceError('INPUT_INVALID', OUT_OF_REACH))
  if (governed.has(tool)) return tool
  const work: Work = (...call) => runGated(gate, tool, ...call)
  // The empty schema lets everything through: the gate parses the args, once, with the schema of the tool.
  const opened = inheriting(tool, { schema: {}, _call: work })
  const call: WorkingTool['call'] = (args, config, tags) => startGoverned(() => opened.call(args, config, tags))
  const result = inheriting(tool, { call, _call: work, ...('func' in tool && { func: work }) })
  governed.add(result)
  return result
}

async function runGated(gate: Gate, tool: WorkingTool, ...call: Parameters<Work>): Promise<unknown> {
  const [args, runManager, config = {}] = call
  const { toolCall, signal } = config
  let hasStarted = false
  let result: GuardResult<unknown>
  let approval: Approval
  try {
    const lineage = descend(gate, agentOf(gate, config), runOf(config))
    const scope = scopeOf(gate, lineage.stated.agent)
    const key = callKey(config, toolCall?.id, args)
    approval = await beginApproval({ gate, scope, config, tool: tool.name, ...key })
    const action = await actionOf(gate, scope, tool, approval.isReviewed)
    const run = (guarded: GuardCall): Promise<unknown> => {
      hasStarted = true
      approval.passAnswers(guarded)
      const input = takesText(tool) ? guarded.args.input : guarded.args
      const work = (): unknown => tool._call(input, runManager, { ...config, signal: guarded.signal })
      const told = async (call: GuardCall) => tellModel(call, await drain(await work(), runManager), { tool, toolCall })
      return runInside(lineage, nestedHandler, () => workFor(guarded, told))
    }
    // The gate refuses args that are no JSON object.
    const trigger = { ...lineage.stated, ...action, args: args as JsonObject, ...key, ...approval.stated }
    const options = { isControlFlow, encode: encodeOutput, ...(signal && { signal }) }
    const decide = (): Promise<GuardResult<unknown>> => scope.guard(trigger, run, options)
    result = await watchFor(gate, lineage.stated.run, { decide, of: ({ decision }) => decision })
  } catch (error) {
    // Once it has started, the error is the tool's own or the host's, and not ours to change.
    if (hasStarted || signal?.aborted || isControlFlow(error)) throw error
    return answer(faulted(tool.name, error), tool, toolCall?.id)
  }
  if (result.status === 'executed') return result.value
  if (result.status === 'replayed') return result.answer ?? replayOutput(tool.name, result.outcome)
  if (result.decision.route === 'proposal') await approval.pause(result.decision)
  return answer(withheld(result.decision), tool, toolCall?.id)
}

const isControlFlow = (error: unknown): boolean => error !== null && isGraphBubbleUp(error)

// A tool may give a generator: its run is over when that is, and what it yields are events of the run.
async function drain(output: unknown, runManager: CallbackManagerForToolRun | undefined): Promise<unknown> {
  if (typeof output !== 'object' || output === null || !('next' in output)) return output
  const generator = output as AsyncGenerator<unknown, unknown>
  for (;;) {
    const { done, value } = await generator.next()
    if (done) return value
    await runManager?.handleToolEvent(value)
  }
}

function answer(error: GovernanceError, { name, responseFormat }: WorkingTool, id: string | undefined): unknown {
  // A caller without a tool call is code, not a model, and would take a message for a result.
  if (id === undefined) throw error
  const message = messageOf(error, name, id)
  return responseFormat === 'content_and_artifact' ? [message, undefined] : message
}

// Object.create gives `any`; what it gives is the tool, but for these properties.
const inheriting = (tool: WorkingTool, own: object): WorkingTool =>
  Object.create(tool, Object.getOwnPropertyDescriptors(own)) as WorkingTool

const isWorking = (tool: ClientTool): tool is ClientTool & WorkingTool =>
  '_call' in tool && typeof tool._call === 'function'
