import { defineMessages } from '../text/messages.ts'

/** What the section of one's own preferences says. */
export const ME = defineMessages('me', {
  title: 'My preferences',
  intro: 'For this browser. Nothing of it is sent anywhere.',
  look: 'Look',
  theme: 'Theme',
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
  language: 'Language',
  languageHint: 'The two of “en-x” are for those who translate: whatever stays plain in them cannot be translated yet.',
  keyboard: 'Keyboard',
  keys: 'Single keys act',
  keysHint: 'Turned off, only combinations such as {mod} Enter act. No single key ever approves.',
  notices: 'Notifications of the browser',
  noticesHint:
    'When a proposal arrives or an alert is raised while this tab is in the background. They say what kind, never the arguments.',
  noticesOn: 'Notify me',
  noticesDenied: 'The browser does not let this page notify. Its settings for this site can change that.',
  noticesNone: 'This browser cannot notify.',
  who: 'Who I am here',
  signedInAs: 'Signed in as',
  workspace: 'Workspace',
  roles: 'Roles',
})
