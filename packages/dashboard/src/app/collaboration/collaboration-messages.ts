import { defineMessages } from '../text/messages.ts'

/** What the pages of collaboration say. */
export const COLLABORATION = defineMessages('collaboration', {
  title: 'Collaboration',
})
