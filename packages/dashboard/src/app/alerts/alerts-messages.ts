import { defineMessages } from '../text/messages.ts'

/** What the pages of alerts say. */
export const ALERTS = defineMessages('alerts', {
  title: 'Alerts',
})
