import type { PlaybookExample, PlaybookVersion } from '@preceptor/client'
import type { Example } from '../client/feedback.ts'

// A playbook is read before every answer: what is in it is paid for each time.
const MOST_EXAMPLES = 40
const MOST_CHARACTERS = 60_000
const LONGEST_INSTRUCTIONS = 16_000

/**
 * The examples of the next version: what was corrected lately, most frequent first, then those of the version before, one
 * for each input, as many as fit.
 */
export function composeExamples(
  fresh: readonly Example[],
  before: readonly PlaybookExample[],
): readonly PlaybookExample[] {
  const byInput = new Map<string, PlaybookExample>()
  const taught = fresh.map(({ input, correction, id }) => ({ input, output: correction, source: id }))
  // The newest correction of a question is the one that holds.
  for (const example of [...taught, ...before]) if (!byInput.has(example.input)) byInput.set(example.input, example)
  const chosen: PlaybookExample[] = []
  let characters = 0
  for (const example of byInput.values()) {
    characters += example.input.length + example.output.length
    if (chosen.length === MOST_EXAMPLES || characters > MOST_CHARACTERS) break
    chosen.push(example)
  }
  return chosen
}

/**
 * The instructions without a chat model: those of the version before, and a line for each matter that was corrected.
 */
export function instructionsByRule(
  agentType: string,
  { fresh, before }: { readonly fresh: readonly Example[]; readonly before: PlaybookVersion | null },
): string {
  const counted = new Map<string, number>()
  for (const { tags } of fresh) for (const tag of tags) counted.set(tag, (counted.get(tag) ?? 0) + 1)
  const matters = [...counted].sort(([left, one], [right, other]) => other - one || (left < right ? -1 : 1))
  const known = before?.instructions ?? `People corrected answers of ${agentType} agents. Answer as the examples do.`
  const lines = matters
    .map(([tag, times]) => `- Take care with ${tag}: corrected ${times === 1 ? 'once' : `${times} times`}.`)
    .filter((line) => !known.includes(line))
  return [known, ...lines].join('\n').slice(0, LONGEST_INSTRUCTIONS)
}
