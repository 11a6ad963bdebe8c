import { defineMessages } from '../text/messages.ts'

/** What the bar of the decision says. */
export const BAR = defineMessages('bar', {
  title: 'Decision',
  approve: 'Approve',
  edit: 'Edit',
  reject: 'Reject',
  respond: 'Answer',
  resolve: 'Say how it ended',
  snooze: 'Snooze',
  cancel: 'Withdraw',
})
