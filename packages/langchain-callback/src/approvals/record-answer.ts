import { GovernanceError, type Identity, type Principal, type ProposalOperations } from '@preceptor/client'
import type { AgentRuntime } from '../agent-runtime.ts'
import type { Gate } from '../gate.ts'
import type { AnswerProblem, ApprovalRequest } from './approval-request.ts'
import { allowedDecisions, interruptOnOf } from './interrupt-on.ts'
import { proposalsOf } from './proposals-of.ts'
import type { Resumption } from './resumption.ts'
import { type ReviewerAnswer, reviewerAnswer } from './reviewer-answer.ts'

/**
 * Records what a verified person answered as the decision of that person, on the version that was shown. Whether it
 * counts is for the store to say: the same checks as everywhere else hold. Gives why it was refused; whoever answered
 * must be told that before anything runs.
 */
export async function recordAnswer(
  gate: Gate,
  runtime: AgentRuntime,
  resumption: Resumption,
): Promise<AnswerProblem | undefined> {
  const { reviewerFromResume } = gate.options
  const { shown, answer } = resumption
  if (reviewerFromResume === undefined || shown === undefined || answer === undefined) return undefined
  try {
    const reviewer = await reviewerFromResume(runtime)
    if (reviewer === undefined) return undefined
    const decision = readAnswer(gate, resumption, shown)
    await decide(proposalsAs(gate, reviewer), shown, decision).catch((error: unknown) => {
      // Somebody else was faster: what was decided stands, and may be just this.
      if (decision.type !== 'approve' || !isDecided(error)) throw error
    })
    return undefined
  } catch (error) {
    const { code, message } = GovernanceError.isInstance(error) ? error : new GovernanceError('INTERNAL')
    return { code, message }
  }
}

const isDecided = (error: unknown): boolean => GovernanceError.isInstance(error) && error.code === 'PROPOSAL_DECIDED'

function readAnswer(gate: Gate, { answer, isUnaddressed }: Resumption, { name }: ApprovalRequest): ReviewerAnswer {
  if (isUnaddressed) throw refusal('Answer by the id of the interrupt: resume with { [id]: answer }.')
  const decision = reviewerAnswer(answer)
  if (decision === undefined) throw refusal('The answer is no decision to approve, edit, reject or respond.')
  const allowed = allowedDecisions(interruptOnOf(gate.options.interruptOn, name))
  if (!allowed.includes(decision.type)) throw refusal(`To ${decision.type} is not among ${allowed.join(', ')} here.`)
  if (decision.type === 'edit' && decision.tool !== name) {
    throw refusal(`The call is one of "${name}": an edit changes its args and not the tool.`)
  }
  return decision
}

function decide(proposals: ProposalOperations, shown: ApprovalRequest, decision: ReviewerAnswer): Promise<unknown> {
  const { id, version, actionHash } = shown.proposal
  const reviewed = { version, actionHash }
  switch (decision.type) {
    case 'approve':
      return proposals.approve(id, reviewed)
    case 'edit':
      return proposals.approve(id, { ...reviewed, args: decision.args })
    case 'reject':
      return proposals.reject(id, { ...reviewed, category: decision.category, reason: decision.reason })
    case 'respond':
      return proposals.respond(id, { ...reviewed, response: decision.response })
    default:
      return decision satisfies never
  }
}

function proposalsAs({ governor, options }: Gate, reviewer: Principal | Identity): ProposalOperations {
  const { workspace = 'default' } = options
  const identity = 'principal' in reviewer ? reviewer : { workspace, principal: reviewer }
  if (identity.workspace !== workspace) throw new GovernanceError('PERMISSION_DENIED')
  const proposals = proposalsOf(governor.as(identity, 'langchain'))
  if (proposals !== undefined) return proposals
  const message = 'Option reviewerFromResume needs a governor with proposals: createGovernor or connectGovernor.'
  throw new GovernanceError('OPTION_INVALID', { message })
}

function refusal(message: string): GovernanceError {
  return new GovernanceError('INPUT_INVALID', { message, hint: 'Answer again.' })
}
