import { ToolMessage } from '@langchain/core/messages'
import { type Decision, explainDecision, GovernanceError } from '@preceptor/client'

type WithheldDecision = Exclude<Decision, { route: 'execution' }>

// What is in here was made by the gate, whatever it looks like; a tool cannot put its own errors here.
const ours = new WeakMap<Error, WithheldDecision | undefined>()

/** Why an action did not run, as a decision says it. */
export function withheld(decision: WithheldDecision, advice = ''): GovernanceError {
  const code = 'code' in decision ? decision.code : 'SUPERVISOR_REQUIRED'
  const error = new GovernanceError(code, { message: explainDecision(decision) + advice, details: { decision } })
  ours.set(error, decision)
  return error
}

/** Why an action did not run where there is no decision; of an error that is not ours nothing is shown. */
export function faulted(action: string, fault: unknown): GovernanceError {
  const { code, message, hint } = GovernanceError.isInstance(fault) ? fault : new GovernanceError('INTERNAL')
  const error = new GovernanceError(code, { message: `${action}: ${message} ${hint}`, hint })
  ours.set(error, undefined)
  return error
}

/** The error of the gate behind an error, also where others wrapped it; undefined for every other error. */
export function errorOfGate(error: unknown, depth = 0): GovernanceError | undefined {
  if (!(error instanceof Error) || depth > 16) return undefined
  return GovernanceError.isInstance(error) && ours.has(error) ? error : errorOfGate(error.cause, depth + 1)
}

/** Says to the model, in one message, why an action did not run. */
export function messageOf(error: GovernanceError, name: string, tool_call_id = ''): ToolMessage {
  const decision = ours.get(error) ?? { route: 'denied', code: error.code }
  // A call that waits is no error: a model that is told of an error tries again.
  const status = decision.route === 'proposal' || decision.route === 'queue' ? 'success' : 'error'
  const additional_kwargs = { preceptor: decision }
  return new ToolMessage({ content: error.message, status, name, tool_call_id, additional_kwargs })
}
