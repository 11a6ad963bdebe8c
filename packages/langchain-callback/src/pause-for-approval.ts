import type { ToolCall } from '@langchain/core/messages'
import { interrupt, isGraphBubbleUp } from '@langchain/langgraph'
import { GovernanceError, type ProposalDecision } from '@preceptor/client'
import type { GovernanceOptions } from './options.ts'

type Mode = GovernanceOptions['mode']

/**
 * Pauses the graph where it can be paused. When it resumes, the store decides again: what it was resumed with counts
 * for nothing.
 */
export function pauseForApproval(mode: Mode, { reason, proposal }: ProposalDecision, call: ToolCall | undefined): void {
  if (mode === 'defer' || call === undefined) return
  const request = { tool_call_id: call.id, name: call.name, args: call.args, proposal_id: proposal.id }
  try {
    interrupt({ type: 'tool_approval', description: reason, ...request })
  } catch (error) {
    if (isGraphBubbleUp(error)) throw error
    if (mode === undefined) return
    const message = 'Option mode: "interrupt" needs a graph with a checkpointer and a configurable.thread_id.'
    throw new GovernanceError('OPTION_INVALID', { message, cause: error })
  }
}
