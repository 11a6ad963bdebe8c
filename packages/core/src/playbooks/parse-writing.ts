import type { PlaybookExample, PlaybookWriting } from '@preceptor/client'
import { z } from 'zod'
import { parseInput } from '../access/parse-input.ts'
import { personText } from '../access/person-text.ts'
import { assertJsonObject } from '../kernel/json-guard.ts'

const LONGEST = 32_000
const MOST_LINES = 1_000
const MOST_EXAMPLES = 100
const MOST_CHARACTERS = 200_000
// Each of these characters may take so many bytes as JSON.
const MOST_BYTES = 6 * MOST_CHARACTERS

/** Name of a type of agents, as in `learning:{agentType}`. */
export const agentType: z.ZodType<string> = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/, 'lower case letters, digits, ".", "_" and "-", at most 64')

const version = z.int().min(1).max(1_000_000)

const example = z.strictObject({
  input: personText(LONGEST),
  output: personText(LONGEST),
  note: personText(1_000).exactOptional(),
  source: z.string().min(1).max(200).exactOptional(),
})

const writing = z
  .strictObject({
    agentType,
    name: personText(128).exactOptional(),
    instructions: personText(LONGEST).refine((text) => text.split('\n').length <= MOST_LINES, {
      message: `at most ${MOST_LINES} lines`,
    }),
    examples: z.array(example).max(MOST_EXAMPLES).default([]),
    note: personText(1_000).exactOptional(),
    parent: version.exactOptional(),
    basedOn: z.int().min(0).exactOptional(),
  })
  .refine(({ examples }) => new Set(examples.map(({ input }) => input)).size === examples.length, {
    path: ['examples'],
    message: 'two have the same input, of which one would be wrong',
  })
  .refine(({ instructions, examples }) => instructions.length + sizeOf(examples) <= MOST_CHARACTERS, {
    path: ['examples'],
    message: `with the instructions at most ${MOST_CHARACTERS} characters`,
  })

/** A version that can be written: its texts are without secrets that can be recognised. */
export type ParsedWriting = PlaybookWriting & { readonly examples: readonly PlaybookExample[] }

/** @throws GovernanceError `INPUT_INVALID` */
export function parseWriting(request: PlaybookWriting): ParsedWriting {
  // As JSON first: what the database cannot hold is no text of anybody.
  return parseInput(writing, assertJsonObject(request, { name: 'playbook', maxBytes: MOST_BYTES }), 'playbook')
}

function sizeOf(examples: readonly PlaybookExample[]): number {
  return examples.reduce((sum, { input, output, note = '' }) => sum + input.length + output.length + note.length, 0)
}
