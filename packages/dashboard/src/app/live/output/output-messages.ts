import { defineMessages } from '../../text/messages.ts'

/** What the preview of outputs says. */
export const OUTPUT = defineMessages('output', {
  title: 'Output',
  view: 'Show as',
  json: 'JSON',
  text: 'Text',
  table: 'Table',
  chart: 'Chart',
  which: 'Which output',
  one: 'Output {number}',
  newest: 'Newest ({number})',
  column: 'Column',
  nothing: 'The run has put out nothing yet.',
  rows: '{count, plural, one {# row} other {# rows}}',
  copy: 'Copy',
  chartTitle: '{column} by row',
  row: 'Row',
  range: 'From {least} to {most}, in {count, plural, one {# row} other {# rows}}.',
  point: '{label}: {value}',
  tooMany: 'The first {count, number} rows are drawn; the table has all of them.',
})
