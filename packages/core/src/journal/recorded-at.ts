/**
 * The time of a journal row as the chain holds it. Rows are written in milliseconds: a row with more digits was
 * changed, and keeps them here, so that its hash does not fit any more.
 */
export function isoOfMicroseconds(text: string): string {
  return text.endsWith('000Z') ? `${text.slice(0, -4)}Z` : text
}
