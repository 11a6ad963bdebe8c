import { defineMessages } from '../text/messages.ts'

/** What the pages of analytics say. */
export const ANALYTICS = defineMessages('analytics', {
  title: 'Analytics',
})
