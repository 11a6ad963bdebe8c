import {
  type Assessment,
  type Decision,
  ERROR_CODES,
  type Proposal,
  type QueueEntry,
  type SupervisionSession,
  type TrainingProposal,
} from '@preceptor/client'

/** The longest that `get_proposal` waits: clients end calls after a minute. */
export const LONGEST_WAIT_SECONDS = 25

/** What the model must do about a decision. */
export function afterDecision(decision: Decision): string {
  switch (decision.route) {
    case 'execution':
      return `Run ${decision.action} now, once, with exactly the args of this answer. ${afterRun(decision)}`
    case 'supervision':
      return `Run ${decision.action} now, once, with exactly the args of this answer, while a supervisor watches session ${decision.session.id}: before each further step of a long run call get_supervision_session, and go on only while it is running. ${afterRun(decision)}`
    case 'proposal':
      return `Do not run it. It waits for approval as proposal ${decision.proposal.id}: call get_proposal with waitSeconds ${LONGEST_WAIT_SECONDS}, or go on with other work. Once it is approved, call request_action again with the same args and the idempotencyKey of this answer.`
    case 'queue':
      return `Do not run it and do not retry: nobody can watch it now. It waits as queue entry ${decision.queueEntry.id}; get_queue_entry tells what became of it.`
    case 'training':
      return `Do not run it and do not retry: training was proposed as ${decision.trainingProposal.id}, and a person decides on it. Go on with other work.`
    case 'denied':
      return `Do not run it. ${ERROR_CODES[decision.code].advice}`
    default:
      return decision satisfies never
  }
}

function afterRun({ id, risk }: Decision): string {
  return risk === 'safe'
    ? 'It needs no report.'
    : `Then call report_outcome with decisionId ${id} and how it ended, also when it failed.`
}

/** What the model may expect of an action that it has not requested yet. */
export function afterCheck({ route, code }: Assessment): string {
  const advice = code === null ? '' : ` ${ERROR_CODES[code].advice}`
  if (route === 'denied') return `It would be denied.${advice}`
  return `Nothing was requested and nothing may run yet: request_action would take the route ${route}.`
}

/** What the model must do about a proposal. */
export function afterProposal({ id, state }: Proposal): string {
  switch (state) {
    case 'pending':
      return `Nobody has decided yet: do not run it. Call get_proposal for ${id} again with waitSeconds ${LONGEST_WAIT_SECONDS}, or go on with other work.`
    case 'approved':
      return 'It is approved: call request_action again with exactly the args of this answer and the idempotencyKey of the first request. Do not run it before that says so.'
    case 'executing':
      return 'It is being executed: do not run it a second time.'
    case 'succeeded':
    case 'failed':
    case 'outcome_unknown':
      return 'It was executed: do not run it a second time.'
    case 'responded':
      return 'A reviewer answered in the place of the action: use the response of the proposal as its result, and do not run it.'
    case 'rejected':
    case 'expired':
    case 'cancelled':
      return 'It is over and will not run: do not run it, and do not ask for the same again.'
    default:
      return state satisfies never
  }
}

/** What the model must do about a queue entry. */
export function afterQueueEntry({ state }: QueueEntry): string {
  return state === 'pending'
    ? 'It waits for a supervisor: do not run it and do not request it again.'
    : `It is ${state}: do not run it.`
}

/** What the model must do about a session. */
export function afterSession({ state }: SupervisionSession): string {
  if (state === 'running') return 'It is watched: a run that was allowed under it may go on.'
  return state === 'completed' || state === 'terminated' || state === 'failed'
    ? 'It is over: run no further step.'
    : 'Run no step until it is running.'
}

/** What the model must do about training. */
export function afterTraining(items: readonly TrainingProposal[]): string {
  return items.length === 0
    ? 'No training is proposed.'
    : 'A person decides on training; until then do not retry what was blocked.'
}
