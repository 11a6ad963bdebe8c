import { defineMessages } from '../text/messages.ts'

/** What the pages of settings say. */
export const SETTINGS = defineMessages('settings', {
  title: 'Settings',
})
