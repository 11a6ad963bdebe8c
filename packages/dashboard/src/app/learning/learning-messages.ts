import { defineMessages } from '../text/messages.ts'

/** What the pages of learning say. */
export const LEARNING = defineMessages('learning', {
  title: 'Learning',
})
