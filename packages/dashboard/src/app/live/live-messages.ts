import { defineMessages } from '../text/messages.ts'

/** What the pages of supervision say. */
export const LIVE = defineMessages('live', {
  title: 'Live',
})
