import { defineMessages } from '../text/messages.ts'

/** What charts say. */
export const CHARTS = defineMessages('charts', {
  time: 'Time',
  nothing: 'nothing',
  choose: 'Point at the chart, or go through it with the arrow keys.',
  number: 'Number',
  share: 'Share',
  part: 'Part',
})
