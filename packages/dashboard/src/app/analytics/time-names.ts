import type { AnalyticsRange } from '@preceptor/client'
import { languageTag } from '../text/use-text.ts'

/** Names the buckets of a range: days by their date in UTC, as they were counted, hours by their time. */
export function bucketNames({ bucket }: Pick<AnalyticsRange, 'bucket'>): (at: string) => string {
  const format =
    bucket === 'hour'
      ? new Intl.DateTimeFormat(languageTag(), { hour: '2-digit', minute: '2-digit', timeZone: 'UTC', hour12: false })
      : new Intl.DateTimeFormat(languageTag(), { month: 'short', day: 'numeric', timeZone: 'UTC' })
  return (at) => format.format(new Date(at))
}
