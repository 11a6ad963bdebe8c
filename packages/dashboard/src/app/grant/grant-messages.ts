import { defineMessages } from '../text/messages.ts'

/** What the form of a grant says. */
export const GRANT = defineMessages('grant', {
  title: 'Allow calls like this ahead of time',
  description:
    'Later attempts of <b>{action}</b> by <b>{agent}</b> that fit run without asking, at most {uses} times, until {until}. A change of the agent, of the action or of the policy ends it at once.',
  same: 'the same: {value}',
  atMost: 'at most',
  atLeast: 'at least',
  any: 'anything',
  bound: '{rule} for {name}',
  noArgs: 'The action has no arguments.',
  uses: 'How often',
  ends: 'Until',
  hour: '1 h',
  shift: '8 h',
  day: '1 day',
  week: '7 days',
  preview:
    'Of the last {of, plural, one {# attempt} other {# attempts}} of this action, {matched, plural, =0 {none fits} one {# fits} other {# fit}}.',
  previewWait: 'Looking which earlier attempts fit…',
  create: 'Allow',
  done: 'Allowed. It is in the list of grants, where it can be revoked.',
})
