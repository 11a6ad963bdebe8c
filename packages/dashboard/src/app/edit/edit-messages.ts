import { defineMessages } from '../text/messages.ts'

/** What the form of the arguments says. */
export const EDIT = defineMessages('edit', {
  title: 'Edit the arguments',
  review: 'Review the changes',
  hint: 'Your changes make a new version, and the agent is told of them.',
  asJson: 'Arguments as JSON',
  editAsJson: 'Edit as JSON',
  notAnObject: 'This is no JSON object.',
  notGiven: 'not given',
  isRequired: 'It is required.',
  notJson: 'This is not JSON.',
  notANumber: 'This is not a number.',
  notWhole: 'This is not a whole number.',
})
