import type { JournalEntry } from '@preceptor/client'

const COLUMNS = ['sequence', 'recordedAt', 'kind', 'subjectId', 'agent', 'id', 'hash', 'body'] as const

/** The first line of an export. */
export const CSV_HEADINGS: string = COLUMNS.join(',')

// What a spreadsheet takes for a formula; blanks before it are passed over there.
const FORMULA = /^\s*[=+\-@|\t\r]/

/** One row of the journal as a line (RFC 4180), in which nothing is a formula. */
export function csvRow(entry: JournalEntry): string {
  return COLUMNS.map((column) => {
    const value = entry[column]
    if (typeof value === 'number') return String(value)
    return cell(typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value))
  }).join(',')
}

function cell(text: string): string {
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
}
