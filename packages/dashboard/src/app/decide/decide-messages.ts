import type { Proposal } from '@preceptor/client'
import { defineMessages } from '../text/messages.ts'

/** What the forms of a decision say. */
export const DECIDE = defineMessages('decide', {
  approveTitle: 'Approve this action',
  approveEditedTitle: 'Approve it with your changes',
  approve: 'Approve',
  runsOnce: '<b>{summary}</b> runs once, with exactly these arguments. <tag>this call only</tag>',
  countsAsOne:
    '<b>{summary}</b> counts as one of {count, plural, one {# approval} other {# approvals}} that it still needs. <tag>this call only</tag>',
  actionHash: 'Action hash {hash}',
  reason: 'Reason',
  typeAction: 'Type {action} to approve',
  toApprove: 'To approve: {missing}.',
  readToEnd: 'read the arguments to their end',
  giveReason: 'give a reason',
  typeName: 'type the name of the action',
  approvedSaid: 'Approved.',
  approvalCounts: 'Your approval counts: {given} of {required}.',
  assignTitle: 'Assign this proposal',
  assign: 'Assign',
  whoDecides: 'Who decides',
  everybody: 'Everybody who may',
  assignedSaid: 'Assigned to {who}.',
  leftToEverybody: 'It is left to everybody who may decide.',
  cancelTitle: 'Withdraw this proposal',
  cancel: 'Withdraw',
  cancelHint: 'It ends without a verdict on the agent. To say that it was wrong, reject it.',
  cancelledSaid: 'Withdrawn. It will not run.',
  extendTitle: 'Give more time',
  extend: 'Extend',
  extendHint: 'It then expires {time}. That makes a new version: approvals given so far count no more.',
  byHowMuch: 'By how much',
  oneDay: '1 day',
  extendedSaid: 'There is time until {time}.',
  rejectTitle: 'Reject this action',
  reject: 'Reject',
  whatIsWrong: 'What is wrong with it',
  reasonForAgent: 'Reason, which the agent reads',
  rejectedSaid: 'Rejected. It will not run.',
  resolveTitle: 'Say how the run ended',
  resolve: 'Record it',
  tookEffect: 'It took effect',
  tookNoEffect: 'It did not take effect',
  foundOut: 'What you found out',
  howYouKnow: 'How you know',
  resolvedSaid: 'Recorded how it ended.',
  respondTitle: 'Answer instead of the action',
  respond: 'Send the answer',
  respondHint: 'The agent gets your answer as the result. The action never runs.',
  answer: 'Answer',
  answerIsJson: 'The answer is JSON',
  notJson: 'This is not JSON.',
  respondedSaid: 'Answered. The action will not run.',
  snoozeTitle: 'Snooze this proposal',
  snooze: 'Snooze',
  snoozeHint: 'Escalation waits for that long. The proposal still expires {time}.',
  forHowLong: 'For how long',
  snoozedSaid: 'Snoozed. It expires when it would have.',
})

// Who decided and when are there or not: `people` is how many, `isDated` is yes or no.
const WHO_AND_WHEN = '{people, plural, =0 {} other { by {who}}}{isDated, select, yes {, {when}} other {}}'

/** What stands in the place of the buttons once a proposal is decided, or cannot be. */
export const OUTCOME = defineMessages('outcome', {
  outOfReach: 'The server is out of reach: nothing can be decided now.',
  didNotCount: 'Your decision did not count: {problem}',
  next: 'Next proposal →',
  cannotDecide: 'You cannot decide on it.',
  approvalsThere: '{reason} {given} of {required} approvals are there.',
  runnable: `Approved${WHO_AND_WHEN}. It may run from {from} on.`,
  expired: 'Expired {time}. It does not run.',
})

/** How it ended, or how far it is. */
export const OUTCOMES = defineMessages<Exclude<Proposal['state'], 'pending' | 'expired'>>('outcomes', {
  approved: `Approved${WHO_AND_WHEN}. It has not begun to run.`,
  executing: `Approved${WHO_AND_WHEN}. It runs now.`,
  succeeded: `Approved${WHO_AND_WHEN}. It ran and succeeded.`,
  failed: `Approved${WHO_AND_WHEN}. It ran and failed.`,
  outcome_unknown: `Approved${WHO_AND_WHEN}. It began to run and never reported: whether it took effect is unknown.`,
  rejected: `Rejected${WHO_AND_WHEN}. It does not run.`,
  responded: `Answered${WHO_AND_WHEN}. It does not run.`,
  cancelled: `Withdrawn${WHO_AND_WHEN}. It does not run.`,
})
