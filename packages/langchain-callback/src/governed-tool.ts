import type { CallbackManagerForToolRun } from '@langchain/core/callbacks/manager'
import type { ClientTool, StructuredToolInterface, ToolRunnableConfig } from '@langchain/core/tools'
import { isGraphBubbleUp } from '@langchain/langgraph'
import type { GuardResult, JsonObject } from '@preceptor/client'
import { faulted, type Withholding, withheld, withheldError, withheldMessage } from './answer.ts'
import { callKey, runOf } from './attempt.ts'
import { actionOf, agentOf, type Gate, scopeOf, takesText } from './gate.ts'
import { descend, startGoverned, triggerOf } from './lineage.ts'
import { runInside } from './nested-gate.ts'
import { encodeOutput, replayOutput } from './outcome.ts'
import { pauseForApproval } from './pause-for-approval.ts'

type Config = ToolRunnableConfig & { readonly state?: unknown }
type Work = (args: unknown, runManager?: CallbackManagerForToolRun, config?: Config) => unknown
/** A tool with the method that does its work once LangChain has parsed the args. */
type WorkingTool = StructuredToolInterface & { readonly responseFormat?: string; readonly _call: Work }

const OUT_OF_REACH = 'Its work is out of reach of the gate. Make it with tool() of langchain.'
const governed = new WeakSet<object>()

/**
 * Gives a tool like the given one whose own work is behind the gate, whichever way it is called. It inherits from the
 * tool, so that name, schema, description, response format and all else stay as they are.
 */
export function governTool(gate: Gate, tool: ClientTool): StructuredToolInterface {
  if (!isWorking(tool)) throw withheldError({ code: 'INPUT_INVALID', text: `${tool.name}: ${OUT_OF_REACH}` })
  if (governed.has(tool)) return tool
  const work: Work = (...call) => runGated(gate, tool, call)
  // The empty schema lets everything through: the gate parses the args, once, with the schema of the tool.
  const opened = inheriting(tool, { schema: {}, _call: work })
  const call: WorkingTool['call'] = (args, config, tags) => startGoverned(() => opened.call(args, config, tags))
  const result = inheriting(tool, { call, _call: work, ...('func' in tool && { func: work }) })
  governed.add(result)
  return result
}

async function runGated(
  gate: Gate,
  tool: WorkingTool,
  [args, runManager, config = {}]: Parameters<Work>,
): Promise<unknown> {
  let hasStarted = false
  let result: GuardResult<unknown>
  try {
    const lineage = descend(gate, agentOf(gate, config), runOf(config))
    const scope = scopeOf(gate, lineage.agent)
    const action = await actionOf(gate, scope, tool)
    // The gate refuses args that are no JSON object.
    const attempt = { ...action, args: args as JsonObject, ...callKey(config, config.toolCall?.id, args) }
    const run: Parameters<typeof scope.guard>[1] = ({ args: parsed, signal }) => {
      hasStarted = true
      const input = takesText(tool) ? parsed.input : parsed
      return runInside(lineage, async () =>
        drain(await tool._call(input, runManager, { ...config, signal }), runManager),
      )
    }
    const options = { isControlFlow, encode: encodeOutput, ...(config.signal && { signal: config.signal }) }
    result = await scope.guard(triggerOf(lineage, attempt), run, options)
  } catch (error) {
    // Once it has started, the error is the tool's own or the host's, and not ours to change.
    if (hasStarted || config.signal?.aborted) throw error
    return answer(tool, config, faulted(tool.name, error))
  }
  if (result.status === 'executed') return result.value
  if (result.status === 'replayed') return replayOutput(result.outcome)
  if (result.decision.route === 'proposal') pauseForApproval(gate, result.decision, config.toolCall)
  return answer(tool, config, withheld(result.decision))
}

function isControlFlow(error: unknown): boolean {
  return error !== null && isGraphBubbleUp(error)
}

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

function answer(tool: WorkingTool, { toolCall }: Config, withholding: Withholding): unknown {
  // A caller without a tool call is code, not a model, and would take a message for a result.
  if (toolCall?.id === undefined) throw withheldError(withholding)
  const message = withheldMessage(withholding, { id: toolCall.id, name: tool.name })
  return tool.responseFormat === 'content_and_artifact' ? [message, undefined] : message
}

function inheriting(tool: WorkingTool, own: object): WorkingTool {
  // Object.create gives `any`; what it gives is the tool, but for these properties.
  return Object.create(tool, Object.getOwnPropertyDescriptors(own)) as WorkingTool
}

function isWorking(tool: ClientTool): tool is ClientTool & WorkingTool {
  return '_call' in tool && typeof tool._call === 'function'
}
