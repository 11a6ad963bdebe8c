import { defineMessages } from '../text/messages.ts'

/** What the pages of workflows say. */
export const WORKFLOWS = defineMessages('workflows', {
  title: 'Workflows',
})
