import { GovernanceError } from '@preceptor/client'
import type { ExampleImport } from './feedback.ts'

// A body of 256 kB is taken; a text may take twice its room in it.
const MOST_BYTES = 240_000
const MOST_LINES = 10_000
const MOST_REFUSED = 100

/**
 * Sends a text of lines in parts that a request can hold, one after the other, and puts the answers together. What was
 * added stays when a later part fails: the same import can be repeated.
 *
 * @throws GovernanceError `INPUT_INVALID` for more than 10,000 lines, or what the server answers.
 */
export async function importInParts(
  lines: string,
  send: (part: string) => Promise<ExampleImport>,
): Promise<ExampleImport> {
  if (lines.split('\n').filter((line) => line.trim() !== '').length > MOST_LINES) {
    throw new GovernanceError('INPUT_INVALID', { message: `lines: at most ${MOST_LINES} are imported at once.` })
  }
  let added = 0
  let duplicates = 0
  const refused: ExampleImport['refused'][number][] = []
  for (const { text, before } of partsOf(lines)) {
    const answer = await send(text)
    added += answer.added
    duplicates += answer.duplicates
    refused.push(...answer.refused.map(({ line, message }) => ({ line: line + before, message })))
  }
  return { added, duplicates, refused: refused.slice(0, MOST_REFUSED) }
}

/** The parts, each with how many lines stand before it. */
function* partsOf(lines: string): Generator<{ readonly text: string; readonly before: number }, void, undefined> {
  let part: string[] = []
  let bytes = 0
  let before = 0
  for (const line of lines.split('\n')) {
    const size = sizeOf(line)
    if (bytes + size > MOST_BYTES && part.length > 0) {
      yield { text: part.join('\n'), before }
      before += part.length
      part = []
      bytes = 0
    }
    part.push(line)
    bytes += size
  }
  yield { text: part.join('\n'), before }
}

/** Bytes of a line within the JSON of a body. */
function sizeOf(line: string): number {
  return new TextEncoder().encode(JSON.stringify(line)).length
}
