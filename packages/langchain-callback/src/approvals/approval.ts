import type { ToolRunnableConfig } from '@langchain/core/tools'
import type { GuardCall, ProposalDecision, Scope, Trigger } from '@preceptor/client'
import type { Gate } from '../gate.ts'
import { approvalRequest, stillWaiting } from './approval-request.ts'
import { describe, interruptOnOf, isReviewed } from './interrupt-on.ts'
import { passAnswers, pauseForApproval } from './pause-for-approval.ts'
import { recordAnswer } from './record-answer.ts'
import { countAnswers, resumptionOf } from './resumption.ts'

/** The call that may need approval. */
export interface ApprovalCall {
  readonly gate: Gate
  readonly scope: Scope
  readonly config: ToolRunnableConfig & { readonly state?: unknown }
  readonly tool: string
  readonly idempotencyKey?: string
}

/** How one call is approved, from before its decision to its run. */
export interface Approval {
  /** People asked to see such calls. */
  readonly isReviewed: boolean
  /** What the trigger says for reviewers. */
  readonly stated: Pick<Trigger, 'context'>
  /** Leaves the tool that runs now with the answers to its own interrupts. */
  passAnswers(call: GuardCall): void
  /** Pauses the graph, where it can be paused. */
  pause(decision: ProposalDecision): Promise<void>
}

/**
 * Looks at what a call was resumed with, before the store is asked.
 *
 * @throws GraphInterrupt where the answer was refused: the graph pauses again and says why.
 */
export async function beginApproval(call: ApprovalCall): Promise<Approval> {
  const { gate, scope, config, tool, idempotencyKey: attempt } = call
  const { mode, interruptOn } = gate.options
  const { toolCall } = config
  const reviewed = interruptOnOf(interruptOn, tool)
  const { given, used } = countAnswers(config)
  await hearAnswer(call)
  const description = toolCall && (await describe(reviewed, toolCall, config))
  return {
    isReviewed: await isReviewed(reviewed, toolCall, config),
    stated: contextOf(config, description),
    passAnswers(guarded) {
      const { decision } = guarded
      // For an approval that another attempt asked for, nothing was paused here.
      const isOwn = 'approval' in decision && guarded.idempotencyKey === attempt
      // Each pause of the tool itself gave its attempt back.
      if (isOwn && mode !== 'defer') passAnswers(given - (guarded.attempt - 1))
    },
    async pause(decision) {
      if (mode === 'defer' || toolCall === undefined) return
      const parts = { scope, decision, toolCall, description, config: reviewed, attempt, answers: used }
      pauseForApproval(mode, await approvalRequest(parts))
    },
  }
}

async function hearAnswer({ gate, scope, config, idempotencyKey: attempt }: ApprovalCall): Promise<void> {
  const { mode, reviewerFromResume } = gate.options
  if (reviewerFromResume === undefined || attempt === undefined || mode === 'defer') return
  const resumption = await resumptionOf(config, attempt)
  const problem = await recordAnswer(gate, config, resumption)
  const { shown } = resumption
  const request = problem && shown && (await stillWaiting(scope, shown))
  if (request) pauseForApproval(mode, { ...request, answers: countAnswers(config).used, problem })
}

/** What reviewers see beside the args: what the host says of the call, and where the call waits. */
function contextOf(
  { configurable }: ApprovalCall['config'],
  description: string | undefined,
): Pick<Trigger, 'context'> {
  const thread: unknown = configurable?.thread_id
  const context = { ...(description && { description }), ...(typeof thread === 'string' && { thread }) }
  return Object.keys(context).length > 0 ? { context } : {}
}
