import { defineMessages } from '../text/messages.ts'

/** What the pages of training say. */
export const TRAINING = defineMessages('training', {
  title: 'Training',
})
