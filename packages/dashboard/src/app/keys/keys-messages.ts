import { defineMessages } from '../text/messages.ts'

/** What the map of the keyboard says. */
export const KEYS = defineMessages('keys', {
  title: 'Keyboard',
  noSingleKey: 'No single key ever approves.',
  singleKeysAct: 'Single keys act',
  close: 'Close',
  either: '{first} or {second}',
  sequence: '{first} then {second}',
  next: 'Next proposal',
  previous: 'Previous proposal',
  open: 'Open the selected proposal',
  approve: 'Approve, then confirm',
  edit: 'Edit the arguments',
  reject: 'Reject',
  answer: 'Answer instead of the action',
  snooze: 'Snooze',
  assign: 'Assign',
  comment: 'Comment',
  views: 'Preview, JSON, changes',
  copyLink: 'Copy the link',
  inbox: 'Inbox',
  filter: 'Filter',
  sheet: 'This sheet',
  back: 'Back',
})
