import { defineMessages } from '../../text/messages.ts'

/** What the log of a session says. */
export const LOG = defineMessages('log', {
  title: 'Log',
  lines: '{shown, plural, one {# line} other {# lines}}',
  someLines: '{shown, number} of {all, plural, one {# line} other {# lines}}',
  level: 'Level',
  all: 'All',
  debug: 'Debug',
  info: 'Info',
  warn: 'Warn',
  error: 'Error',
  progress: 'progress',
  output: 'output',
  outputLine: '{length, plural, one {# character} other {# characters}}, shown under Output',
  filter: 'Filter',
  filterHint: 'Text, or /regex/',
  notRegex: 'This is no regular expression.',
  follow: 'Follow',
  pause: 'Pause the log',
  goOn: 'Show {count, plural, =0 {the log as it comes} one {# new line} other {# new lines}}',
  toEnd: 'To the end',
  nothing: 'The run has said nothing yet.',
  nothingFits: 'No line fits the filter.',
  notAllowed: 'What a run says is for those who supervise.',
  news: '{lines, plural, one {# new line} other {# new lines}}{warnings, plural, =0 {} one {, # warning} other {, # warnings}}{errors, plural, =0 {} one {, # error} other {, # errors}}',
})
