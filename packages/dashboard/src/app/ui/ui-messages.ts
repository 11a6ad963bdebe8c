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
  copied: 'Copied',
  copiedSaid: 'Copied.',
  copyRefused: 'The browser does not let this page copy.',
  riskIs: 'Risk:',
  isExpired: 'expired',
  timeLeft: '{time} left',
  minutesLeft: '{minutes, plural, one {# minute} other {# minutes}} left to decide.',
  justNow: 'just now',
  timeAgo: '{time} ago',
  noData: 'Nothing was recorded in this range.',
  notInstalled: 'This host has no such pages yet.',
})
