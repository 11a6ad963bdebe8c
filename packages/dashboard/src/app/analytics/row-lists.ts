import type { AnalyticsRange } from '@preceptor/client'

/** A list of the dashboard, narrowed to the rows that a number counts. */
export interface RowList {
  readonly to: string
  readonly search: Readonly<Record<string, string>>
}

/** Only what the agent did that analytics are narrowed to. */
export function ofAgent(agent: string | undefined): Readonly<Record<string, string>> {
  return agent === undefined ? {} : { agent }
}

interface JournalRows {
  readonly range: Pick<AnalyticsRange, 'from'>
  readonly agent: string | undefined
  readonly kind?: string
  readonly actor?: string
}

/** The rows of the journal from the day on that a range begins, as the reader counts days. */
export function journalRows({ range, agent, kind, actor }: JournalRows): RowList {
  return {
    to: '/audit',
    search: {
      ...(kind === undefined ? {} : { kind }),
      ...(actor === undefined ? {} : { actor }),
      ...ofAgent(agent),
      from: dayOf(new Date(range.from)),
    },
  }
}

function dayOf(date: Date): string {
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()]
  return parts.map((part) => String(part).padStart(2, '0')).join('-')
}
