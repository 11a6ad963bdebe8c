import { defineMessages } from '../text/messages.ts'

/** What the pages of the journal say. */
export const AUDIT = defineMessages('audit', {
  title: 'Audit',
})
