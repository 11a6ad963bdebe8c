import { defineMessages } from '../text/messages.ts'

/** What the frame around the pages says. */
export const SHELL = defineMessages('shell', {
  skip: 'Skip to content',
  pages: 'Pages',
  menu: 'Menu',
  inbox: 'Inbox',
  live: 'Live',
  agents: 'Agents',
  training: 'Training',
  learning: 'Learning',
  workflows: 'Workflows',
  collaboration: 'Collaboration',
  analytics: 'Analytics',
  alerts: 'Alerts',
  audit: 'Audit',
  settings: 'Settings',
  streamOpen: 'live',
  streamClosed: 'connecting',
  theme: 'Theme: {theme, select, light {light} dark {dark} other {system}}',
  changeTheme: 'Theme: {theme, select, light {light} dark {dark} other {system}}. Change it',
  keyboard: 'Keyboard',
  search: 'Search or jump',
  workspace: 'Workspace {workspace}',
  signOut: 'Sign out',
  booting: 'One moment…',
  reconnecting: 'Reconnecting… showing data from {time}',
  unreachable: 'The server does not answer',
  triedAgain: 'It is tried again every two seconds.',
  tryNow: 'Try now',
  noPage: 'There is no such page',
  toInbox: 'To the inbox',
  openAlerts: '{count, plural, =0 {No open alert} one {# open alert} other {# open alerts}}',
  noticeProposal: 'A proposal waits for a decision.',
  noticeAlert: 'An alert was raised.',
  broken: 'This page could not be shown',
  reload: 'Reload',
})

/** What the sign-in says; `refused` to `unavailable` are what the address says of a sign-in by the provider. */
export const SIGN_IN = defineMessages('sign-in', {
  title: 'Sign in',
  hint: 'Your key decides what you see and what you may decide. It stays on this server.',
  key: 'API key',
  keyRefused: 'That key is unknown, expired or revoked.',
  signIn: 'Sign in',
  isBusy: 'Signing in…',
  noKey: 'No key? An administrator makes one: {command}',
  byProvider: 'Sign in with {provider}',
  refused: 'The sign-in was cancelled.',
  expired: 'That sign-in took too long, or began in another browser. Try again.',
  failed: 'The answer of the sign-in service could not be verified. Try again.',
  unknown: 'You are signed in there, but no member of this workspace. Ask an administrator to add you.',
  unavailable: 'The sign-in service does not answer now. Try again, or use an API key.',
})

/** What the search over pages, agents and ids says. */
export const PALETTE = defineMessages('palette', {
  title: 'Search or jump',
  label: 'A page, an agent, or an id',
  page: 'Page',
  agent: 'Agent',
  open: 'Open',
  nothing: 'Nothing is called that.',
  found: '{count, plural, =0 {Nothing found} one {# result} other {# results}}',
})
