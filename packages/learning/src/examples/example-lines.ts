import { GovernanceError } from '@preceptor/client'
import { parseInput } from '@preceptor/core/plugin'
import { z } from 'zod'
import { AGENT_TYPE_FORM } from '../agent-type.ts'
import type { Example, ExampleImport } from '../client/feedback.ts'
import { LONGEST_TEXT, storedText, tags } from '../feedback/texts.ts'

/** Lines of one import; blank ones do not count. */
export const MOST_LINES = 10_000
/** Bytes of one line, as UTF-8. */
export const MOST_LINE_BYTES = 65_536

const line = z
  .strictObject({
    agentType: z.string().regex(AGENT_TYPE_FORM, 'must be a name of an agent type, such as "engineer"'),
    input: storedText(LONGEST_TEXT),
    correction: storedText(LONGEST_TEXT),
    output: z.nullable(storedText(LONGEST_TEXT, { least: 0 })).default(null),
    tags: tags.default([]),
  })
  .refine(({ output, correction }) => output !== correction, {
    path: ['correction'],
    message: 'is what was answered: it corrects nothing',
  })

/** What a line of an import says. */
export type ExampleLine = Pick<Example, 'agentType' | 'input' | 'correction' | 'output' | 'tags'>

/** A line that holds an example, or why it does not; lines are numbered from 1. */
export type ParsedLine =
  | { readonly line: number; readonly example: ExampleLine }
  | { readonly line: number; readonly refused: ExampleImport['refused'][number] }

/** Counts the lines that hold something, up to one more than there may be. */
export function countLines(text: string): number {
  let count = 0
  for (const { content } of linesOf(text)) {
    if (content.trim() !== '') count += 1
    if (count > MOST_LINES) break
  }
  return count
}

/** Parses a text line by line, as they are asked for; one that is wrong does not keep the others from being read. */
export function* parseLines(text: string): Generator<ParsedLine, void, undefined> {
  for (const { number, content } of linesOf(text)) {
    if (content.trim() === '') continue
    try {
      yield { line: number, example: parseLine(content) }
    } catch (error) {
      if (!GovernanceError.isInstance(error)) throw error
      yield { line: number, refused: { line: number, message: error.message } }
    }
  }
}

/** One example as a line, with its end; what is written can be imported. */
export function lineOf({ agentType, input, output, correction, tags: all }: ExampleLine): string {
  return `${JSON.stringify({ agentType, input, output, correction, tags: all })}\n`
}

/** Cuts one line after the other off a text, which is never held twice. */
function* linesOf(text: string): Generator<{ readonly number: number; readonly content: string }, void, undefined> {
  let number = 0
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from)
    const to = end === -1 ? text.length : end
    number += 1
    yield { number, content: text.slice(from, to) }
    from = to + 1
  }
}

function parseLine(content: string): ExampleLine {
  if (Buffer.byteLength(content) > MOST_LINE_BYTES) {
    throw new GovernanceError('BODY_TOO_LARGE', { message: `The line has more than ${MOST_LINE_BYTES} bytes.` })
  }
  return parseInput(line, parseJson(content), 'example')
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    // The message of the engine would show the text.
    throw new GovernanceError('INPUT_INVALID', { message: 'The line is not JSON.' })
  }
}
