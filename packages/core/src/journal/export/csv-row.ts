import type { ListedRow } from '../store.ts'

const COLUMNS = ['sequence', 'recordedAt', 'kind', 'subjectId', 'agent', 'id', 'hash', 'body'] as const

/** The first line of a CSV export, with its end. */
export const CSV_HEADINGS: string = `${COLUMNS.join(',')}\r\n`

// What a spreadsheet takes for the beginning of a formula, in full width too, whatever blanks, marks and quotes stand
// before it; and the mark that says so, which could not be told from one that was there before.
const FORMULA =
  /^(?:'|[\s\p{C}\p{M}"'`\u2018-\u201f\uff02\uff07]*[\t\r\n=+\-@|%\uff1d\uff0b\uff0d\uff20\uff5c\uff05\ufe62\ufe63\ufe66\ufe6b\u2212])/u

/**
 * One row of the journal as a line of CSV (RFC 4180). A cell that a spreadsheet could take for a formula, or that begins
 * with an apostrophe, gets an apostrophe in front; nothing else is changed, so that taking the first apostrophe of a cell
 * away gives what was there.
 */
export function csvRow(row: ListedRow): string {
  const { sequence, recordedAt, kind, subject, agent, id, hash, body } = row
  const texts = [recordedAt, kind, subject, agent ?? '', id, hash ?? '', body]
  return `${sequence},${texts.map(csvCell).join(',')}\r\n`
}

/** A text as a cell, in quotes. */
function csvCell(text: string): string {
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
}
