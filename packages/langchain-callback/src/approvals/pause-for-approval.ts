import { interrupt, isGraphBubbleUp } from '@langchain/langgraph'
import { GovernanceError } from '@preceptor/client'
import type { GovernanceOptions } from '../options.ts'
import type { ApprovalRequest } from './approval-request.ts'

/**
 * Pauses the graph where it can be paused, once more where it was resumed and nothing has been decided. What it was
 * resumed with counts for nothing here.
 */
export function pauseForApproval(mode: GovernanceOptions['mode'], request: ApprovalRequest): void {
  try {
    for (;;) interrupt(request)
  } catch (error) {
    if (isGraphBubbleUp(error)) throw error
    if (mode === undefined) return
    const message = 'Option mode: "interrupt" needs a graph with a checkpointer and a configurable.thread_id.'
    throw new GovernanceError('OPTION_INVALID', { message, cause: error })
  }
}

/**
 * Takes the answers that the requests for approval were given out of the way, so that a tool which pauses the graph
 * itself gets its own.
 */
export function passAnswers(count: number): void {
  try {
    for (let passed = 0; passed < count; passed += 1) interrupt(null)
  } catch (error) {
    // A call beside this one, in the same task of the graph, has taken them.
    if (!isGraphBubbleUp(error)) throw error
  }
}
