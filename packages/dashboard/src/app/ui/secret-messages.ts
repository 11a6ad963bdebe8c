import { defineMessages } from '../text/messages.ts'

/** What the dialog says that shows a secret once. */
export const SECRET = defineMessages('secret', {
  once: 'This is the only time that it is shown. Keep it where your secrets are kept.',
  secret: 'Secret',
  copy: 'Copy the secret',
  kept: 'I have kept it',
  done: 'Done',
})
