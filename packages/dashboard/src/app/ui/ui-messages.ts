import { defineMessages } from '../text/messages.ts'

/** What controls say that are on many pages. */
export const UI = defineMessages('ui', {
  more: 'Show more',
  reading: 'Reading…',
  back: 'Back',
  sending: 'Sending…',
  reason: 'Reason',
  required: '(required)',
  chart: 'Chart',
  table: 'Table',
  asTable: 'Show as',
  copied: 'Copied',
  noData: 'Nothing was recorded in this range.',
  notInstalled: 'This host has no such pages yet.',
})
