import { defineMessages } from '../../text/messages.ts'

/** What the switch of availability says. */
export const AVAILABILITY = defineMessages('availability', {
  online: 'Online',
  away: 'Away',
  offline: 'Offline',
  label: 'Availability: {state}',
  title: 'Your availability',
  note: 'Runs that have to be watched are offered to who is online. What you do on this page makes you online; after 5 minutes without it you are away, after 15 offline.',
  which: 'Be',
  auto: 'By what I do',
  until: 'For how long',
  hour: '1 h',
  hours: '{count} h',
  open: 'Until I change it',
  save: 'Set',
  set: 'You are {state} until you change it.',
  setUntil: 'You are {state} until {time}.',
  cleared: 'Your activity says again whether you are there.',
  byHand: 'Set by hand',
  byHandUntil: 'Set by hand until {time}',
})
