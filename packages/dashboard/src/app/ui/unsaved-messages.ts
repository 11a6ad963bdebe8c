import { defineMessages } from '../text/messages.ts'

/** What is asked before edits are lost. */
export const UNSAVED = defineMessages('unsaved', {
  title: 'Leave without saving?',
  effect: 'What you changed here is not saved. It is lost when you leave.',
  leave: 'Leave',
  stay: 'Stay',
})
