import { defineMessages } from '../text/messages.ts'

/** What the section of actions says. */
export const ACTIONS = defineMessages('actions', {
  title: 'Actions',
  intro: 'What agents can attempt, as code registered it. Whatever is not in this list is denied.',
  caption: 'Registered actions',
  name: 'Action',
  risk: 'Risk',
  capability: 'Capability',
  ceiling: 'Counts up to',
  idempotent: 'Repeatable',
  yes: 'yes',
  no: 'no',
  anyObject: 'takes any object',
  digest: 'Digest',
  registered: 'Registered',
  show: 'Schema and digest',
  empty: 'No action is registered.',
  emptyWhy: 'Whatever an agent attempts is denied until your code registers it:',
})
