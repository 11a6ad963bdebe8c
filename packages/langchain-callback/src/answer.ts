import { ToolMessage } from '@langchain/core/messages'
import { type Decision, type ErrorCode, explainDecision, GovernanceError } from '@preceptor/client'

/** Why an action did not run: a decision, or a fault before there was one. */
export interface Withholding {
  readonly code: ErrorCode
  /** What happened and what to do now. */
  readonly text: string
  readonly decision?: Exclude<Decision, { route: 'execution' }>
}

// What is in here was thrown by the gate, whatever it looks like; a tool cannot put its own errors here.
const thrown = new WeakMap<object, Withholding>()

/** The withholding that a decision amounts to. */
export function withheld(decision: Exclude<Decision, { route: 'execution' }>, advice = ''): Withholding {
  const code = 'code' in decision ? decision.code : 'SUPERVISOR_REQUIRED'
  return { code, text: `${explainDecision(decision)}${advice}`, decision }
}

/** The withholding that a fault amounts to; of an error that is not ours nothing is shown. */
export function faulted(action: string, fault: unknown): Withholding {
  const known = withholdingOf(fault)
  if (known !== undefined) return known
  const { code, message, hint } = GovernanceError.isInstance(fault) ? fault : new GovernanceError('INTERNAL')
  return { code, text: `${action}: ${message} ${hint}` }
}

/** Says to the model, in one message, why an action did not run. */
export function withheldMessage(
  withholding: Withholding,
  call: { readonly id?: string; readonly name: string },
): ToolMessage {
  const { code, text: content, decision = { route: 'denied', code } } = withholding
  // A call that waits is no error: a model that is told of an error tries again.
  const status = decision.route === 'proposal' || decision.route === 'queue' ? 'success' : 'error'
  const additional_kwargs = { preceptor: decision }
  return new ToolMessage({ content, status, name: call.name, tool_call_id: call.id ?? '', additional_kwargs })
}

/** Says the same to code; `withholdingOf` knows the error again. */
export function withheldError(withholding: Withholding): GovernanceError {
  const { code, text: message, decision } = withholding
  const error = new GovernanceError(code, { message, details: { ...(decision && { decision }) } })
  thrown.set(error, withholding)
  return error
}

/** The withholding behind an error of the gate, also where others wrapped it; undefined for every other error. */
export function withholdingOf(error: unknown, depth = 0): Withholding | undefined {
  if (!(error instanceof Error) || depth > 16) return undefined
  return thrown.get(error) ?? withholdingOf(error.cause, depth + 1)
}
